"""Stretches of opening hours, in any of the ways people write them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import cast

from .values import SECOND, PolicyError

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
        return cls.between(start.strip(), end.strip())

    @classmethod
    def between(cls, start: str | time, end: str | time) -> Opening:
        """From two times of day; midnight, and ``time.max``, as an end is 24:00."""
        opens = seconds_of(start)
        closes = DAY_SECONDS if end == time.max else seconds_of(end)
        return cls(opens, closes or (DAY_SECONDS if opens else 0))

    @property
    def in_micros(self) -> tuple[int, int]:
        """Start and end in microseconds from local midnight."""
        return self.start * SECOND, self.end * SECOND

    def overlaps(self, other: Opening) -> bool:
        """Whether the two share any time; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


OpeningLike = Opening | str | Sequence[str | time]
HoursLike = OpeningLike | Iterable[OpeningLike] | None


def seconds_of(value: str | time) -> int:
    """Seconds from midnight of ``"8:30"``, ``"24:00"`` or a ``time``. Raises BadHours."""
    if isinstance(value, time):
        if value.microsecond or value.tzinfo:
            raise BadHours(value, "Sin fracciones de segundo ni zona: la zona es del calendario.")
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
    if isinstance(value, tuple | list) and len(value) == 2:
        return Opening.between(*value)
    raise BadHours(value)


def as_hours(values: HoursLike) -> tuple[Opening, ...]:
    """The stretches of one day in order; None is closed. Raises BadHours when two overlap."""
    hours = tuple(sorted(as_opening(value) for value in stretches_of(values)))
    for earlier, later in itertools.pairwise(hours):
        if earlier.overlaps(later):
            raise BadHours(f"{earlier}, {later}", "Los dos tramos se traslapan.")
    return hours


def stretches_of(values: HoursLike) -> list[OpeningLike]:
    """The stretches of a day as a list, also when a single one was given without brackets."""
    if values is None:
        return []
    if isinstance(values, str | Opening) or _is_pair(values):
        return [cast("OpeningLike", values)]
    if isinstance(values, Iterable) and not isinstance(values, Mapping):
        return list(cast("Iterable[OpeningLike]", values))
    raise BadHours(values)


def _is_pair(values: object) -> bool:
    """Whether these are the two ends of one stretch and not two stretches."""
    return (
        isinstance(values, tuple | list)
        and len(values) == 2
        and all(isinstance(each, time) or _TIME.fullmatch(str(each)) for each in values)
    )
