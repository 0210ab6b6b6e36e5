"""G2: queries in general are served from a queue and answered within two business days."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, BOGOTA, CUSTOMERS, berta
from tests.e2e.house import House, words
from ventanilla.desk import replies
from ventanilla.register import queries
from ventanilla.register.models import Commitment

DUE = datetime(2026, 12, 9, 16, 0, tzinfo=BOGOTA)
"""Friday, then Monday 7 (1) and Wednesday 9 (2): Tuesday 8 is a holiday."""


def test_g2_a_query_waits_in_the_queue_and_is_answered_in_time(generasoft: House) -> None:
    first = generasoft.arrives(mail("Una pregunta.", subject="Consulta"), to=CUSTOMERS)
    urgent = generasoft.arrives(mail(subject="Cobro repetido"), to=CUSTOMERS)
    assert first.category == "general_query"
    promise = Commitment.objects.get(case=first, key="first_response")
    assert (promise.due_at, promise.clause) == (DUE, "G2")
    waiting = queries.queue(view="all", limit=10)
    assert [each.folio for each in waiting] == [urgent.folio, first.folio]

    at = DUE - timedelta(hours=2)
    generasoft.at(at)
    replies.reply(case=first, text="Con gusto le explicamos.", acting_user=berta(), as_of=at)
    generasoft.work()
    assert "Con gusto le explicamos." in words(generasoft.mails_to(ANA_ADDRESS)[-1])
    promise.refresh_from_db()
    assert (promise.met_at, promise.broken_at) == (at, None)
