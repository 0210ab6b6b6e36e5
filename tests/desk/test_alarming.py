"""Mail that nothing moves does not wait in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import mail, stored
from tests.desk.people import FRIDAY_3PM
from ventanilla.accounts.models import Role, Staff
from ventanilla.channels.models import InboundItem, OutboundMessage
from ventanilla.desk import intake
from ventanilla.desk.intake.alarming import KIND

pytestmark = pytest.mark.usefixtures("desk")
ADMINISTRATOR = "sara@generasoft.example"


def test_administrators_hear_once_a_day_of_mail_that_waits() -> None:
    Staff.objects.create_user(ADMINISTRATOR, full_name="Sara Gil", role=Role.ADMINISTRATOR)
    stored(mail())
    stored(mail())

    assert intake.warn_of_stuck(as_of=FRIDAY_3PM + timedelta(minutes=14)) == 0
    assert not OutboundMessage.objects.exists()
    for minutes in (16, 17, 60):
        assert intake.warn_of_stuck(as_of=FRIDAY_3PM + timedelta(minutes=minutes)) == 2
    told = OutboundMessage.objects.get(kind=KIND)
    assert (told.to, told.case) == ([ADMINISTRATOR], None)
    assert "Esperan 2 correos" in told.text
    assert "ventanilla doctor" in told.text

    InboundItem.objects.update(fate_detail="KeyError: x")
    intake.warn_of_stuck(as_of=FRIDAY_3PM + timedelta(days=1))
    assert "- KeyError: x" in OutboundMessage.objects.filter(kind=KIND).latest("id").text
