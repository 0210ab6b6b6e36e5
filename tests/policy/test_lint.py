"""Each code of the linter: a pack that earns it, and the included packs that do not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ventanilla.policy import Pack, available, load
from ventanilla.policy.lint import CODES, Severity, lint

AS_OF = date(2026, 11, 21)
Document = dict[str, Any]
Change = Callable[[Document], object]


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("as_of", [AS_OF, date(2030, 1, 1)])
def test_the_included_packs_have_no_errors_and_no_warnings(name: str, as_of: date) -> None:
    found = [each for each in lint(load(name), as_of=as_of) if each.code != "decided"]
    assert found == []


def test_our_decisions_are_listed_with_their_reason() -> None:
    found = lint(load("sion"), as_of=AS_OF)
    assert {each.severity for each in found} == {Severity.NOTE}
    hours = next(each for each in found if each.path == "calendars.standard")
    assert "9:00 a 18:00" in hours.message


def target(document: Document, category: int, commitment: int) -> Document:
    found: Document = document["categories"][category]["commitments"][commitment]["target"]
    return found


def _undecided(document: Document) -> None:
    target(document, 3, 1)["decided"] = ""


def _promise_nothing(document: Document) -> None:
    document["categories"][2]["commitments"] = []


def _opening_hours_for_billing(document: Document) -> None:
    target(document, 0, 1).update(amount=48, basis="business_hours")


def _assess_late(document: Document) -> None:
    target(document, 5, 0)["amount"] = 9


def _no_holidays(document: Document) -> None:
    document["calendars"]["standard"].update(
        country=None, holidays=[{"on": "2026-12-08", "name": "Este año"}]
    )


def _same_rules(document: Document) -> None:
    document["categories"][1]["match"] = document["categories"][0]["match"]


def _share_word(document: Document) -> None:
    document["categories"][1]["match"]["subject"].append("FACTURACIÓN")


def _twice(document: Document) -> None:
    document["priorities"].append(document["priorities"][0])


def _again(document: Document) -> None:
    reminders = document["categories"][0]["commitments"][1]["reminders"]
    reminders.append(copy.deepcopy(reminders[0]))


def _late_reminder(document: Document) -> None:
    document["categories"][0]["commitments"][1]["reminders"][0]["before"]["amount"] = 12


def _template(index: int, **changes: str) -> Change:
    return lambda document: document["templates"][index].update(changes)


def _field(category: int, place: int, **changes: object) -> Change:
    return lambda document: document["categories"][category]["fields"][place].update(changes)


def _guideline(index: int, **changes: object) -> Change:
    return lambda document: document["knowledge"]["reply_guidelines"][index].update(changes)


def _desk(index: int, **changes: object) -> Change:
    return lambda document: document["desks"][index].update(changes)


CASES: list[tuple[str, Change, str]] = [
    ("acknowledgement-incomplete", _template(0, text="Recibido, {nombre}: {folio}"),
     "templates[0].text"),
    ("ambiguous-basis", _undecided, "categories[3].commitments[1].target.basis"),
    ("assessment-late", _assess_late, "categories[5].commitments"),
    ("choices-missing", _field(0, 0, choices=["Una", "Una"]), "categories[0].fields[0].choices"),
    ("choices-unused", _field(0, 1, choices=["A", "B"]), "categories[0].fields[1].choices"),
    ("clause-without-rule", lambda d: d["clauses"][9].update(enforced_by=[]) or d.update(surveys=[]),
     "clauses[9]"),
    ("default-elsewhere", _desk(0, default_category="support_query"),
     "desks[0].default_category"),
    ("duplicate-address", _desk(1, addresses=["Clientes@generasoft.example"]),
     "desks[1].addresses[0]"),
    ("duplicate-key", _twice, "priorities"),
    ("empty-target", lambda d: target(d, 3, 1).update(amount=0),
     "categories[3].commitments[1].target.amount"),
    ("guideline-contradiction", _guideline(5, phrases=["BUEN DIA"]),
     "knowledge.reply_guidelines[5]"),
    ("guideline-only-shown", _guideline(3, severity="require"), "knowledge.reply_guidelines[3]"),
    ("guideline-phrases-unused", _guideline(1, phrases=["hola"]), "knowledge.reply_guidelines[1]"),
    ("guideline-without-phrases", _guideline(0, phrases=["¡!"]), "knowledge.reply_guidelines[0]"),
    ("holidays-next-year", _no_holidays, "calendars.standard"),
    ("missing-template", lambda d: d["templates"].pop(6), "templates"),
    ("no-response-promise", _promise_nothing, "categories[2].commitments"),
    ("on-call-is-desk", lambda d: d["emergency"].update(on_call=["soporte@generasoft.example"]),
     "emergency.on_call[0]"),
    ("priority-contradiction", _opening_hours_for_billing, "categories[0].commitments"),
    ("reminder-not-before-due", _late_reminder,
     "categories[0].commitments[1].reminders[0].before"),
    ("repeated-step", _again, "categories[0].commitments[1].reminders[1]"),
    ("same-customer-name",
     lambda d: d["categories"][2].update(customer_name="una FACTURA o un cobro."),
     "categories[2].customer_name"),
    ("same-rules", _same_rules, "categories[1].match"),
    ("shared-words", _share_word, "categories[1].match"),
    ("uncovered-desk", _desk(0, default_category=None), "desks[0].default_category"),
    ("unknown-placeholder", _template(6, text="{respuesta} {apodo}"), "templates[6].text"),
    ("unknown-reference", lambda d: d["categories"][0].update(priority="urgentisima"),
     "categories[0].priority"),
    ("unreachable-category", lambda d: d["categories"][1].pop("match"), "categories[1].match"),
    ("unused-template", lambda d: d["categories"][0].update(acknowledgement="ack_general_query"),
     "templates[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change", "path"), CASES, ids=[case[0] for case in CASES])
def test_each_code_is_earned_by_its_mistake_only(code: str, change: Change, path: str) -> None:
    document = copy.deepcopy(load("generasoft").to_document())
    assert code not in {each.code for each in lint(Pack.from_document(document), as_of=AS_OF)}
    change(document)
    found = lint(Pack.from_document(document), as_of=AS_OF)
    mine = [each for each in found if each.code == code]
    assert path in [each.path for each in mine]
    assert all(each.remedy and each.message for each in mine)
    assert mine[0].severity is CODES[code].severity


@pytest.mark.parametrize("changes", [{"key": "closing"}, {"clause": "G99"}])
def test_a_guideline_has_its_own_key_and_a_clause_of_the_pack(changes: dict[str, str]) -> None:
    document = copy.deepcopy(load("generasoft").to_document())
    _guideline(0, **changes)(document)
    assert [each.code for each in lint(Pack.from_document(document), as_of=AS_OF)
            if each.severity is Severity.ERROR]  # fmt: skip


def test_every_code_is_tried_here() -> None:
    assert {case[0] for case in CASES} | {"decided"} == set(CODES)


def test_every_code_and_placeholder_is_documented() -> None:
    from ventanilla.policy.template import PLACEHOLDERS

    text = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    assert [code for code in CODES if f"`{code}`" not in text] == []
    assert [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in text] == []
