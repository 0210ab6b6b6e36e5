"""The mail listener: SMTP from anywhere, or LMTP from a mail server in front of us.

A message is answered with 250 only after it is committed. Until then it is the sender's: every
trouble of ours is a 4xx, so that it comes again.
"""

import asyncio
import hashlib
import logging
import ssl
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from ventanilla.gateways import replies
from ventanilla.gateways.content import Fault, Incoming
from ventanilla.gateways.limits import KIBIBYTE, MEBIBYTE, Admission, Limits
from ventanilla.gateways.recipients import OwnAddresses
from ventanilla.gateways.storing import Accept, Arrival, Stored, store

log = logging.getLogger(__name__)

COMMAND_LENGTH = 2048
"""RFC 5321 asks for 512 and more for extensions; SMTPUTF8 addresses can be long."""
ADDRESS_LENGTH = 320
UNKNOWN_RECIPIENTS_BORNE = 20
"""In one connection; somebody who asks for more is guessing addresses."""
GRACE_S = 15
"""For messages that are being stored when the listener is told to stop."""


class Doorman:
    """Says who may write to whom. One for the whole listener; aiosmtpd calls its hooks."""

    def __init__(self, own: OwnAddresses, limits: Limits) -> None:
        self._own = own
        self._limits = limits

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds its hooks by name
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        """Announce no AUTH (nobody signs in here) and PIPELINING, which RFC 2033 demands."""
        session.host_name = name
        kept = [line for line in lines if not line.startswith("250-AUTH")]
        return [*kept[:-1], "250-PIPELINING", kept[-1]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds its hooks by name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take every sender that can be written down, the null sender of bounces among them."""
        if not _can_be_stored(address):
            return replies.BAD_SENDER
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return replies.OK

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds its hooks by name
        self,
        server: "Conversation",
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take the addresses of our desks only."""
        if not _can_be_stored(address):
            return replies.BAD_ADDRESS
        if address not in self._own:
            return server.refuse_unknown()
        if len(envelope.rcpt_tos) >= self._limits.recipients:
            return replies.TOO_MANY_RECIPIENTS
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return replies.OK

    async def handle_exception(self, error: Exception) -> str:
        """Tell a stranger nothing about our inside."""
        log.error("smtp conversation failed", exc_info=error)
        return replies.INTERNAL


def _can_be_stored(address: str) -> bool:
    """PostgreSQL stores no NUL and no lone surrogate, which is how broken UTF-8 arrives here."""
    if len(address) > ADDRESS_LENGTH or "\0" in address:
        return False
    try:
        address.encode()
    except UnicodeEncodeError:
        return False
    return True


class Conversation(SMTP):
    """One connection, as aiosmtpd drives it; the limits and the reading of content are ours."""

    # The reader's buffer, and so the longest chunk of content that is looked at in one piece.
    line_length_limit = 64 * KIBIBYTE
    local_part_limit = 256
    envelope: Envelope

    def __init__(self, listener: "Listener", **options: Any) -> None:
        # aiosmtpd keeps this on the class, where one connection changes it for all others.
        self.command_size_limits = defaultdict(lambda: COMMAND_LENGTH)
        limits = listener.limits
        super().__init__(
            Doorman(listener.own, limits),
            data_size_limit=limits.message_bytes,
            enable_SMTPUTF8=True,
            hostname=listener.hostname,
            ident="Ventanilla",
            timeout=limits.idle_s,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            **options,
        )
        self.command_size_limit = COMMAND_LENGTH
        self._listener = listener
        self._remote: str | None = None
        self._unknown_recipients = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or say at once that there are too many."""
        assert isinstance(transport, asyncio.Transport)
        if self._original_transport is None:  # otherwise it is the same one, now under TLS
            remote = str((transport.get_extra_info("peername") or ("",))[0])
            if not self._listener.enters(self, remote):
                transport.write(f"{replies.TOO_MANY_CONNECTIONS}\r\n".encode())
                transport.close()
                return
            self._remote = remote
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Let the next one in."""
        if self._remote is None:  # turned away, or told before
            return
        self._listener.leaves(self, self._remote)
        self._remote = None
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """The other side has said its last word."""
        return super().eof_received() if self._remote is not None else None

    def say(self, line: str) -> None:
        """Say something unasked and hang up."""
        if isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.write(f"{line}\r\n".encode())
            self.transport.close()

    def _timeout_cb(self) -> None:
        self.say(replies.TOO_SLOW)

    def refuse_unknown(self) -> str:
        """The answer to an address that is not ours; too many of them end the connection."""
        self._unknown_recipients += 1
        self._listener.counts["unknown_recipient"] += 1
        if self._unknown_recipients >= UNKNOWN_RECIPIENTS_BORNE:
            self.loop.call_soon(self.say, replies.CLOSING)
        return replies.UNKNOWN_RECIPIENT

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd finds it by name
        """Read the content, have it stored, and only then answer."""
        if await self.check_helo_needed():
            return
        if arg or not self.envelope.rcpt_tos:
            await self.push(replies.NO_ARGUMENT if arg else replies.NEED_RECIPIENT)
            return
        await self.push(replies.GO_AHEAD)
        incoming = Incoming(self._listener.admission)
        try:
            is_whole = await incoming.read(self._reader, self._time_keeper())
            self._reset_timeout(self._listener.limits.store_s + self._timeout_duration)
            await self._answer(await self._listener.judge(incoming, self._arrival))
        finally:
            incoming.drop()
            self.envelope = self._create_envelope()
        if not is_whole:
            self._writer.close()

    def _time_keeper(self) -> Any:
        """Every chunk gives the sender new time, up to that of the whole message."""
        ends_at = self.loop.time() + self._listener.limits.message_s

        def on_progress() -> None:
            left = max(ends_at - self.loop.time(), 0.001)
            self._reset_timeout(min(self._timeout_duration, left))

        return on_progress

    def _arrival(self, raw: bytes) -> Arrival:
        sender = self.envelope.mail_from or ""
        return Arrival(
            raw=raw,
            gateway=self._listener.gateway,
            envelope_from="" if sender == "<>" else sender,
            recipients=self.envelope.rcpt_tos,
            remote=self._remote or "",
        )

    async def _answer(self, line: str) -> None:
        await self.push(line)


class LocalConversation(Conversation, LMTP):
    """The same over LMTP (RFC 2033): LHLO, and one answer for each recipient after the content."""

    async def _answer(self, line: str) -> None:
        for _ in self.envelope.rcpt_tos:
            await self.push(line)


class Listener:
    """The listening port with all that its connections share. Create and use it on one loop."""

    def __init__(
        self,
        *,
        own: OwnAddresses,
        accept: Accept,
        limits: Limits,
        hostname: str,
        gateway: str = "smtp",
        tls: ssl.SSLContext | None = None,
        tls_required: bool = False,
    ) -> None:
        self.own = own
        self.limits = limits
        self.hostname = hostname
        self.gateway = gateway
        self.admission = Admission(limits)
        self.counts: Counter[str] = Counter()
        self._accept = accept
        self._options = {"tls_context": tls, "require_starttls": tls_required}
        self._threads = ThreadPoolExecutor(limits.storing_at_once, thread_name_prefix="store")
        self._conversations: set[Conversation] = set()
        self._storing: set[asyncio.Future[Stored]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which is a free one for 0. Raises OSError when it is taken."""
        kind = LocalConversation if self.gateway == "lmtp" else Conversation
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: kind(self, loop=loop, **self._options), host, port
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take nothing new, finish what is being stored, say good-bye to everybody."""
        if self._server is not None:
            self._server.close()
        if self._storing:
            await asyncio.wait(set(self._storing), timeout=GRACE_S)
            await asyncio.sleep(0)  # let the conversations push their answers
        for each in tuple(self._conversations):
            each.say(replies.CLOSING)
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def enters(self, conversation: Conversation, remote: str) -> bool:
        """Admit a connection, if there is room for it."""
        if not self.admission.admits(remote):
            self.counts["turned_away"] += 1
            return False
        self._conversations.add(conversation)
        return True

    def leaves(self, conversation: Conversation, remote: str) -> None:
        """Forget a connection."""
        self.admission.leaves(remote)
        self._conversations.discard(conversation)

    async def judge(self, incoming: Incoming, arrival: Any) -> str:
        """The answer to a message: why it was not read, or how storing it went."""
        if incoming.fault is not None:
            self.counts[incoming.fault.value] += 1
            return self._refusal(incoming.fault)
        item: Arrival = arrival(incoming.content())
        how = await self._store(item)
        self.counts[how.value] += 1
        if how is Stored.YES:
            return replies.STORED.format(digest=hashlib.sha256(item.raw).hexdigest()[:16])
        return replies.NO_ROOM if how is Stored.NO_ROOM else replies.TRY_AGAIN

    def _refusal(self, fault: Fault) -> str:
        if fault is Fault.HEADER_TOO_LARGE:
            return replies.HEADER_TOO_LARGE.format(limit=self.limits.header_bytes // KIBIBYTE)
        if fault is Fault.TOO_LARGE:
            return replies.TOO_LARGE.format(limit=self.limits.message_bytes // MEBIBYTE)
        return replies.NO_ROOM

    async def _store(self, arrival: Arrival) -> Stored:
        """Store in a thread. A database that hangs is not waited for longer than the limit.

        The thread cannot be called back: should it succeed later, the sender's second copy is
        recognised by its content.
        """
        loop = asyncio.get_running_loop()
        storing = loop.run_in_executor(self._threads, store, arrival, self._accept)
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(storing), self.limits.store_s)
        except TimeoutError:
            log.warning("mail not stored within %s s", self.limits.store_s)
            return Stored.NOT_NOW
