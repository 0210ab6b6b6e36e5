"""The body of a request as the line brings it: whole, or an error."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

PIECE = 64 * 1024
MOST_DRAINED = 64 * 1024 * 1024


class Source(Protocol):
    """What a web server gives to read a body from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class WholeBody:
    """Raises ConnectionResetError where a body ends before its length.

    A web server only ends it, and half of a file that a broken line brought would be a file.
    """

    def __init__(self, source: Source, length: int) -> None:
        self._source = source
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all; fewer only at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        pieces = []
        while wanted:
            piece = self._source.read(min(wanted, PIECE))
            if not piece:
                raise ConnectionResetError
            pieces.append(piece)
            wanted -= len(piece)
            self._left -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        """A line, or so many bytes of it."""
        line = b""
        while self._left and len(line) != size and not line.endswith(b"\n"):
            line += self.read(1)
        return line

    def drain(self) -> None:
        """Read what nobody wanted, within reason: a browser that cannot send hears no answer."""
        with suppress(OSError):
            for _piece in range(MOST_DRAINED // PIECE):
                if not self.read(PIECE):
                    return


def whole_body(environ: dict[str, Any]) -> WholeBody:
    """Put the body of a request under watch. One that tells no length has none."""
    told = str(environ.get("CONTENT_LENGTH") or "")
    body = WholeBody(environ["wsgi.input"], int(told) if told.isdecimal() else 0)
    environ["wsgi.input"] = body
    return body
