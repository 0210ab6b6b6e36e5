"""A real receiving SMTP server, that takes, refuses, hangs up or says nothing."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ventanilla.core.mailboxes import Relay

Behaviour = Callable[[SMTP], str]


def hang_up(server: SMTP) -> str:
    """Close the connection instead of answering."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "250 never read"


@dataclass
class Receiver:
    """What the server does, and what it has taken."""

    sender: str = "250 OK"
    recipients: dict[str, str] = field(default_factory=dict)
    content: str | Behaviour = "250 2.0.0 queued as 4711"
    after_s: float = 0
    taken: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.after_s)
        answer = self.content if isinstance(self.content, str) else self.content(server)
        if answer.startswith("250 2"):
            self.taken.append(envelope)
            self.sessions.append(session)
        return answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        known = isinstance(login, LoginPassword) and login.password == b"clave"
        return AuthResult(success=known, handled=False)


@contextmanager
def receiving(
    receiver: Receiver,
    *,
    certificate: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
    **options: Any,
) -> Iterator[Relay]:
    """The relay that the server is, while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    connections: list[SMTP] = []

    def connect() -> SMTP:
        offered = None if implicit_tls else certificate
        connections.append(
            SMTP(receiver, hostname="relay.example", loop=loop, tls_context=offered, **options)
        )
        return connections[-1]

    async def begin() -> asyncio.Server:
        over_tls = certificate if implicit_tls else None
        return await loop.create_server(connect, "localhost", 0, ssl=over_tls)

    async def end(server: asyncio.Server) -> None:
        server.close()
        for each in connections:
            if isinstance(each.transport, asyncio.Transport):
                each.transport.abort()
        await asyncio.sleep(0.05)

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield Relay("localhost", server.sockets[0].getsockname()[1], "none")
    finally:
        asyncio.run_coroutine_threadsafe(end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
