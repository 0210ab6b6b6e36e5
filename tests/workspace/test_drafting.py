"""What is kept while somebody writes, who is called in a note, and what templates may say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.mails import opened
from tests.desk.people import FRIDAY_3PM, berta, carlos, elena, octavio, pack
from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import macros, replies, templating
from ventanilla.register.models import Case
from ventanilla.workspace import drafting, mentioning, templates
from ventanilla.workspace.models import Draft, Mention, Presence, ReplyTemplate

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def desk(transactional_db: None) -> None:
    from tests.desk.people import policy

    policy()


def saved(case: Case, text: str, revision: int, **facts: Any) -> Draft:
    usual: dict[str, Any] = {"kind": "reply", "acting_user": berta(), "as_of": FRIDAY_3PM}
    return drafting.save(case=case, text=text, revision=revision, **(usual | facts))


def test_one_text_per_person_case_and_kind() -> None:
    case = opened()
    saved(case, "Mía", 0)
    saved(case, "Nota", 0, kind="note")
    saved(case, "De ella", 0, acting_user=elena())
    assert Draft.objects.count() == 3
    assert [each.text for each in drafting.listed(berta().id or 0)] == ["Nota", "Mía"]
    assert {each.text for each in drafting.on_case(case, berta().id or 0)} == {"Nota", "Mía"}


def test_who_may_not_answer_keeps_no_answer() -> None:
    case = opened()
    with pytest.raises(NotPermitted):
        saved(case, "x", 0, acting_user=octavio())
    with pytest.raises(NotPermitted):
        saved(case, "x", 0, acting_user=carlos())


def test_a_text_of_nothing_is_not_listed_and_is_cleared_after_a_day() -> None:
    case = opened()
    draft = saved(case, "Algo", 0)
    saved(case, "", draft.version)
    assert drafting.listed(berta().id or 0) == []
    assert drafting.clear(as_of=FRIDAY_3PM + timedelta(hours=2)) == 0
    assert drafting.clear(as_of=FRIDAY_3PM + timedelta(days=2)) == 1


def test_a_text_is_kept_while_its_case_lives() -> None:
    case = opened()
    saved(case, "Algo", 0)
    assert drafting.clear(as_of=FRIDAY_3PM + timedelta(days=400)) == 0
    Case.objects.filter(pk=case.pk).update(status="closed")
    assert drafting.clear(as_of=FRIDAY_3PM + timedelta(days=400)) == 1


def test_nobody_throws_away_what_another_wrote_or_what_is_leaving() -> None:
    case = opened()
    draft = saved(case, "Algo", 0)
    drafting.discard(draft_id=draft.pk, acting_user=elena())
    Draft.objects.update(state="sending", send_at=FRIDAY_3PM)
    drafting.discard(draft_id=draft.pk, acting_user=berta())
    assert Draft.objects.count() == 1
    Draft.objects.update(state="writing")
    drafting.discard(draft_id=draft.pk, acting_user=berta())
    assert not Draft.objects.exists()


def called(text: str, *names: str) -> list[str]:
    people = [Staff(pk=number, full_name=name) for number, name in enumerate(names, 1)]
    return [str(each) for each in mentioning.called_in(text, people)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Berta Nieto, ¿lo ves?", ["Berta Nieto"]),
        ("@berta mira", ["Berta Nieto"]),
        ("(@BERTA NIETO)", ["Berta Nieto"]),
        ("hola @José", ["José Ana"]),
        ("@jose y @jose", ["José Ana"]),
        ("@Ana María", ["Ana María Gil"]),
        ("@Ana", []),
        ("berta@nieto.example", []),
        ("@bert", []),
        ("@", []),
    ],
)
def test_a_name_calls_who_has_it(text: str, expected: list[str]) -> None:
    people = ["Berta Nieto", "José Ana", "Ana María", "Ana López", "Ana María Gil"]
    if text == "@Ana María":
        expected = ["Ana María"]
    assert called(text, *people) == expected


def test_a_note_calls_and_tells_who_can_see_the_case_and_is_not_there() -> None:
    case, lead = opened(), elena()
    carlos(), octavio()
    saved(case, "@Elena", 0, kind="note")
    facts: dict[str, Any] = {"case": case, "acting_user": berta(), "as_of": FRIDAY_3PM}
    text = "@Elena Rojas @Carlos @Octavio Mora @Berta: ojo."
    for _ in range(2):
        replies.note(text=text, request_key="n1", **facts)
    names = set(Mention.objects.values_list("staff__full_name", flat=True))
    assert names == {"Elena Rojas", "Octavio Mora"}, "Carlos does not see this desk"
    told = OutboundMessage.objects.filter(kind="mention").order_by("id")
    assert [each.to for each in told] == [
        ["elena@generasoft.example"],
        ["octavio@generasoft.example"],
    ]
    assert "ojo." in told[0].text
    assert not Draft.objects.exists()
    Presence.objects.create(
        connection="7b3c0a3e-58b1-4d0c-8f9e-0d6f7f3f1a11", case=case, staff_id=lead.id or 0,
        seen_at=FRIDAY_3PM,
    )  # fmt: skip
    replies.note(text="@Elena otra vez", request_key="n2", **facts)
    assert Mention.objects.filter(staff_id=lead.id or 0).count() == 2
    assert OutboundMessage.objects.filter(kind="mention").count() == 2


def wording(**changes: Any) -> templates.Wording:
    return templates.Wording(**({"name": "Hola", "text": "Buen día, {nombre}:"} | changes))


def written(template_id: int | None = None, revision: int = 0, **changes: Any) -> ReplyTemplate:
    return templates.write(
        template_id=template_id, wording=wording(**changes), expected_revision=revision,
        acting_user=elena(), as_of=FRIDAY_3PM,
    )  # fmt: skip


def test_a_template_names_only_what_exists() -> None:
    with pytest.raises(templates.PlaceholderUnknown, match=r"¿Quiso decir \{nombre\}\?"):
        written(text="Buen día, {nonbre}:")
    for text in ("Buen día, {nombre:", "Buen día, {Nombre}:", "}"):
        with pytest.raises(templates.BracesBroken):
            written(text=text)
    with pytest.raises(templates.TemplateEmpty):
        written(text=" ")
    with pytest.raises(NotPermitted):
        templates.write(template_id=None, wording=wording(), acting_user=berta(), as_of=FRIDAY_3PM)
    first = written()
    with pytest.raises(templates.TemplateNameTaken):
        written()
    assert written(first.pk, 1, text="Buenas, {nombre}:").pk == first.pk
    with pytest.raises(templates.TemplateMoved, match="Elena Rojas"):
        written(first.pk, 1, text="Hola, {nombre}:")
    assert ReplyTemplate.objects.get().text == "Buenas, {nombre}:"
    with pytest.raises(templates.TemplateGone):
        written(first.pk + 999, 1)


def test_a_template_is_filled_and_what_is_not_known_stays_to_be_seen() -> None:
    case = opened()
    written(text="Buen día, {nombre}: {folio}, {vence}. {firma_agente}", deeds=[
        {"noun": "asignacion", "assignee": "me"}])  # fmt: skip
    written(name="Otra mesa", desk="soporte")
    written(name="De otra política", deeds=[{"noun": "prioridad", "priority": "cosmic"}])
    staff = Staff.objects.get(pk=berta().id or 0)
    (only,) = templating.offered(case=case, staff=staff)
    assert only.text.startswith(f"Buen día, Ana Pérez: {case.folio}, ")
    assert only.text.endswith(" Berta Nieto")
    assert "2026" in only.text
    assert only.deeds == ("Responsable: quien responde",)
    assert templates.filled("{nombre} {vence}", {"nombre": "{folio}"}) == "{folio} {vence}"
    with pytest.raises(templates.PlaceholderLeft, match="vence"):
        templates.require_filled("El {vence}.")
    templates.require_filled("Un {json} cualquiera.")


def test_using_a_macro_puts_text_and_steps_into_the_draft() -> None:
    case = opened()
    saved(case, "Antes.", 0)
    row = written(text="Después, {nombre}.", then="wait_for_customer", deeds=[
        {"noun": "asignacion", "assignee": "me"}])  # fmt: skip
    draft = templating.use(
        case=case, template_id=row.pk, put_text=True, acting_user=berta(), as_of=FRIDAY_3PM
    )
    assert draft.text == "Antes.\n\nDespués, Ana Pérez."
    assert (draft.then, len(draft.deeds)) == ("wait_for_customer", 1)
    assert templating.drop_deeds(case=case, acting_user=berta(), as_of=FRIDAY_3PM).deeds == []


@pytest.mark.parametrize(
    "changes",
    [
        {"desk": "soporte"},
        {"category": "complaint"},
        {"is_active": False},
        {"deeds": [{"noun": "prioridad", "priority": "cosmic"}]},
        {"deeds": [{"noun": "asignacion", "assignee": "nadie"}]},
    ],
)
def test_only_what_is_offered_is_used(changes: dict[str, Any]) -> None:
    case = opened()
    row = written(**changes)
    assert templating.offered(case=case, staff=Staff.objects.get(pk=berta().id or 0)) == []
    with pytest.raises(templating.TemplateNotOffered):
        templating.use(
            case=case, template_id=row.pk, put_text=True, acting_user=berta(), as_of=FRIDAY_3PM
        )
    assert not Draft.objects.exists()


def test_steps_that_no_policy_knows_are_told_and_not_hidden() -> None:
    deeds = [{"noun": "prioridad", "priority": "cosmic"}, {"noun": "asignacion", "assignee": "me"}]
    told = macros.shown(deeds, pack())
    assert told == ["Un paso que la política no conoce: prioridad, cosmic",
                    "Responsable: quien responde"]  # fmt: skip


def test_an_installation_begins_with_a_few_texts_that_are_sound() -> None:
    assert templates.ensure_first(as_of=FRIDAY_3PM) == len(templates.FIRST)
    assert templates.ensure_first(as_of=FRIDAY_3PM) == 0
    for row in ReplyTemplate.objects.all():
        templates.check(row.text)
    offered = templating.offered(case=opened(), staff=Staff.objects.get(pk=berta().id or 0))
    assert len(offered) == len(templates.FIRST)
