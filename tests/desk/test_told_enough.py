"""However much strangers write, a colleague is told only so often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import acknowledgement_of, answer_to, arrived, mail, opened
from tests.desk.people import FRIDAY_3PM, SATURDAY_10AM, STRANGER, SUPPORT, elena, pack
from ventanilla.channels.models import Fate, OutboundMessage
from ventanilla.desk.stopping import STAFF_CAP
from ventanilla.register.models import Case, LedgerEntry

pytestmark = pytest.mark.usefixtures("desk")

MINUTE = timedelta(minutes=1)
CAPS = pack().sender_caps


def notices(kind: str) -> int:
    return OutboundMessage.objects.filter(kind=kind).count()


def caps_noted(case: Case) -> int:
    return LedgerEntry.objects.filter(case=case, kind="cap_reached", payload__cap=STAFF_CAP).count()


def test_an_outsider_who_goes_on_writing_is_told_of_up_to_the_cap_of_the_case() -> None:
    elena()
    case = opened()
    for number in range(CAPS.per_case + 3):
        raw = answer_to(acknowledgement_of(case), f"Mensaje {number}", sender=STRANGER)
        assert arrived(raw, at=FRIDAY_3PM + MINUTE).fate == Fate.FOLLOW_UP
    assert notices("outsider_wrote") == CAPS.per_case
    assert caps_noted(case) == 1

    tomorrow = answer_to(acknowledgement_of(case), "Otra vez", sender=STRANGER)
    arrived(tomorrow, at=FRIDAY_3PM + timedelta(days=1))
    assert notices("outsider_wrote") == CAPS.per_case + 1


def test_who_is_on_call_is_told_of_so_many_emergencies_a_day() -> None:
    on_call = len(pack().emergency.on_call)  # type: ignore[union-attr]  # this pack has one
    cases = [
        opened(mail("El sistema está caído, es urgente.", subject="URGENTE", to=SUPPORT),
               at=SATURDAY_10AM)
        for _ in range(CAPS.per_address_per_day + 2)
    ]  # fmt: skip
    assert all(case.emergency for case in cases)
    assert notices("emergency") == CAPS.per_address_per_day * on_call
    assert [caps_noted(case) for case in cases[-3:]] == [0, 1, 1]
    assert not LedgerEntry.objects.filter(case=cases[-1], kind="on_call_notified").exists()
