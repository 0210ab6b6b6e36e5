"""When a place is open: weekly hours, closures and days with their own hours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from .values import SECOND, PolicyError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_SECONDS = 86_400
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)


class BadHours(PolicyError):
    """El horario no se entiende: escriba «8:30-16:00»; 24:00 vale como final del día."""

    def __init__(self, given: object, why: str = "") -> None:
        super().__init__(f"{type(self).__doc__} Se recibió {given!r}. {why}".rstrip())


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One stretch of opening hours in local time, [start, end) in seconds from midnight.

    The end may be 24:00. Raises BadHours when it does not end after it starts; hours that pass
    midnight are written as two stretches, because each belongs to the business day it lies in.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_SECONDS or not 0 < self.end <= DAY_SECONDS:
            raise BadHours(str(self), "Las horas van de 00:00 a 24:00.")
        if self.end <= self.start:
            raise BadHours(
                str(self),
                "Debe terminar después de empezar; si pasa de la medianoche, escriba dos tramos: "
                "hasta 24:00, y desde 00:00 en el día siguiente.",
            )

    @classmethod
    def parse(cls, words: str) -> Opening:
        """Read ``"8:30-16:00"`` (a long dash is accepted too)."""
        start, dash, end = words.replace("\N{EN DASH}", "-").partition("-")
        if not dash:
            raise BadHours(words)
        return cls(seconds_of(start.strip()), seconds_of(end.strip()))

    @property
    def in_micros(self) -> tuple[int, int]:
        """Start and end in microseconds from local midnight."""
        return self.start * SECOND, self.end * SECOND

    def overlaps(self, other: Opening) -> bool:
        """Whether the two share any time; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


OpeningLike = Opening | str | tuple[str | time, str | time]


def seconds_of(value: str | time) -> int:
    """Seconds from midnight of ``"8:30"``, ``"24:00"`` or a ``time``. Raises BadHours."""
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadHours(value)
    hour, minute, second = (int(part or 0) for part in match.groups())
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY_SECONDS:
        raise BadHours(value, "Las horas van de 00:00 a 24:00.")
    return total


def clock_text(seconds: int) -> str:
    """``08:30``; seconds only where there are some."""
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text


def as_opening(value: OpeningLike) -> Opening:
    """An Opening from any of the ways to write one. Raises BadHours."""
    if isinstance(value, Opening):
        return value
    if isinstance(value, str):
        return Opening.parse(value)
    if isinstance(value, tuple) and len(value) == 2:
        return Opening(seconds_of(value[0]), seconds_of(value[1]))
    raise BadHours(value)


def as_hours(values: Iterable[OpeningLike]) -> tuple[Opening, ...]:
    """The stretches of one day in order. Raises BadHours when two of them overlap."""
    hours = tuple(sorted(as_opening(value) for value in values))
    for earlier, later in itertools.pairwise(hours):
        if earlier.overlaps(later):
            raise BadHours(f"{earlier}, {later}", "Los dos tramos se traslapan.")
    return hours


def weekdays_of(key: int | str) -> tuple[int, ...]:
    """Weekday numbers (Monday is 0) of ``0``, ``"monday"`` or ``"monday-friday"``."""
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key <= 6:
        return (key,)
    first, _, last = str(key).strip().lower().partition("-")
    names = [name.strip() for name in (first, last or first)]
    if any(name not in WEEKDAYS for name in names):
        raise BadHours(key, f"Días: {', '.join(WEEKDAYS)}, o un rango como monday-friday.")
    begin, end = (WEEKDAYS.index(name) for name in names)
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def as_week(
    weekly: Mapping[int, Iterable[OpeningLike]] | Mapping[str, Iterable[OpeningLike]],
) -> tuple[tuple[Opening, ...], ...]:
    """Seven days of stretches, Monday first. Raises BadHours; a day given twice is an overlap."""
    days: list[list[OpeningLike]] = [[] for _ in WEEKDAYS]
    for key, hours in weekly.items():
        stretches = [hours] if isinstance(hours, str) else list(hours)
        for weekday in weekdays_of(key):
            days[weekday].extend(stretches)
    return tuple(as_hours(day) for day in days)


@dataclass(frozen=True, slots=True)
class Closure:
    """Own closed days, first and last included. Raises BadHours when they are reversed."""

    first: date
    last: date
    name: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadHours(f"{self.first} a {self.last}", "El cierre termina antes de empezar.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with its own hours, which win over the weekly ones and over a holiday."""

    on: date
    hours: tuple[Opening, ...]
    name: str

    @classmethod
    def of(cls, day: date, hours: Iterable[OpeningLike], name: str) -> SpecialDay:
        """Build one from hours written in any accepted way. Raises BadHours."""
        return cls(day, as_hours([hours] if isinstance(hours, str) else hours), name)
