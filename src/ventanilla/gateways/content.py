"""Reading the content of one message from the wire, never keeping more than is allowed."""

import asyncio
import enum
from collections.abc import Callable

from ventanilla.gateways.limits import Admission

END = b"\r\n.\r\n"
BLANK_LINE = b"\r\n\r\n"

DRAINED_AT_MOST = 4
"""Times the message limit that a refused message is still read to its end.

Most senders listen only after they have said everything, so an answer in the middle would reach
nobody and the same message would come again for days. Beyond this the connection is cut."""


class Fault(enum.Enum):
    """Why the content was not kept."""

    TOO_LARGE = "message"
    HEADER_TOO_LARGE = "header"
    NO_ROOM = "room"


class Incoming:
    """The content of one message as it arrives.

    Only CR LF . CR LF ends it: a lone LF is content, so nobody can smuggle a second message
    through a server that reads line ends otherwise. Bytes are kept as they come, lines of any
    length: a message is evidence, and the real world sends lines beyond 998 characters.
    """

    def __init__(self, admission: Admission) -> None:
        self.fault: Fault | None = None
        self._admission = admission
        self._limits = admission.limits
        # The line end of the DATA command: an empty message ends with it.
        self._kept = bytearray(b"\r\n")
        self._seen = 0
        self._held = 0
        self._header_ended = False

    async def read(self, reader: asyncio.StreamReader, on_progress: Callable[[], None]) -> bool:
        """Read to the end; False when a refused message is so long that reading on is no use."""
        if await self._read_start(reader):
            return True
        while True:
            try:
                self._take(await reader.readuntil(END))
                return True
            except asyncio.LimitOverrunError as overrun:
                self._take(await reader.read(overrun.consumed))
            on_progress()
            if self._seen > DRAINED_AT_MOST * self._limits.message_bytes:
                return False

    async def _read_start(self, reader: asyncio.StreamReader) -> bool:
        """Read until the end mark can no longer straddle what was read; True if it has come."""
        while True:
            self._take(await reader.readexactly(1))
            if self._kept.endswith(END):
                return True
            if not any(self._kept.endswith(END[:length]) for length in range(1, len(END))):
                return False

    def _take(self, chunk: bytes) -> None:
        self._seen += len(chunk)
        if self.fault is None:
            self.fault = self._fault_with(chunk)
        if self.fault is not None:
            self.drop()
            return
        self._kept += chunk
        if not self._header_ended:
            self._look_for_header_end(len(chunk))

    def _fault_with(self, chunk: bytes) -> Fault | None:
        # The end mark is not content; it may be what passes the limit.
        if self._seen > self._limits.message_bytes + len(END):
            return Fault.TOO_LARGE
        if not self._header_ended and self._header_too_long(chunk):
            return Fault.HEADER_TOO_LARGE
        if not self._admission.holds(len(chunk)):
            return Fault.NO_ROOM
        self._held += len(chunk)
        return None

    def _header_too_long(self, chunk: bytes) -> bool:
        limit = self._limits.header_bytes
        if self._seen <= limit:
            return False
        start = bytes(self._kept[-len(BLANK_LINE) :]) + chunk
        end = start.find(BLANK_LINE)
        return end < 0 or len(self._kept) + end > limit + len(BLANK_LINE)

    def _look_for_header_end(self, fresh: int) -> None:
        from_ = max(0, len(self._kept) - fresh - len(BLANK_LINE))
        self._header_ended = BLANK_LINE in self._kept[from_:]

    def content(self) -> bytes:
        """The message: without the end mark and without the dots added for transport."""
        body = self._kept[: -len(b".\r\n")]
        return bytes(body.replace(b"\r\n.", b"\r\n")[len(b"\r\n") :])

    def drop(self) -> None:
        """Forget what was kept and give its memory back."""
        self._admission.releases(self._held)
        self._held = 0
        self._kept = bytearray()
