"""Fetching from a real IMAP server into a real database."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from imapclient import IMAPClient
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.desk.people import policy
from tests.gateways.mailboxes import MailServer, mail_server
from tests.gateways.patience import wait_until
from ventanilla.channels.models import Fate, InboundItem, MailboxCursor
from ventanilla.core.mailboxes import ImapMailbox
from ventanilla.desk.intake import accept, receive
from ventanilla.gateways.imap import TRIES_PER_MAIL, MailboxPoller, MailboxUnreadable
from ventanilla.gateways.storing import Accept
from ventanilla.gateways.waking import Alarm
from ventanilla.register.models import Case

pytestmark = pytest.mark.django_db(transaction=True)


def mail(number: int, size: int = 0) -> bytes:
    return b"From: ana@cliente.example\r\nSubject: m%d\r\n\r\nhola\r\n" % number + b"x" * size


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def server(servers: MailServer) -> MailServer:
    servers.renumber()
    return servers


@contextmanager
def polling(
    server: MailServer,
    *,
    mailbox: ImapMailbox | None = None,
    poll_s: float = 60,
    max_bytes: int = 10_000,
    accept: Accept = accept,
) -> Iterator[MailboxPoller]:
    with Alarm() as alarm:
        poller = MailboxPoller(
            mailbox or server.mailbox,
            accept=accept,
            max_bytes=max_bytes,
            poll_s=poll_s,
            alarm=alarm,
        )

        def run() -> None:
            poller.run()
            connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield poller
        finally:
            alarm.ring()
            thread.join(10)
            assert not thread.is_alive()


def subjects() -> list[str]:
    raws = InboundItem.objects.order_by("id").values_list("raw", flat=True)
    return [bytes(raw).split(b"\r\n")[1].decode().removeprefix("Subject: ") for raw in raws]


def is_read_up_to(count: int) -> bool:
    cursor = MailboxCursor.objects.first()
    return cursor is not None and cursor.last_uid == 100 + count  # pymap begins at 101


def test_takes_what_is_there_and_then_what_comes_and_leaves_the_mailbox_as_it_was(
    server: MailServer,
) -> None:
    server.append(mail(1), mail(2))
    with polling(server) as poller:
        wait_until(lambda: is_read_up_to(2))
        time.sleep(0.3)  # into IDLE
        began = time.monotonic()
        server.append(mail(3))
        wait_until(lambda: is_read_up_to(3))
        assert time.monotonic() - began < 5  # announced by IDLE, long before the next look
        wait_until(lambda: MailboxCursor.objects.get().polled_at)
    assert subjects() == ["m1", "m2", "m3"]
    assert bytes(InboundItem.objects.earliest("id").raw) == mail(1)
    assert server.flags() == [(), (), ()]
    assert poller.stored == 3
    assert MailboxCursor.objects.get().last_error == ""
    item = InboundItem.objects.latest("id")
    assert item.source_key == f"{poller.name};{MailboxCursor.objects.get().uidvalidity};103"
    assert ProcrastinateJob.objects.count() >= 1


def test_looks_again_where_idle_is_not_offered(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "IDLE")
    with polling(server, poll_s=0.3):
        wait_until(lambda: MailboxCursor.objects.filter(polled_at__isnull=False).exists())
        server.append(mail(1))
        wait_until(lambda: is_read_up_to(1))


def test_mail_read_by_somebody_else_is_taken_all_the_same(server: MailServer) -> None:
    server.append(mail(1))
    with server.client() as client:
        client.select_folder("Entrada")
        client.set_flags(client.search(), [b"\\Seen"])
    with polling(server):
        wait_until(lambda: is_read_up_to(1))
    assert subjects() == ["m1"]


def test_begins_where_it_ended_and_takes_nothing_twice(server: MailServer) -> None:
    server.append(mail(1), mail(2))
    with polling(server):
        wait_until(lambda: is_read_up_to(2))
    MailboxCursor.objects.update(last_uid=101)  # as after a crash between mail and cursor
    server.append(mail(3))
    with polling(server):
        wait_until(lambda: is_read_up_to(3))
    assert subjects() == ["m1", "m2", "m3"]


def test_a_new_uidvalidity_reads_everything_again(server: MailServer) -> None:
    server.append(mail(1), mail(2))
    with polling(server):
        wait_until(lambda: is_read_up_to(2))
    before = MailboxCursor.objects.get().uidvalidity
    server.renumber(mail(1), mail(9))
    with polling(server):
        wait_until(lambda: MailboxCursor.objects.get().uidvalidity != before and is_read_up_to(2))
    # m1 is there twice, under two places; that it is one mail is the desk's to find out.
    assert subjects() == ["m1", "m2", "m1", "m9"]
    one, two = InboundItem.objects.filter(raw=mail(1))
    assert (one.sha256, one.source_key) != (two.sha256, two.source_key)
    assert one.sha256 == two.sha256


def test_a_mail_over_the_limit_waits_in_quarantine_and_the_next_is_taken(
    server: MailServer,
) -> None:
    server.append(mail(1, size=20_000), mail(2))
    with polling(server):
        wait_until(lambda: is_read_up_to(2))
    large, small = InboundItem.objects.order_by("id")
    assert (large.fate, large.fate_reason) == (Fate.QUARANTINE, "too_large")
    assert bytes(large.raw).startswith(b"From: ana@cliente.example\r\nSubject: m1\r\n")
    assert len(bytes(large.raw)) < 200
    assert "sigue en el buzón" in large.fate_detail
    assert small.fate == Fate.PENDING


def test_a_database_that_is_away_costs_nothing_but_time(server: MailServer) -> None:
    tries = []

    def flaky(**facts: object) -> object:
        tries.append(facts["source_key"])
        if len(tries) == 1:
            raise OperationalError("the connection is lost")
        return accept(**facts)  # type: ignore[arg-type]  # the keywords of the port

    server.append(mail(1))
    with polling(server, accept=flaky) as poller:
        wait_until(lambda: is_read_up_to(1))
        wait_until(lambda: not poller.last_error)
    assert tries[0] == tries[1]
    assert subjects() == ["m1"]


def test_a_folder_that_goes_away_is_found_again_and_the_error_is_shown(server: MailServer) -> None:
    server.append(mail(1))
    with polling(server, poll_s=0.3):
        wait_until(lambda: is_read_up_to(1))
        with server.client() as client:
            client.delete_folder("Entrada")
        wait_until(lambda: MailboxCursor.objects.exclude(last_error="").exists())
        with server.client() as client:
            client.create_folder("Entrada")
        server.append(mail(2))
        wait_until(lambda: InboundItem.objects.count() == 2)
        wait_until(lambda: MailboxCursor.objects.filter(last_error="").exists())
    assert subjects() == ["m1", "m2"]


def test_a_wrong_password_is_shown(server: MailServer) -> None:
    wrong = replace(server.mailbox, password="equivocada")
    with polling(server, mailbox=wrong) as poller:
        wait_until(lambda: MailboxCursor.objects.exclude(last_error="").exists())
        assert poller.last_error
    assert not InboundItem.objects.exists()


def test_what_is_read_again_becomes_no_second_case(server: MailServer) -> None:
    policy()
    server.append(mail(1))
    with polling(server):
        wait_until(lambda: is_read_up_to(1))
    before = MailboxCursor.objects.get().uidvalidity
    server.renumber(mail(1))
    with polling(server):
        wait_until(lambda: MailboxCursor.objects.get().uidvalidity != before and is_read_up_to(1))
    fates = [
        receive(item_id=item_id, as_of=timezone.now())
        for item_id in InboundItem.objects.order_by("id").values_list("id", flat=True)
    ]
    assert fates == [Fate.CASE, Fate.DUPLICATE]
    assert Case.objects.count() == 1


GONE = 9


class SilentServer:
    """Says that a mail is there and sends nothing of it, as servers with a damaged store do."""

    def fetch(self, uids: list[int], _what: list[str]) -> dict[int, dict[bytes, object]]:
        return {uid: {b"SEQ": 1, b"BODY[]": None} for uid in uids if uid != GONE}


def test_a_mail_without_content_is_not_taken_for_a_deleted_one(server: MailServer) -> None:
    with Alarm() as alarm:
        poller = MailboxPoller(
            server.mailbox, accept=accept, max_bytes=10_000, poll_s=60, alarm=alarm
        )
        client = SilentServer()
        for _ in range(TRIES_PER_MAIL - 1):
            with pytest.raises(MailboxUnreadable):
                poller._fetch(client, "m;1;7", 7)
        assert poller._fetch(client, "m;1;7", 7) is None
        assert poller._fetch(client, "m;1;9", GONE) is None
    item = InboundItem.objects.get()
    assert (item.fate, item.fate_reason) == (Fate.QUARANTINE, "unfetchable")
