"""The body of a request as the line brings it: whole and not too slowly, or an error.

The web server hands a body over as it arrives, so whoever sends slowly keeps the thread that reads.
Such threads are counted, all together and for each network, and none of them is a thread that a
page or a live stream needs. The server cannot be called back from waiting: a line that brings
nothing at all keeps its place until it closes, or until its other end is found to be gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from threading import Lock
from time import monotonic
from typing import IO, Any, Protocol

from ventanilla.core.config import MOST_BODIES

MOST_OF_NETWORK = 16
PIECE = 16 * 1024
IN_MEMORY = 1024 * 1024
GRACE_S = 10
SLOWEST = 2 * 1024
"""Bytes a second that a body brings at least, on the whole, once the grace is over."""
MOST_DRAINED = 32 * 1024 * 1024
DRAINED_WITHIN_S = 2


class NoPlace(Exception):
    """Too many bodies are under way, in all or from this network."""


class TooSlow(TimeoutError):
    """The body comes so slowly that others would wait for it."""


class Source(Protocol):
    """What a web server gives to read a body from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class Places:
    """How many bodies are under way, and from where."""

    def __init__(self, *, most: int = MOST_BODIES, of_network: int = MOST_OF_NETWORK) -> None:
        self._most, self._of_network = most, of_network
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def taken(self, network: str) -> Iterator[None]:
        """Hold a place while the block runs. Raises NoPlace."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[network] >= self._of_network:
                raise NoPlace
            self._taken[network] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[network] -= 1
                self._taken += Counter()  # forgets the networks that hold none


class WholeBody(RawIOBase):
    """Raises ConnectionResetError where a body ends before its length, TooSlow where it dawdles.

    A web server only ends it, and half of a file that a broken line brought would be a file.
    """

    def __init__(
        self, source: Source, length: int, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._source, self._clock = source, clock
        self._left = self._length = length
        self._waited = 0.0
        self._failure: OSError | None = None

    @property
    def left(self) -> int:
        """The bytes that were not read."""
        return self._left

    @property
    def failure(self) -> OSError | None:
        """Why reading ended early, although whoever read may have made nothing of it."""
        return self._failure

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, into: Any) -> int:
        """As much as there is room for; less only at the end."""
        filled = 0
        while piece := self.piece(len(into) - filled):
            into[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    def piece(self, most: int = PIECE) -> bytes:
        """The next bytes; none only at the end."""
        wanted = min(most, PIECE, self._left)
        if not wanted:
            return b""
        began = self._clock()
        piece = self._source.read(wanted)
        self._waited += self._clock() - began
        self._left -= len(piece)
        if not piece:
            self._failure = ConnectionResetError()
        elif self._waited > GRACE_S and self._length - self._left < self._waited * SLOWEST:
            self._failure = TooSlow()
        if self._failure is not None:
            raise self._failure
        return piece

    def ahead(self) -> IO[bytes]:
        """All of it, in memory or, when it is much, in a file without a name."""
        kept: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - gone with the request
        while piece := self.piece():
            kept.write(piece)
        kept.seek(0)
        return kept

    def drain(self) -> None:
        """Read what nobody wanted, within reason: a browser that cannot send hears no answer."""
        until = self._clock() + DRAINED_WITHIN_S
        with suppress(OSError):
            for _piece in range(MOST_DRAINED // PIECE):
                if not self.piece() or self._clock() > until:
                    return


class Outside(RawIOBase):
    """Reads a body while the gate of the pages is left, so that nobody waits for it inside."""

    def __init__(
        self, body: WholeBody, *, leave: Callable[[], None], enter: Callable[[], object]
    ) -> None:
        self._body, self._leave, self._enter = body, leave, enter

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, into: Any) -> int:
        """As the body."""
        self._leave()
        try:
            return self._body.readinto(into)
        finally:
            self._enter()
