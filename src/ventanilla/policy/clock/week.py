"""The hours of a week, by weekday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .opening import BadHours, HoursLike, Opening, OpeningLike, as_hours, stretches_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_IN_SPANISH = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_WEEKDAY_NUMBER = {
    written: number
    for names in (WEEKDAYS, _IN_SPANISH)
    for number, name in enumerate(names)
    for written in (name, name[:3])
}


class BadWeekday(BadHours):
    """El día no se entiende: use 0 a 6 desde el lunes, «monday», «lunes» o «monday-friday»."""


DaysLike = int | str | Iterable[int | str]


def weekdays_of(key: DaysLike) -> tuple[int, ...]:
    """Weekday numbers (Monday is 0) of ``0``, ``"monday"``, ``"mon-fri"`` or ``"lunes, jueves"``.

    A tuple or range of them will do too. Raises BadWeekday.
    """
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key <= 6:
        return (key,)
    if isinstance(key, str):
        return tuple(day for part in key.split(",") for day in _range_of(part, key))
    if isinstance(key, Iterable):
        return tuple(day for each in key for day in weekdays_of(each))
    raise BadWeekday(key)


def _range_of(words: str, key: str) -> tuple[int, ...]:
    """The days of ``monday`` or ``monday-friday``; a range may run past Sunday."""
    first, dash, last = words.replace("\N{EN DASH}", "-").partition("-")
    begin = _WEEKDAY_NUMBER.get(_plain(first))
    end = _WEEKDAY_NUMBER.get(_plain(last)) if dash else begin
    if begin is None or end is None:
        raise BadWeekday(key)
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _plain(word: str) -> str:
    return word.strip().lower().replace("é", "e").replace("á", "a")


Weekly = Mapping[Any, HoursLike] | Sequence[HoursLike]
"""Hours by weekday, as :func:`weekdays_of` reads it, or seven days of them from Monday."""


def as_week(weekly: Weekly) -> tuple[tuple[Opening, ...], ...]:
    """Seven days of stretches, Monday first. Raises BadHours; a day given twice is an overlap."""
    days: list[list[OpeningLike]] = [[] for _ in WEEKDAYS]
    for key, hours in _by_day(weekly):
        stretches = stretches_of(hours)
        for weekday in weekdays_of(key):
            days[weekday].extend(stretches)
    return tuple(as_hours(day) for day in days)


def _by_day(weekly: Weekly) -> Iterable[tuple[Any, HoursLike]]:
    if isinstance(weekly, Mapping):
        return weekly.items()
    if isinstance(weekly, tuple | list) and len(weekly) == len(WEEKDAYS):
        return enumerate(weekly)
    raise BadHours(weekly, 'Dé el horario por día: {"monday-friday": ["8:30-16:00"]}.')
