"""S6: first response within 24 business hours, marked in the official record."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, berta
from tests.e2e.house import House, words
from ventanilla.desk import deadlines, replies
from ventanilla.register.models import Commitment, LedgerEntry

SERVICE = "servicio@sion.example"
DUE = datetime(2026, 11, 25, 16, 0, tzinfo=ZoneInfo("America/Mexico_City"))
"""Monday 10:00 and 24 hours of nine a day: 8 on Monday, 9 on Tuesday, 7 on Wednesday."""


def test_s6_the_answer_of_a_person_meets_it_and_the_receipt_does_not(sion: House) -> None:
    case = sion.arrives(mail("¿Tienen catálogo?", subject="Catálogo", to=SERVICE), to=SERVICE)
    promise = Commitment.objects.get(case=case, key="first_response")
    assert (promise.due_at, promise.met_at, promise.clause) == (DUE, None, "S6")
    assert sion.pack.format_moment(DUE) in " ".join(words(sion.mails_to(ANA_ADDRESS)[0]).split())

    at = DUE - timedelta(minutes=1)
    replies.reply(case=case, text="Sí, se lo enviamos.", acting_user=berta(), as_of=at)
    promise.refresh_from_db()
    assert (promise.met_at, promise.broken_at) == (at, None)
    entry = LedgerEntry.objects.get(case=case, kind="message_sent", at=at)
    assert any(each["key"] == "first_response" for each in entry.payload["commitments"])


def test_s6_answered_late_it_is_broken_at_its_due_moment_and_stays_so(sion: House) -> None:
    case = sion.arrives(mail("¿Tienen catálogo?", subject="Catálogo", to=SERVICE), to=SERVICE)
    deadlines.run(as_of=DUE + timedelta(hours=1))
    replies.reply(
        case=case, text="Disculpe la demora.", acting_user=berta(), as_of=DUE + timedelta(hours=2)
    )
    promise = Commitment.objects.get(case=case, key="first_response")
    assert (promise.broken_at, promise.met_at) == (DUE, DUE + timedelta(hours=2))
