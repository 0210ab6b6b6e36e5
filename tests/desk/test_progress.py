"""A complex case is marked with its reason, and the person hears how far it is until the end."""

import pytest

from tests.desk import people
from tests.register import cast
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import deadlines, progress
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = cast.bogota(2026, 12, 7, 10, 0)
WHY = "Hay que revisar los registros del banco."


def complex_case() -> Case:
    case = cast.assessed(cast.opened(), cast.bogota(2026, 12, 4, 15, 20))
    return progress.mark_complex(case=case, reason=WHY, acting_user=people.berta(), as_of=MONDAY)


def notices(case: Case) -> list[Commitment]:
    return list(Commitment.objects.filter(case=case, kind="progress_notice").order_by("id"))


def test_G8_a_complex_case_is_marked_with_its_reason_and_the_person_is_told() -> None:
    case = complex_case()
    assert case.complex_since == MONDAY
    (owed,) = notices(case)
    # Two business days after Monday the 7th, the holiday of the 8th left out.
    assert owed.due_at == cast.bogota(2026, 12, 10, 16, 0)

    mail = OutboundMessage.objects.get(case=case, kind="marked_complex")
    assert WHY in mail.text
    assert "jueves 10 de diciembre de 2026, 4:00 p. m." in mail.text
    assert Case.objects.get(pk=case.pk).ledger_seq == case.ledger_seq


def test_G8_a_progress_notice_meets_what_is_owed_and_owes_the_next() -> None:
    case = complex_case()
    first_response = Commitment.objects.get(case=case, key="first_response")
    wednesday = cast.bogota(2026, 12, 9, 11, 0)
    text = "El banco confirmó que el cobro entró dos veces."
    case = progress.send_progress_notice(
        case=case, text=text, expected_seq=case.ledger_seq, acting_user=people.berta(),
        as_of=wednesday,
    )  # fmt: skip
    met, owed = notices(case)
    assert (met.met_at, met.broken_at) == (wednesday, None)
    assert owed.due_at == cast.bogota(2026, 12, 11, 16, 0)

    mail = OutboundMessage.objects.get(case=case, kind="progress_notice")
    assert text in mail.text
    assert "viernes 11 de diciembre de 2026, 4:00 p. m." in mail.text
    said = Message.objects.get(case=case, direction="out", automatic=False)
    assert text in said.text
    # How far it is answers no question: the first response is still owed.
    first_response.refresh_from_db()
    assert first_response.met_at is None


def test_a_colleague_is_reminded_before_a_notice_is_due() -> None:
    case = complex_case()
    (owed,) = notices(case)
    assert owed.next_alert_at is not None
    assert owed.next_alert_at < owed.due_at
    people.elena()
    deadlines.run(as_of=owed.next_alert_at)
    fired = LedgerEntry.objects.filter(case=case, kind="alert_fired")
    assert fired.filter(payload__key=owed.key, payload__step="reminder:1").count() == 1


def test_resolving_ends_the_notices() -> None:
    case = complex_case()
    register.resolve(case=case, summary="Listo.", acting_user=people.berta(), as_of=MONDAY)
    (owed,) = notices(case)
    assert owed.cancelled_at == MONDAY


def test_what_cannot_be_said_changes_nothing() -> None:
    case = cast.assessed(cast.opened(), cast.bogota(2026, 12, 4, 15, 20))
    before = Case.objects.get(pk=case.pk).ledger_seq
    berta, octavio = people.berta(), people.octavio()
    with pytest.raises(progress.ReasonMissing):
        progress.mark_complex(case=case, reason="  ", acting_user=berta, as_of=MONDAY)
    with pytest.raises(NotPermitted):
        progress.mark_complex(case=case, reason=WHY, acting_user=octavio, as_of=MONDAY)
    with pytest.raises(register.NotComplex):
        progress.send_progress_notice(
            case=case, text="Vamos bien.", acting_user=berta, as_of=MONDAY
        )
    with pytest.raises(progress.NoticeEmpty):
        progress.send_progress_notice(case=case, text=" ", acting_user=berta, as_of=MONDAY)
    with pytest.raises(register.CaseMoved):
        progress.mark_complex(
            case=case, reason=WHY, expected_seq=before - 1, acting_user=berta, as_of=MONDAY
        )
    assert Case.objects.get(pk=case.pk).ledger_seq == before
    assert not OutboundMessage.objects.exists()
