"""G4: Monday to Friday 8:30 to 16:00, except national holidays. What comes outside waits."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, BOGOTA, CUSTOMERS, elena
from tests.e2e.house import House, words
from ventanilla.channels.models import OutboundMessage
from ventanilla.register.models import Commitment, LedgerEntry


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param((2026, 12, 5, 10, 0), (2026, 12, 7, 20, 30), id="saturday"),
        pytest.param((2026, 12, 8, 9, 0), (2026, 12, 9, 20, 30), id="holiday"),
        pytest.param((2026, 12, 4, 15, 0), (2026, 12, 7, 3, 0), id="open"),
    ],
)
def test_g4_a_clock_starts_when_the_desk_is_open(
    generasoft: House, received: tuple[int, ...], due: tuple[int, ...]
) -> None:
    generasoft.at(datetime(*received, tzinfo=BOGOTA))  # type: ignore[arg-type, misc]  # year … minute
    case = generasoft.arrives(mail(), to=CUSTOMERS)
    expected = datetime(*due, tzinfo=BOGOTA)  # type: ignore[arg-type, misc]  # year … minute
    assert Commitment.objects.get(case=case, key="first_response").due_at == expected
    text = " ".join(words(generasoft.mails_to(ANA_ADDRESS)[0]).split())
    assert generasoft.pack.format_moment(expected) in text


def test_g4_an_emergency_outside_hours_is_flagged_and_the_on_call_told(generasoft: House) -> None:
    elena()
    generasoft.at(datetime(2026, 12, 5, 22, 0, tzinfo=BOGOTA))
    case = generasoft.arrives(
        mail("Emergencia: perdimos datos.", subject="Auxilio", to=CUSTOMERS), to=CUSTOMERS
    )
    assert (case.emergency, case.priority) == (True, "high")
    (alarm,) = generasoft.mails_to("guardia@generasoft.example")
    assert case.folio in alarm["Subject"]
    assert alarm["Reply-To"] is None
    told = OutboundMessage.objects.get(kind="emergency")
    noted = LedgerEntry.objects.get(kind="on_call_notified")
    assert noted.payload["outbound_ids"] == [told.pk]


def test_g4_the_same_words_inside_hours_are_no_emergency(generasoft: House) -> None:
    case = generasoft.arrives(mail("Emergencia: perdimos datos.", subject="Auxilio"), to=CUSTOMERS)
    assert not case.emergency
    assert generasoft.mails_to("guardia@generasoft.example") == []
