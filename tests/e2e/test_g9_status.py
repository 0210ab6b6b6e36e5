"""G9: the person is kept informed of the status all the way, each mail in the same thread."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, CUSTOMERS, FRIDAY_3PM, berta
from tests.e2e.house import House, outbox_of, words
from ventanilla.desk import assessment, changes, closing, replies, resolution

MINUTE = timedelta(minutes=1)


def test_g9_from_the_receipt_to_the_closing_nothing_happens_in_silence(generasoft: House) -> None:
    case = generasoft.arrives(
        mail("Hay un problema.", subject="Ayuda", message_id="<primera@cliente.example>"),
        to=CUSTOMERS,
    )
    by, at = berta(), FRIDAY_3PM + MINUTE
    case = assessment.assess(
        case=case,
        category="billing_query",
        priority="high",
        asked="Devolver",
        acting_user=by,
        as_of=at,
    )
    case = changes.change_committed_date(
        case=case, committed_at=FRIDAY_3PM + timedelta(days=3), reason="Depende del banco.",
        acting_user=by, as_of=at + MINUTE,
    )  # fmt: skip
    replies.reply(case=case, text="Estamos en ello.", acting_user=by, as_of=at + 2 * MINUTE)
    resolution.resolve(case=case, text="Quedó devuelto.", acting_user=by, as_of=at + 3 * MINUTE)
    generasoft.at(at + 4 * MINUTE).work()
    assert closing.close_quiet(as_of=FRIDAY_3PM + timedelta(days=30)) == 1
    generasoft.at(FRIDAY_3PM + timedelta(days=30)).work()

    kinds = [row.kind for row in outbox_of(case)]
    assert kinds == [
        "acknowledgement", "category_changed", "date_changed", "reply", "resolution", "closed"
    ]  # fmt: skip
    assert {row.state for row in outbox_of(case)} == {"sent"}
    mails = generasoft.mails_to(ANA_ADDRESS)
    assert len(mails) == len(kinds)
    assert all(each["In-Reply-To"] == "<primera@cliente.example>" for each in mails)
    assert all(case.folio in each["Subject"] for each in mails)
    automatic = [each["Auto-Submitted"] is not None for each in mails]
    assert automatic == [True, True, True, False, False, True]
    assert "Depende del banco." in words(mails[2])
    case.refresh_from_db()
    assert case.status == "closed"


def test_g9_waiting_for_the_person_stops_the_clock_and_their_answer_starts_it(
    generasoft: House,
) -> None:
    from tests.desk.mails import answer_to
    from ventanilla.register.models import Commitment

    case = generasoft.arrives(mail(), to=CUSTOMERS)
    by = berta()
    assessment.assess(
        case=case, category=case.category, priority="high", asked="Devolver", acting_user=by,
        as_of=FRIDAY_3PM + MINUTE,
    )  # fmt: skip
    before = Commitment.objects.get(case=case, key="resolution").due_at
    replies.reply(
        case=case, text="¿Nos envía la factura?", then="wait_for_customer", acting_user=by,
        as_of=FRIDAY_3PM + 10 * MINUTE,
    )  # fmt: skip
    generasoft.at(FRIDAY_3PM + 11 * MINUTE).work()
    question = outbox_of(case)[-1]
    generasoft.at(FRIDAY_3PM + 40 * MINUTE)
    generasoft.arrives(answer_to(question, "Aquí va."), to=question.reply_to)
    case.refresh_from_db()
    assert case.status == "in_progress"
    assert Commitment.objects.get(case=case, key="resolution").due_at == before + 30 * MINUTE
