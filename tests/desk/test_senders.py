"""Who a new case answers to when the mail's sender is not, or may not be, who wrote it."""

from __future__ import annotations

import pytest

from tests.desk.mails import acknowledgement_of, mail, opened
from tests.desk.people import ANA_ADDRESS
from ventanilla.channels.models import Delivery
from ventanilla.channels.rules import Suppression
from ventanilla.register.models import LedgerEntry, Message

pytestmark = pytest.mark.usefixtures("desk")

DISOWNED = "ventanilla.example; dmarc=fail header.from=cliente.example"
SAID_BY_OTHERS = "otro-servidor.example; dmarc=fail"


def test_a_forged_sender_opens_a_case_and_gets_no_receipt() -> None:
    case = opened(mail(authentication_results=DISOWNED))
    unsent = acknowledgement_of(case)
    assert (unsent.to, unsent.state) == ([ANA_ADDRESS], Delivery.SUPPRESSED)
    assert unsent.state_reason == Suppression.SENDER_DISOWNED.value
    assert not Message.objects.filter(case=case, direction="out").exists()
    entry = LedgerEntry.objects.get(case=case, kind="sending_suppressed")
    assert entry.payload["reason"] == "sender_disowned"


def test_what_another_server_says_of_the_sender_is_not_read() -> None:
    case = opened(mail(authentication_results=SAID_BY_OTHERS))
    assert acknowledgement_of(case).state == Delivery.QUEUED
