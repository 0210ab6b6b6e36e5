"""The house as it runs: a live mail listener, a real worker, a relay that takes what goes out.

Nothing is replaced but the clock of the faces, so that the policy's own examples can be lived
through: mail comes in by an SMTP conversation, jobs are carried out by the job engine, and what
the customer reads is what the relay was handed.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.utils import timezone

from tests.channels.receiving import Receiver, receiving
from tests.desk.people import policy
from ventanilla.channels.models import InboundItem, OutboundMessage
from ventanilla.core.config import Config, config
from ventanilla.desk import jobs, worker
from ventanilla.gateways.listener import Listener
from ventanilla.gateways.run import start_listener
from ventanilla.policy.schema import Pack
from ventanilla.register.models import Case
from ventanilla.register.policies import pack_of

SMTP_TIMEOUT_S = 20


@dataclass
class House:
    """The running house, and the moment its faces take for now."""

    port: int
    relay: Receiver
    now: datetime
    pack: Pack
    delivered: list[EmailMessage] = field(default_factory=list)
    _read: int = 0

    def at(self, moment: datetime) -> House:
        """Let it be that moment from here on."""
        self.now = moment
        return self

    def post(
        self, mail: EmailMessage | bytes, *, to: str, sender: str = "ana@cliente.example"
    ) -> None:
        """Hand a mail over by SMTP; raises what a mail server would hear."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.port, timeout=SMTP_TIMEOUT_S) as conversation:
            conversation.sendmail(sender, [to], content)

    def work(self) -> None:
        """Let a real worker carry out all that waits for a moment that has come in this house."""
        with connection.cursor() as cursor:  # the engine itself goes by the clock of the database
            cursor.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL"
                " WHERE status = 'todo' AND scheduled_at <= %s",
                [self.now],
            )

        async def carry_out() -> None:
            # The thread of the jobs outlives this loop: it may hold a connection from a test before.
            close = sync_to_async(connections.close_all)
            await close()
            own = worker.app_for_workers(1)
            async with own.open_async():
                await own.run_worker_async(
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                    delete_jobs="successful",
                    queues=["mail_in", "mail_out"],
                )
            await close()

        asyncio.run(carry_out())

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What the relay has been handed for an address so far, oldest first."""
        taken = [each for each in self.relay.taken if address in each.rcpt_tos]
        return [_parsed(each.original_content or each.content) for each in taken]

    def arrives(self, mail: EmailMessage, *, to: str, sender: str = "ana@cliente.example") -> Case:
        """Post a mail, let the house work, and return the case it belongs to now."""
        before = InboundItem.objects.count()
        self.post(mail, to=to, sender=sender)
        assert InboundItem.objects.count() == before + 1
        self.work()
        item = InboundItem.objects.defer("raw").order_by("-id")[0]
        assert item.case is not None, (item.fate, item.fate_reason, item.fate_detail)
        return item.case


def _parsed(content: Any) -> EmailMessage:
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def words(mail: EmailMessage) -> str:
    """The plain text of a mail, with the line ends of text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def open_house(
    settings: Any, monkeypatch: pytest.MonkeyPatch, *, pack: str, now: datetime
) -> Iterator[House]:
    """Start listener and relay on free ports; stop both."""
    relay = Receiver()
    with receiving(relay) as outgoing:
        monkeypatch.setenv("VENTANILLA_PACK", pack)
        monkeypatch.setenv("VENTANILLA_RELAY_URL", f"smtp://{outgoing.host}:{outgoing.port}")
        config.cache_clear()
        settings.VENTANILLA = config()
        version = policy()
        house = House(port=0, relay=relay, now=now, pack=pack_of(version))
        monkeypatch.setattr(timezone, "now", lambda: house.now)
        monkeypatch.setattr(jobs, "now", lambda: house.now)
        # Port 0, any free one, is for tests only: the settings refuse it.
        with _listening(config().model_copy(update={"smtp_port": 0})) as port:
            house.port = port
            yield house
    monkeypatch.undo()
    config.cache_clear()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the one of PostgreSQL has it; what the threads of listener and worker borrowed


@contextmanager
def _listening(settings: Config) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, loop).result(30)

    listener: Listener = run(start_listener(settings))
    try:
        yield int(str(listener.address).rpartition(":")[2])
    finally:
        run(listener.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def outbox_of(case: Case) -> list[OutboundMessage]:
    """Everything queued about a case, oldest first."""
    return list(OutboundMessage.objects.filter(case=case).order_by("id"))
