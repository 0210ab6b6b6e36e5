"""Which case an answer belongs to, and what it does there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import acknowledgement_of, answer_to, arrived, mail, opened
from tests.desk.people import ANA, FRIDAY_3PM, STRANGER, berta
from ventanilla.channels.models import Fate, InboundItem, OutboundMessage
from ventanilla.desk import assessment, resolution, structure
from ventanilla.register.models import Case, CaseParticipant, Commitment, LedgerEntry, Message

pytestmark = pytest.mark.usefixtures("desk")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def follow_up(item: InboundItem, case: Case) -> None:
    assert (item.fate, item.case_id) == (Fate.FOLLOW_UP, case.pk), item.fate_detail


def assessed(case: Case) -> Case:
    return assessment.assess(
        case=case, category=case.category, priority=case.priority, asked="Que se corrija.",
        acting_user=berta(), as_of=FRIDAY_3PM + 2 * MINUTE,
    )  # fmt: skip


def resolved(case: Case) -> Case:
    return resolution.resolve(
        case=assessed(case), text="Devolvimos el cobro repetido.", acting_user=berta(),
        as_of=FRIDAY_3PM + 5 * MINUTE,
    )  # fmt: skip


def test_an_answer_to_our_reply_address_finds_its_case() -> None:
    case = opened()
    raw = answer_to(acknowledgement_of(case), "Adjunto el número: 4711.")
    del raw["In-Reply-To"], raw["References"]
    raw.replace_header("Subject", "otra cosa")
    item = arrived(raw, at=FRIDAY_3PM + MINUTE)
    follow_up(item, case)
    assert item.fate_reason == "mark"


def test_our_signed_message_id_does_as_well() -> None:
    case = opened()
    sent = acknowledgement_of(case)
    follow_up(arrived(answer_to(sent, "Falta algo.", to="clientes@generasoft.example")), case)


def test_a_reference_to_a_known_message_counts_for_a_participant() -> None:
    first = mail(message_id="<primera@cliente.example>")
    case = opened(first)
    item = arrived(
        mail("Otra cosa más.", subject="sin folio", in_reply_to="<primera@cliente.example>")
    )
    follow_up(item, case)
    assert item.fate_reason == "references"


def test_a_folio_in_the_subject_counts_for_a_participant_however_it_is_written() -> None:
    case = opened()
    written = case.folio.lower().replace("-", " ")
    item = arrived(mail("¿Ya saben algo?", subject=f"Radicado {written}"))
    follow_up(item, case)
    assert item.fate_reason == "folio"


@pytest.mark.parametrize("way", ["folio", "reference"])
def test_a_stranger_with_folio_or_reference_gets_a_case_of_their_own(way: str) -> None:
    case = opened(mail(message_id="<primera@cliente.example>"))
    before = case_facts(case)
    headers = {"in_reply_to": "<primera@cliente.example>"} if way == "reference" else {}
    subject = case.folio if way == "folio" else "Hola"
    item = arrived(mail("¿Qué hay en ese caso?", sender=STRANGER, subject=subject, **headers))

    assert item.fate == Fate.CASE
    assert item.case_id != case.pk
    assert case_facts(case) == before
    fact = LedgerEntry.objects.get(case=item.case, kind="folio_mentioned")
    assert fact.payload["folio"] == case.folio
    texts = OutboundMessage.objects.filter(case=item.case).values_list("text", flat=True)
    assert all("Ana" not in each and "Cobro" not in each for each in texts)


def case_facts(case: Case) -> tuple[object, ...]:
    """Everything a stranger must not change."""
    case.refresh_from_db()
    return (
        case.ledger_seq, case.status, case.next_due_at, case.last_activity_at,
        Message.objects.filter(case=case).count(), CaseParticipant.objects.filter(case=case).count(),
        list(Commitment.objects.filter(case=case).order_by("id").values_list("due_at", "met_at")),
    )  # fmt: skip


@pytest.mark.parametrize("forgery", ["clientes+r.nbswiyla7xjqmqmq@generasoft.example", "altered"])
def test_a_forged_token_opens_nothing(forgery: str) -> None:
    case = opened()
    genuine = acknowledgement_of(case).reply_to
    swap = {"a": "b"}.get(genuine.partition("@")[0][-1], "a")
    altered = genuine.replace("@", f"{swap}@").replace(genuine.partition("@")[0][-1] + swap, swap)
    to = altered if forgery == "altered" else forgery
    before = case_facts(case)
    item = arrived(mail("Déjenme entrar.", sender=STRANGER, to=to, subject="Hola"), recipients=[to])
    assert item.fate == Fate.CASE
    assert item.case_id != case.pk
    assert case_facts(case) == before


def test_a_holder_of_the_token_who_is_not_on_the_case_is_shown_as_an_outsider() -> None:
    case = opened()
    due = Commitment.objects.get(case=case, key="first_response").due_at
    raw = answer_to(acknowledgement_of(case), "Escribo por Ana.", sender=STRANGER)
    item = arrived(raw, at=FRIDAY_3PM + MINUTE)

    follow_up(item, case)
    assert item.fate_reason == "outsider"
    message = Message.objects.get(inbound_item_id=item.pk)
    assert message.outsider
    assert not CaseParticipant.objects.filter(address="zoe@otra.example").exists()
    assert Commitment.objects.get(case=case, key="first_response").due_at == due
    assert not Commitment.objects.filter(case=case, kind="next_response").exists()


def test_whoever_a_participant_puts_in_copy_may_write_too() -> None:
    case = opened()
    arrived(answer_to(acknowledgement_of(case), "Copio a Luis.", cc="Luis <luis@cliente.example>"))
    item = arrived(
        mail("Soy Luis.", sender="Luis <luis@cliente.example>", subject=f"Re: {case.folio}")
    )
    follow_up(item, case)
    assert not Message.objects.get(inbound_item_id=item.pk).outsider


def test_thanks_alone_wakes_nothing() -> None:
    case = resolved(opened())
    sent = OutboundMessage.objects.get(case=case, kind="resolution")
    item = arrived(answer_to(sent, "¡Muchas gracias!\n\nAna Pérez"), at=FRIDAY_3PM + HOUR)
    follow_up(item, case)
    case.refresh_from_db()
    assert (case.status, item.fate_reason) == ("resolved", "thanks")
    assert not Commitment.objects.filter(case=case, key__startswith="next_response").exists()


def test_more_than_thanks_reopens_within_the_window() -> None:
    case = resolved(opened())
    sent = OutboundMessage.objects.get(case=case, kind="resolution")
    item = arrived(answer_to(sent, "Gracias, pero sigue igual."), at=FRIDAY_3PM + HOUR)
    follow_up(item, case)
    case.refresh_from_db()
    assert (case.status, case.reopened_count) == ("in_progress", 1)


def test_after_the_window_a_linked_case_opens() -> None:
    case = resolved(opened())
    sent = OutboundMessage.objects.get(case=case, kind="resolution")
    item = arrived(answer_to(sent, "Volvió a pasar."), at=FRIDAY_3PM + timedelta(days=60))
    assert item.fate == Fate.CASE
    assert item.case is not None
    assert item.case.follows_id == case.pk
    case.refresh_from_db()
    assert case.status == "resolved"


def test_an_answer_to_a_merged_case_is_heard_in_the_other() -> None:
    case, other = opened(), opened(mail(subject="Otra cosa de la factura"))
    structure.merge(case=case, into=other, acting_user=berta(), as_of=FRIDAY_3PM + MINUTE)
    item = arrived(answer_to(acknowledgement_of(case), "¿Y bien?"), at=FRIDAY_3PM + HOUR)
    follow_up(item, other)


def test_a_mail_its_own_domain_disowns_waits_for_a_person() -> None:
    case = opened()
    results = "ventanilla.example; dmarc=fail header.from=cliente.example"
    forged = answer_to(acknowledgement_of(case), "Soy Ana, créame.", Authentication_Results=results)
    item = arrived(forged, at=FRIDAY_3PM + MINUTE)
    assert (item.fate, item.fate_reason) == (Fate.QUARANTINE, "dmarc_failed")
    assert not Message.objects.filter(case=case, direction="in", at__gt=FRIDAY_3PM).exists()

    claimed = "otro-servidor.example; dmarc=fail"
    follow_up(
        arrived(answer_to(acknowledgement_of(case), "Soy Ana.", Authentication_Results=claimed)),
        case,
    )


def test_the_same_mail_twice_has_one_effect() -> None:
    raw = mail()
    case = opened(raw)
    again = arrived(raw, at=FRIDAY_3PM + MINUTE)
    assert (again.fate, again.case_id) == (Fate.DUPLICATE, case.pk)
    assert Case.objects.count() == 1

    stolen_id = mail("Otra persona.", sender=STRANGER, message_id=str(raw["Message-ID"]))
    assert arrived(stolen_id).fate == Fate.CASE


def test_equal_bytes_without_a_message_id_are_one_mail() -> None:
    raw = mail(message_id=None, sender=ANA)
    assert arrived(raw).fate == Fate.CASE
    assert arrived(raw).fate == Fate.DUPLICATE
