"""Local wall time to real time, exactly, through every change of offset.

A local stretch [a, b) of a date means: the instants at which the wall clock of the zone reads that
date and a time inside the stretch. A skipped hour therefore shortens it and a repeated hour
lengthens it, and a time that never happens stands for the instant of the jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from .values import DAY, HOUR, SECOND, PolicyError, moment_at

_SAMPLE = 12 * HOUR  # No zone changes twice within it and back again.
_MARGIN = 36 * HOUR
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
FIRST_YEAR, LAST_YEAR = 2, 9997


class UnknownZone(PolicyError):
    """La zona horaria no existe: use un nombre IANA como America/Bogota o America/Tijuana."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{type(self).__doc__} Se recibió {given!r}.")


class MomentOutOfRange(PolicyError):
    """El momento queda fuera de los años que el calendario sabe contar."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"{type(self).__doc__} {detail}")


@dataclass(frozen=True, slots=True)
class OffsetRun:
    """A run of instants [start, end) in microseconds during which the zone keeps one offset."""

    start: int
    end: int
    offset: int


def zone_named(name: str | ZoneInfo) -> ZoneInfo:
    """The zone of an IANA name, or the zone itself. Raises UnknownZone."""
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError):
        raise UnknownZone(name) from None


def local_midnight(day: date) -> int:
    """Midnight of a date as if its wall clock were UTC, in microseconds."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY


@cache
def offset_runs(zone: ZoneInfo, year: int) -> tuple[OffsetRun, ...]:
    """The offset runs that cover a local year with a margin. Raises MomentOutOfRange."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MomentOutOfRange(f"Se pidió el año {year}; va del {FIRST_YEAR} al {LAST_YEAR}.")
    begin = local_midnight(date(year, 1, 1)) - _MARGIN
    finish = local_midnight(date(year + 1, 1, 1)) + _MARGIN
    runs: list[OffsetRun] = []
    start, offset, at = begin, _offset_at(zone, begin), begin
    while at < finish:
        following = min(at + _SAMPLE, finish)
        if _offset_at(zone, following) != offset:
            change = _change_between(zone, at, following, offset)
            runs.append(OffsetRun(start, change, offset))
            start, offset = change, _offset_at(zone, change)
            following = change
        at = following
    return (*runs, OffsetRun(start, finish, offset))


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    offset = moment_at(instant).astimezone(zone).utcoffset()
    assert offset is not None
    return (offset.days * 86_400 + offset.seconds) * SECOND


def _change_between(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The first instant after ``before`` whose offset differs; zones change at whole seconds."""
    while after - before > SECOND:
        middle = (before + after) // (2 * SECOND) * SECOND
        if _offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def real_stretches(
    runs: tuple[OffsetRun, ...], midnight: int, start: int, end: int
) -> list[tuple[int, int]]:
    """The instants [start, end) of a local stretch given in microseconds from a local midnight."""
    found: list[tuple[int, int]] = []
    for run in runs:
        opens = max(midnight + start - run.offset, run.start)
        shuts = min(midnight + end - run.offset, run.end)
        if opens >= shuts:
            continue
        if found and found[-1][1] == opens:
            found[-1] = (found[-1][0], shuts)
        else:
            found.append((opens, shuts))
    return found
