"""Past moments in their order: what happens next in a history that is being told."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime

Event = Callable[[datetime], None]


class Agenda:
    """Events by moment; an event may plan further ones. What lies after the end never happens."""

    def __init__(self, *, end: datetime) -> None:
        self.end = end
        self._waiting: list[tuple[datetime, int, Event]] = []
        self._order = itertools.count()

    def plan(self, at: datetime, event: Event) -> None:
        """Let ``event`` happen at this moment, unless the history ends before."""
        if at <= self.end:
            heapq.heappush(self._waiting, (at, next(self._order), event))

    def run(self) -> Iterator[datetime]:
        """Let everything happen in order; yields each moment after its event."""
        while self._waiting:
            at, _, event = heapq.heappop(self._waiting)
            event(at)
            yield at
