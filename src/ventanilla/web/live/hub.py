"""The open streams of this process, and who of them hears what.

One hub a process. It is filled by the listener (what the database announces) and by the clerk (what
had to be asked), and knows no database itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from ventanilla.web.live.stream import Stream

NUDGE_EVERY_S = 2.0
"""At most so often the streams are asked for a sign of life, however many wait for a place."""
REMEMBERED = 2_000
"""So many changes are remembered for pages that were drawn a moment before they listened."""


@dataclass(frozen=True, slots=True)
class Change:
    """A case that was written, as the record announced it."""

    at_ms: int
    case_id: int
    folio: str
    seq: int
    desk: str
    desks: frozenset[str]
    assignees: frozenset[int]

    @classmethod
    def read(cls, told: Mapping[str, Any], at_ms: int) -> Change:
        """From the payload of a notification."""
        places = (told["desk"], told.get("was_desk"))
        people = (told["assignee"], told.get("was_assignee"))
        return cls(
            at_ms, told["case"], told["folio"], told["seq"], told["desk"],
            frozenset(filter(None, places)), frozenset(filter(None, people)),
        )  # fmt: skip


class Asking(Protocol):
    """What the hub has somebody ask the database; none of it is waited for."""

    def look(self, case_id: int) -> None:
        """Find out who is on a case and tell its pages."""

    def look_at_all(self) -> None:
        """Find out how every watched case stands: news may have been missed."""

    def close_pages(self, connections: Sequence[UUID]) -> None:
        """Note that these pages are closed."""


class Hub:
    """Gives every change to the streams it concerns. All methods may be called from any thread."""

    def __init__(self, *, most: int, most_each: int, asking: Asking) -> None:
        self.most = most
        self.most_each = most_each
        self._asking = asking
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._recent: deque[Change] = deque(maxlen=REMEMBERED)
        self._hears_since_ms: int | None = None
        self._nudge_at: dict[int | None, float] = {}  # of a person, and of the whole house
        self._is_closed = False

    def streams(self) -> list[Stream]:
        """Those that are open at this moment."""
        with self._lock:
            return list(self._streams)

    def has_room_for(self, staff_id: int) -> bool:
        """Whether this person may open one more.

        When not, whoever is in the way is asked for a sign of life: who loads pages in quick
        succession leaves streams behind that nobody reads. When asked again the dead are gone.
        In the way of one person are only their own, in the way of a full house are all.
        """
        everyone = self.streams()
        own = [each for each in everyone if each.visitor.staff_id == staff_id]
        if len(everyone) >= self.most:
            self._nudge(None, everyone)
            return False
        if len(own) >= self.most_each:
            self._nudge(staff_id, own)
            return False
        return True

    def _nudge(self, whose: int | None, streams: Sequence[Stream]) -> None:
        now = time.monotonic()
        with self._lock:
            if now < self._nudge_at.get(whose, now):
                return
            waiting = {each: at for each, at in self._nudge_at.items() if now < at}
            self._nudge_at = {**waiting, whose: now + NUDGE_EVERY_S}
        for stream in streams:
            stream.nudge()

    def admit(self, stream: Stream) -> bool:
        """Let a stream hear from now on; False when there are too many, or the process ends."""
        with self._lock:
            if self._is_closed or len(self._streams) >= self.most:
                return False
            self._streams.add(stream)
            is_deaf = self._hears_since_ms is None
        if is_deaf:
            stream.put("lost", {}, slot="link")
        return True

    def dismiss(self, stream: Stream) -> None:
        """Forget a stream whose connection is gone."""
        with self._lock:
            self._streams.discard(stream)
        self._asking.close_pages([each.connection for each in stream.watched.values()])

    def end(self, stream_id: str, *, staff_id: int) -> None:
        """End a stream that its browser has closed, before the network says so."""
        for stream in self.streams():
            if str(stream.id) == stream_id and stream.visitor.staff_id == staff_id:
                self.dismiss(stream)
                stream.end()

    def catch_up(self, stream: Stream, since_ms: int) -> None:
        """Tell what happened since its page was drawn, as far as is remembered; in doubt, that."""
        with self._lock:
            hears, recent = self._hears_since_ms, list(self._recent)
        reaches = recent[0].at_ms if len(recent) == REMEMBERED else hears
        if reaches is None or reaches > since_ms:
            stream.put_queue("", is_mine=False, at_ms=_now_ms())
        for change in recent:
            if change.at_ms > since_ms:
                _tell_queue(stream, change)

    def tell(self, told: Mapping[str, Any]) -> None:
        """Pass on what the database announced."""
        if told.get("kind") == "case":
            self._tell_change(Change.read(told, _now_ms()))
        elif told.get("kind") == "presence" and self._is_watched(told["case"]):
            self._asking.look(told["case"])

    @property
    def is_heard(self) -> bool:
        """Whether the database can be heard at this moment."""
        return self._hears_since_ms is not None

    def hears(self) -> None:
        """The database announces to us again: everybody hears that, and looks what they missed."""
        with self._lock:
            was_heard = self._hears_since_ms is not None
            self._recent.clear()
            self._hears_since_ms = _now_ms()
        if not was_heard:
            for stream in self.streams():
                stream.put("back", {}, slot="link")
                stream.put_queue("", is_mine=False, at_ms=_now_ms())
            self._asking.look_at_all()

    def is_deaf(self) -> None:
        """The database went away: nobody can be told anything for a while."""
        with self._lock:
            self._hears_since_ms = None
        for stream in self.streams():
            stream.put("lost", {}, slot="link")

    def close(self) -> None:
        """End every stream and admit no more: the process is asked to end."""
        with self._lock:
            self._is_closed = True
        for stream in self.streams():
            stream.end()

    def _tell_change(self, change: Change) -> None:
        with self._lock:
            self._recent.append(change)
        for stream in self.streams():
            if change.case_id in stream.watched:
                _tell_case(stream, change)
            _tell_queue(stream, change)

    def _is_watched(self, case_id: int) -> bool:
        return any(case_id in each.watched for each in self.streams())


def _tell_case(stream: Stream, change: Change) -> None:
    """Whoever sees its desk now; a case that went to a hidden one is taken from its pages."""
    if stream.visitor.sees((change.desk,)):
        stream.put("case", {"folio": change.folio, "seq": change.seq}, slot=change.folio)
    else:
        stream.forget(change.case_id)


def _tell_queue(stream: Stream, change: Change) -> None:
    if stream.visitor.sees(change.desks):
        is_mine = stream.visitor.staff_id in change.assignees
        stream.put_queue(change.folio, is_mine=is_mine, at_ms=change.at_ms)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
