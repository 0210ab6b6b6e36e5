"""S9: the customer is told the status and the committed date; a change of date is told too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, berta
from tests.e2e.house import House, words
from ventanilla.desk import changes
from ventanilla.register.operations import DateInPast

SERVICE = "servicio@sion.example"


def test_s9_the_date_is_told_and_so_is_its_change_with_both_dates(sion: House) -> None:
    case = sion.arrives(mail("¿Y mi pedido?", subject="Pedido", to=SERVICE), to=SERVICE)
    first, second = sion.now + timedelta(days=2), sion.now + timedelta(days=4)
    for minutes, date, reason in ((1, first, "Ya está en ruta."), (2, second, "Hubo un bloqueo.")):
        at = sion.now + timedelta(minutes=1)
        case = changes.change_committed_date(
            case=case, committed_at=date, reason=reason, expected_seq=case.ledger_seq,
            acting_user=berta(), as_of=at,
        )  # fmt: skip
        case.refresh_from_db()
        sion.at(at).work()
        assert len(sion.mails_to(ANA_ADDRESS)) == 1 + minutes
    told = " ".join(words(sion.mails_to(ANA_ADDRESS)[-1]).split())
    assert sion.pack.format_moment(first) in told
    assert sion.pack.format_moment(second) in told
    assert "Hubo un bloqueo." in told
    assert case.committed_at == second


def test_s9_a_date_that_has_passed_is_refused_and_nobody_is_told(sion: House) -> None:
    case = sion.arrives(mail("¿Y mi pedido?", subject="Pedido", to=SERVICE), to=SERVICE)
    with pytest.raises(DateInPast):
        changes.change_committed_date(
            case=case, committed_at=sion.now, reason="x", acting_user=berta(), as_of=sion.now
        )
    sion.work()
    assert len(sion.mails_to(ANA_ADDRESS)) == 1
