"""Pauses: intervals in which a clock stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .timeline import Closings, Stretch, Track
from .values import Interval, PolicyError, ReversedInterval, micros

Break = Interval | tuple[datetime, datetime | None]
"""A pause; a tuple without an end is still running."""


class BadBreak(PolicyError):
    """La pausa no se entiende: dé Interval(inicio, fin) o (inicio, fin); sin fin, sigue abierta."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{type(self).__doc__} Se recibió {given!r}.")


def merged(
    breaks: Iterable[Break], since: int, still_running: int | None = None
) -> tuple[list[Stretch], int | None]:
    """The pauses after an instant, sorted, cut and joined where they touch or overlap; and since
    when the clock stands still for good, None unless a pause has no end.

    With ``still_running`` a pause without an end is taken to last until that instant.
    """
    if isinstance(breaks, Interval) or not isinstance(breaks, Iterable):
        raise BadBreak(breaks)
    ended: list[Stretch] = []
    open_since: list[int] = []
    for each in breaks:
        start, end = _ends(each)
        if end is None and still_running is None:
            open_since.append(max(start, since))
        else:
            ended.append((start, max(start, still_running or start) if end is None else end))
    return _joined(ended, since), min(open_since, default=None)


def _ends(pause: Break) -> tuple[int, int | None]:
    if isinstance(pause, Interval):
        return micros(pause.start), micros(pause.end)
    if not isinstance(pause, tuple | list) or len(pause) != 2:
        raise BadBreak(pause)
    begun, ended = pause
    start, end = micros(begun), None if ended is None else micros(ended)
    if ended is not None and end is not None and end < start:
        raise ReversedInterval(begun, ended)
    return start, end


def _joined(pauses: Iterable[Stretch], since: int) -> list[Stretch]:
    joined: list[Stretch] = []
    for begun, end in sorted(pauses):
        start = max(begun, since)
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def since(pauses: Iterable[Stretch], begin: int) -> list[Stretch]:
    """The parts of the pauses that lie after an instant."""
    return [(max(start, begin), end) for start, end in pauses if end > begin]


def push_instant(due: int, pauses: Iterable[Stretch]) -> int:
    """The due instant of an elapsed clock moved by the pauses that begin before it."""
    for start, end in pauses:
        if due <= start:
            break
        due += end - start
    return due


def push_position(wanted: int, track: Track, pauses: Iterable[Stretch]) -> int:
    """The wanted position on a track moved by the countable time of the pauses before it."""
    for start, end in pauses:
        begun = track.position(start)
        if wanted <= begun:
            break
        wanted += track.position(end) - begun
    return wanted


def push_index(index: int, first: int, closings: Closings, pauses: Iterable[Stretch]) -> int:
    """The index of the due closing moved by every closing that falls within a pause.

    A day is lost when the clock stands still as the day closes: the pause began before the
    closing and had not ended by then. A pause that begins at the very closing loses nothing.
    """
    for start, end in pauses:
        begun = max(closings.counted_by(start), first)
        if index < begun:
            break
        index += max(closings.counted_by(end) - begun, 0)
    return index


def paused_time(track: Track | None, pauses: Iterable[Stretch], until: int) -> int:
    """Countable time inside the pauses up to an instant; all time counts when there is no track."""
    lost = 0
    for start, end in pauses:
        stop = min(end, until)
        if start < stop:
            lost += track.position(stop) - track.position(start) if track else stop - start
    return lost


def paused_days(first: int, closings: Closings, pauses: Iterable[Stretch], until: int) -> int:
    """How many closings, from an index on and up to an instant, fall within a pause."""
    return sum(
        max(closings.counted_by(min(end, until)) - max(closings.counted_by(start), first), 0)
        for start, end in pauses
        if start < until
    )


def outside(stretches: Iterable[Stretch], pauses: Iterable[Stretch]) -> list[Stretch]:
    """The parts of the stretches that no pause covers."""
    left = list(stretches)
    for start, end in pauses:
        left = [
            part
            for opens, shuts in left
            for part in ((opens, min(shuts, start)), (max(opens, end), shuts))
            if part[0] < part[1]
        ]
    return left


def inside(stretches: Iterable[Stretch], pauses: Iterable[Stretch]) -> list[Stretch]:
    """The parts of the stretches that some pause covers."""
    pauses = list(pauses)
    parts = [
        (max(opens, start), min(shuts, end)) for opens, shuts in stretches for start, end in pauses
    ]
    return [part for part in parts if part[0] < part[1]]
