"""G1: an address for customers, one for users in need of support, and WhatsApp to come."""

from __future__ import annotations

import smtplib
import threading

import pytest
from django.db import connection

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, CUSTOMERS, SUPPORT
from tests.e2e.house import House
from tests.gateways.mailboxes import mail_server
from tests.gateways.patience import wait_until
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk.intake import accept
from ventanilla.gateways.imap import MailboxPoller
from ventanilla.gateways.waking import Alarm
from ventanilla.register.models import Case


@pytest.mark.parametrize(("address", "desk"), [(CUSTOMERS, "atencion"), (SUPPORT, "soporte")])
def test_g1_each_address_leads_to_its_desk(generasoft: House, address: str, desk: str) -> None:
    case = generasoft.arrives(mail(subject="Consulta", to=address), to=address)
    assert (case.desk, case.channel) == (desk, "email")
    (received,) = generasoft.mails_to(ANA_ADDRESS)
    assert address in received["From"]


def test_g1_nobody_elses_mail_is_taken(generasoft: House) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        generasoft.post(mail(to="otro@ajeno.example"), to="otro@ajeno.example")
    assert not InboundItem.objects.exists()


def test_g1_a_mailbox_is_fetched_over_imap(generasoft: House) -> None:
    """A real IMAP server instead of the listener; the same way from there on."""
    with mail_server() as server, Alarm() as alarm:
        server.append(mail(to=SUPPORT, subject="El sistema no abre").as_bytes())
        poller = MailboxPoller(
            server.mailbox, accept=accept, max_bytes=1_000_000, poll_s=1, alarm=alarm
        )

        def fetch() -> None:
            poller.run()
            connection.close()

        thread = threading.Thread(target=fetch)
        thread.start()
        wait_until(InboundItem.objects.exists)
        alarm.ring()
        thread.join(20)
    generasoft.work()
    item = InboundItem.objects.get()
    assert (item.gateway, item.fate) == ("imap", Fate.CASE)
    assert Case.objects.get().desk == "soporte"
    assert len(generasoft.mails_to(ANA_ADDRESS)) == 1


def test_g1_live_chat_is_declared_as_a_channel(generasoft: House) -> None:
    live = [each.key for each in generasoft.pack.channels if each.live]
    assert live == ["whatsapp"]
