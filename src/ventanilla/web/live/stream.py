"""One open connection of one browser: a mailbox that others fill and its own thread empties.

A mailbox holds the latest of each kind of news and never a list of them, so what a slow browser
leaves lying is bounded however long it is slow, and what it reads at last is how things are now.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Any
from uuid import UUID, uuid4

HEARTBEAT_S = 15.0
"""A line at least so often: proxies keep the connection, and one that is gone is noticed."""
BETWEEN_QUEUES_S = 1.0
MOST_FOLIOS = 50
STUCK_AFTER_S = 90.0
RETRY_MS = 2_000
HEARTBEAT = b"event: beat\ndata: {}\n\n"
"""An event, not a comment: a browser hides comments from its scripts, and then cannot tell a quiet
connection from a dead one."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A case that a page of this browser shows; ``connection`` is its row of presence."""

    case_id: int
    folio: str
    connection: UUID


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads a stream, and what they may see: desks, or None for all."""

    staff_id: int
    session_key: str
    desks: frozenset[str] | None

    def sees(self, desks: Collection[str]) -> bool:
        """Whether a case that is or was at one of these desks is theirs to hear of."""
        return self.desks is None or not self.desks.isdisjoint(desks)


class Stream:
    """A mailbox. Every method may be called from any thread; ``chunks`` by one."""

    def __init__(self, visitor: Visitor, watched: Sequence[Watched], *, check_at: float) -> None:
        self.id = uuid4()
        self.visitor = visitor
        # Never changed, only replaced: several threads walk through it without a lock.
        self.watched: Mapping[int, Watched] = {each.case_id: each for each in watched}
        self.check_at = check_at
        self.people: dict[int, Sequence[Mapping[str, Any]]] = {}
        """Who was told to be on each case last; the clerk's to keep."""
        self._news = Condition()
        self._events: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._folios: dict[str, None] = {}
        self._queue: dict[str, Any] | None = None
        self._queue_told_at = float("-inf")
        self._read_at = time.monotonic()
        self._is_nudged = False
        self._is_ended = False

    def put(self, event: str, detail: Mapping[str, Any], *, slot: str) -> None:
        """Leave news; what lies in the same slot is out of date and taken away."""
        with self._news:
            self._events.pop(slot, None)
            self._events[slot] = (event, detail)
            self._news.notify()

    def put_queue(self, folio: str, *, is_mine: bool, at_ms: int) -> None:
        """Leave word that a queue changed; an empty folio means that nobody knows where.

        Sent at most once a second, all changes of that second together.
        """
        with self._news:
            if folio and len(self._folios) < MOST_FOLIOS:
                self._folios[folio] = None
            before = self._queue or {"mine": False, "whole": True}
            self._queue = {
                "mine": before["mine"] or is_mine,
                "whole": before["whole"] and bool(folio) and folio in self._folios,
                "at": at_ms,
            }
            self._news.notify()

    def end(self, reason: str = "") -> None:
        """Let the connection end after what is left has been sent; with a reason, say it."""
        with self._news:
            if reason:
                self._events["end"] = ("end", {"reason": reason})
            self._is_ended = True
            self._news.notify()

    def nudge(self) -> None:
        """Have a heartbeat sent now: only writing tells a living browser from a dead one."""
        with self._news:
            self._is_nudged = True
            self._news.notify()

    def forget(self, case_id: int) -> None:
        """Tell the pages of a case that it is no longer theirs to see."""
        with self._news:
            gone = self.watched.get(case_id)
            self.watched = {key: each for key, each in self.watched.items() if key != case_id}
        if gone is not None:
            self.put("gone", {"folio": gone.folio}, slot=gone.folio)

    @property
    def is_stuck(self) -> bool:
        """Whether the browser has taken nothing for long, although there was something."""
        return time.monotonic() - self._read_at > STUCK_AFTER_S

    def chunks(self) -> Iterator[bytes]:
        """What goes over the wire, until the stream is ended."""
        yield f"retry: {RETRY_MS}\n".encode() + written("hello", {"stream": str(self.id)})
        while True:
            chunk, is_last = self._next()
            if chunk:
                yield chunk
            if is_last:
                return

    def _next(self) -> tuple[bytes, bool]:
        """The news, or a heartbeat when there were none for long; and whether it was the last."""
        with self._news:
            self._read_at = time.monotonic()
            until = self._read_at + HEARTBEAT_S
            while not (self._events or self._is_ended or self._queue_is_due()):
                now = time.monotonic()
                if now >= until or self._is_nudged:
                    self._is_nudged = False
                    return HEARTBEAT, False
                self._news.wait(min(until, self._queue_due_at() or until) - now)
            return b"".join(self._taken()), self._is_ended

    def _queue_due_at(self) -> float | None:
        return None if self._queue is None else self._queue_told_at + BETWEEN_QUEUES_S

    def _queue_is_due(self) -> bool:
        due = self._queue_due_at()
        return due is not None and due <= time.monotonic()

    def _taken(self) -> Iterator[bytes]:
        events, self._events = self._events, {}
        for event, detail in events.values():
            yield written(event, detail)
        if self._queue is not None and self._queue_is_due():
            queue = self._queue
            folios = list(self._folios) if queue.pop("whole") else []
            self._queue, self._folios = None, {}
            self._queue_told_at = time.monotonic()
            yield written("queue", {"folios": folios, **queue})


def written(event: str, detail: Mapping[str, Any]) -> bytes:
    """One event in the format of ``text/event-stream``; JSON has no line breaks of its own."""
    return f"event: {event}\ndata: {json.dumps(detail, ensure_ascii=False)}\n\n".encode()
