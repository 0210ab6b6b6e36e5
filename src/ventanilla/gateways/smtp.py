"""One conversation over SMTP, or over LMTP with a mail server in front of us."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from ventanilla.gateways import replies
from ventanilla.gateways.content import Incoming
from ventanilla.gateways.limits import KIBIBYTE, Limits
from ventanilla.gateways.recipients import OwnAddresses
from ventanilla.gateways.storing import Arrival

if TYPE_CHECKING:
    from ventanilla.gateways.listener import Listener

log = logging.getLogger(__name__)

COMMAND_LENGTH = 2048
"""RFC 5321 asks for 512 and more for extensions; SMTPUTF8 addresses can be long."""
ADDRESS_LENGTH = 320
UNKNOWN_RECIPIENTS_BORNE = 20
"""In one connection; somebody who asks for more is guessing addresses."""
STOCK_TOO_LARGE = "552 Error: message size exceeds fixed maximum message size"


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
            line = await self._listener.judge(incoming, self._arrival)
            incoming.drop()
            await self._answer(line)
        finally:
            incoming.drop()
            self.envelope = self._create_envelope()
        if not is_whole:
            self._writer.close()

    async def push(self, status: str | bytes) -> None:
        """Say a line; aiosmtpd's own word on an announced size is replaced by ours."""
        line = status if isinstance(status, str) else status.decode()
        await super().push(self._listener.too_large() if line == STOCK_TOO_LARGE else line)

    def _time_keeper(self) -> Callable[[], None]:
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
