"""Answering, noting, and the files that go along."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.desk.mails import acknowledgement_of, answer_to, arrived, mail, opened
from tests.desk.people import (
    ANA_ADDRESS,
    FRIDAY_3PM,
    SUPPORT,
    berta,
    carlos,
    elena,
    octavio,
)
from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import Delivery, OutboundMessage
from ventanilla.core.actors import Actor
from ventanilla.crm.models import Interaction
from ventanilla.desk import assessment, changes, replies
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message
from ventanilla.register.operations import CaseMoved, DateInPast, DateTooFar, StatusNotAllowed

pytestmark = pytest.mark.usefixtures("desk")
MINUTE = timedelta(minutes=1)
TEXT = "Buenas tardes, Ana:\n\nYa pedimos la devolución del cobro repetido."


def answered(case: Case, **facts: object) -> Message:
    usual: dict[str, object] = {"text": TEXT, "acting_user": berta(), "as_of": FRIDAY_3PM + MINUTE}
    return replies.reply(case=case, **(usual | facts))  # type: ignore[arg-type]  # as reply takes them


def test_an_answer_goes_out_in_the_thread_and_meets_the_first_response() -> None:
    case = opened(mail(cc="Luis <luis@cliente.example>", message_id="<primera@cliente.example>"))
    message = answered(case)

    row = OutboundMessage.objects.get(record_message=message)
    assert (row.to, row.cc, row.automatic) == ([ANA_ADDRESS], ["luis@cliente.example"], False)
    assert row.subject == f"Re: Cobro repetido en la factura [{case.folio}]"
    assert row.in_reply_to == "<primera@cliente.example>"
    assert row.references == ["<primera@cliente.example>"]
    assert row.text.startswith(TEXT)
    assert row.text.endswith("salvo festivos.")
    assert row.reply_to.startswith("clientes+r.")
    assert message.text == TEXT
    assert [each["kind"] for each in message.segments] == ["new", "signature"]
    met = Commitment.objects.get(case=case, key="first_response")
    assert met.met_at == FRIDAY_3PM + MINUTE
    assert Interaction.objects.filter(folio=case.folio, direction="out").exists()


def test_the_subject_keeps_one_re_and_one_folio_however_often_it_goes_to_and_fro() -> None:
    case = opened()
    first = OutboundMessage.objects.get(record_message=answered(case))
    arrived(answer_to(first, "¿Cuánto tarda?", subject=f"RE: Re: {first.subject}"))
    second = OutboundMessage.objects.get(
        record_message=answered(case, text="Tres días.", as_of=FRIDAY_3PM + 9 * MINUTE)
    )
    assert second.subject == first.subject
    assert second.references[-1] == second.in_reply_to
    assert first.message_id in second.references


def test_the_same_form_twice_makes_one_answer() -> None:
    case = opened()
    first = answered(case, request_key="f1", expected_seq=case.ledger_seq)
    again = answered(case, request_key="f1", expected_seq=case.ledger_seq)
    assert first.pk == again.pk
    assert Message.objects.filter(case=case, direction="out", automatic=False).count() == 1


def test_two_equal_clicks_at_the_same_moment_make_one_answer() -> None:
    case, actor = opened(), berta()
    seq, outcomes = case.ledger_seq, []

    def click() -> None:
        try:
            outcomes.append(
                answered(case, acting_user=actor, request_key="f1", expected_seq=seq).pk
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len(outcomes) == 4
    assert len(set(outcomes)) == 1


def test_two_colleagues_at_once_and_the_second_is_told_what_happened() -> None:
    case = opened()
    seen = case.ledger_seq
    answered(case, expected_seq=seen)
    with pytest.raises(CaseMoved) as moved:
        replies.reply(
            case=case, text="Otra cosa.", expected_seq=seen, acting_user=carlos_everywhere(),
            as_of=FRIDAY_3PM + 2 * MINUTE,
        )  # fmt: skip
    assert "Berta Nieto" in moved.value.message
    assert Message.objects.filter(direction="out", automatic=False).count() == 1


def carlos_everywhere() -> Actor:
    actor = carlos()
    Staff.objects.filter(email="carlos@generasoft.example").update(desks=[])
    return actor


def test_who_may_not_answer_is_refused_and_nothing_happens() -> None:
    case = opened()
    for actor in (carlos(), octavio()):
        with pytest.raises(NotPermitted):
            answered(case, acting_user=actor)
    assert answered(opened(mail(to=SUPPORT)), acting_user=carlos()).pk
    assert not Message.objects.filter(case=case, direction="out", automatic=False).exists()


def test_an_empty_answer_and_another_channel_are_refused_aloud() -> None:
    case = opened()
    with pytest.raises(replies.NothingWritten):
        answered(case, text="  \n ")
    Case.objects.filter(pk=case.pk).update(channel="whatsapp")
    case.refresh_from_db()
    with pytest.raises(replies.ChannelNotServed, match="WhatsApp"):
        answered(case)


def test_an_answer_carries_files_and_keeps_them_as_evidence() -> None:
    case = opened()
    message = answered(case, attachments=[Upload(filename="nota.pdf", content=b"%PDF-1.4 nota")])
    kept = EvidenceItem.objects.get(message=message)
    row = OutboundMessage.objects.get(record_message=message)
    assert row.attachments == [
        {"sha256": kept.blob_id, "filename": "nota.pdf", "media_type": "application/pdf"}
    ]
    again = answered(case, attachments=[kept], text="Va otra vez.", as_of=FRIDAY_3PM + 5 * MINUTE)
    assert EvidenceItem.objects.count() == 1
    assert OutboundMessage.objects.get(record_message=again).attachments == row.attachments


def test_answer_then_wait_and_answer_then_resolve() -> None:
    case = opened()
    with pytest.raises(StatusNotAllowed):
        answered(case, then="resolve")
    assert not Message.objects.filter(direction="out", automatic=False).exists()
    assessment.assess(
        case=case, category=case.category, priority="high", asked="Devolver", acting_user=berta(),
        as_of=FRIDAY_3PM + MINUTE,
    )  # fmt: skip
    answered(case, then=replies.Then.WAIT_FOR_CUSTOMER, as_of=FRIDAY_3PM + 2 * MINUTE)
    case.refresh_from_db()
    assert case.status == "waiting_customer"
    arrived(answer_to(acknowledgement_of(case), "Aquí está."), at=FRIDAY_3PM + 3 * MINUTE)
    case.refresh_from_db()
    assert case.status == "in_progress"
    answered(case, then="resolve", as_of=FRIDAY_3PM + 5 * MINUTE)
    case.refresh_from_db()
    assert case.status == "resolved"
    assert not OutboundMessage.objects.filter(kind="resolution").exists()


def test_a_note_is_not_sent_and_meets_nothing_and_is_made_once() -> None:
    case = opened()
    facts: dict[str, Any] = {"case": case, "text": "Ojo.", "acting_user": berta()}
    first = replies.note(**facts, request_key="n1", as_of=FRIDAY_3PM + MINUTE)
    again = replies.note(**facts, request_key="n1", as_of=FRIDAY_3PM + MINUTE)
    assert first.pk == again.pk
    assert Commitment.objects.get(case=case, key="first_response").met_at is None
    assert OutboundMessage.objects.filter(case=case).count() == 1


def test_a_corrected_category_is_told_with_its_new_moment() -> None:
    case = opened(mail("Hola", subject="Consulta"))
    assert case.category == "general_query"
    assessment.assess(
        case=case, category="billing_query", priority="high", asked="Cobro repetido",
        acting_user=berta(), as_of=FRIDAY_3PM + MINUTE,
    )  # fmt: skip
    told = OutboundMessage.objects.get(case=case, kind="category_changed")
    assert "lunes 7 de diciembre de 2026, 3:00 a. m." in told.text
    assert told.automatic
    assert Commitment.objects.get(case=case, key="first_response").met_at is None


def test_a_committed_date_and_its_change_are_told_with_the_date_before() -> None:
    case = opened()
    first, second = FRIDAY_3PM + timedelta(days=3), FRIDAY_3PM + timedelta(days=5)
    for at, reason in ((first, "Falta el banco."), (second, "El banco pidió más tiempo.")):
        case = changes.change_committed_date(
            case=case,
            committed_at=at,
            reason=reason,
            acting_user=berta(),
            as_of=FRIDAY_3PM + MINUTE,
        )
    told = OutboundMessage.objects.filter(case=case, kind="date_changed").order_by("id")
    assert "lunes 7 de diciembre de 2026, 3:00 p. m." in told[0].text
    assert (
        "era el lunes 7 de diciembre de 2026, 3:00 p. m.; la nueva es el miércoles 9"
        in told[1].text
    )
    assert "El banco pidió más tiempo." in told[1].text
    assert LedgerEntry.objects.filter(case=case, kind="date_committed").count() == 2


def test_a_case_is_given_only_to_somebody_who_can_see_it() -> None:
    case = opened()
    with pytest.raises(NotPermitted):
        changes.assign(
            case=case, assignee_id=carlos().id, acting_user=berta(), as_of=FRIDAY_3PM + MINUTE
        )
    given = changes.assign(
        case=case, assignee_id=berta().id, acting_user=berta(), as_of=FRIDAY_3PM + MINUTE
    )
    assert given.assignee_id == berta().id


def test_a_bounced_address_gets_no_automatic_mail_but_a_colleague_may_write() -> None:
    from ventanilla.crm.operations import mark_bounce

    case = opened()
    with transaction.atomic():
        mark_bounce(value=ANA_ADDRESS, hard=True, reason="550", as_of=FRIDAY_3PM)
    changes.change_committed_date(
        case=case, committed_at=FRIDAY_3PM + timedelta(days=3), reason="Banco",
        acting_user=berta(), as_of=FRIDAY_3PM + MINUTE,
    )  # fmt: skip
    assert OutboundMessage.objects.get(kind="date_changed").state == Delivery.SUPPRESSED
    told = Interaction.objects.filter(summary__contains="fecha comprometida")
    assert not told.exists(), "the history must not say that the person knows"
    row = OutboundMessage.objects.get(record_message=answered(case, as_of=FRIDAY_3PM + 2 * MINUTE))
    assert row.state == Delivery.QUEUED


@pytest.mark.parametrize(
    ("days", "refusal"), [(-1, DateInPast), (367, DateTooFar), (3_650, DateTooFar)]
)
def test_a_date_that_passed_or_is_years_away_is_refused(
    days: int, refusal: type[Exception]
) -> None:
    case = opened()
    with pytest.raises(refusal):
        changes.change_committed_date(
            case=case,
            committed_at=FRIDAY_3PM + timedelta(days=days),
            reason="Banco",
            acting_user=elena(),
            as_of=FRIDAY_3PM,
        )
    assert Case.objects.get(pk=case.pk).committed_at is None


def test_an_answer_with_an_unknown_step_after_it_is_not_sent() -> None:
    case = opened()
    with pytest.raises(ValueError, match="resolv"):
        replies.reply(
            case=case, text="Listo.", then="resolv", acting_user=elena(), as_of=FRIDAY_3PM
        )
    assert not OutboundMessage.objects.filter(case=case, kind="reply").exists()
