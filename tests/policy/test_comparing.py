"""The difference of two policies: exact, by part, and nothing where nothing differs."""

from __future__ import annotations

from typing import Any

import pytest

from ventanilla.policy import packs
from ventanilla.policy.comparing import Change, Detail, Kind, compare
from ventanilla.policy.schema import Pack


@pytest.fixture
def document() -> dict[str, Any]:
    return packs.load("generasoft").to_document()


def changes(document: dict[str, Any]) -> tuple[Change, ...]:
    return compare(packs.load("generasoft"), Pack.from_document(document))


@pytest.mark.parametrize("key", packs.available())
def test_a_policy_does_not_differ_from_itself(key: str) -> None:
    pack = packs.load(key)
    assert compare(pack, Pack.from_document(pack.to_document())) == ()


def test_the_order_of_named_parts_is_no_difference(document: dict[str, Any]) -> None:
    document["templates"].reverse()
    document["categories"][0]["commitments"].reverse()
    assert changes(document) == ()


def test_a_target_is_told_as_a_term(document: dict[str, Any]) -> None:
    billing = next(each for each in document["categories"] if each["key"] == "billing_query")
    first = next(each for each in billing["commitments"] if each["key"] == "first_response")
    first["target"]["amount"] = 8
    (change,) = changes(document)
    assert (change.section, change.key, change.kind) == (
        "categories",
        "billing_query",
        Kind.CHANGED,
    )
    assert change.title == "Consulta de facturación"
    (detail,) = change.details
    assert detail.path == ("commitments", "first_response", "target", "term")
    assert (detail.before or "").startswith("12 horas")
    assert (detail.after or "").startswith("8 horas")


def test_parts_come_and_go_with_all_they_say(document: dict[str, Any]) -> None:
    gone = document["clauses"].pop()
    document["clauses"].append({"id": "Z9", "requirement": "Z9", "title": "Nueva", "text": "Algo."})
    found = {each.kind: each for each in changes(document)}
    assert found[Kind.REMOVED].key == gone["id"]
    assert Detail(("text",), gone["text"], None) in found[Kind.REMOVED].details
    assert (found[Kind.ADDED].key, found[Kind.ADDED].title) == ("Z9", "Nueva")
    assert Detail(("text",), None, "Algo.") in found[Kind.ADDED].details


def test_words_of_a_template_hours_and_general_facts(document: dict[str, Any]) -> None:
    document["templates"][0]["text"] += "\nGracias."
    document["calendars"]["standard"]["weekly"] = {"monday-friday": ["9:00-17:00"]}
    document["version"] = "2.0"
    found = {(each.section, each.details[0].path) for each in changes(document)}
    assert found == {
        ("general", ("version",)),
        ("calendars", ("weekly", "monday-friday")),
        ("templates", ("text",)),
    }


def test_every_leaf_of_a_document_counts(document: dict[str, Any]) -> None:
    """Whatever single text of a pack is changed, the difference tells it."""
    told = 0
    for section in ("vocabulary", "statuses", "modules", "mail", "company"):
        for name, value in list(document[section].items()):
            if isinstance(value, str) and value and name != "decided":
                document[section][name] = value + "x"
                told += 1
    assert sum(len(each.details) for each in changes(document)) == told > 20


def test_steps_of_a_promise_are_compared_by_their_place(document: dict[str, Any]) -> None:
    billing = next(each for each in document["categories"] if each["key"] == "billing_query")
    first = next(each for each in billing["commitments"] if each["key"] == "first_response")
    first["escalations"][1]["to"] = ["lead"]
    (change,) = changes(document)
    assert change.details == (
        Detail(("commitments", "first_response", "escalations", "2", "to"), "director", "lead"),
    )
