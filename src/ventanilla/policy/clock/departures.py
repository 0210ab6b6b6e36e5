"""What departs from the week: closures and days with their own hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .opening import HoursLike, Opening, as_hours
from .values import PolicyError


class BadDate(PolicyError):
    """La fecha no se entiende: use date(2026, 12, 24) o «2026-12-24»."""

    def __init__(self, given: object, why: str = "") -> None:
        super().__init__(f"{type(self).__doc__} Se recibió {given!r}. {why}".rstrip())


def as_date(value: date | str) -> date:
    """A local date, also from ISO 8601 or from the date of a datetime. Raises BadDate."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadDate(value) from None


@dataclass(frozen=True, slots=True)
class Closure:
    """Own closed days, first and last included. Raises BadDate when they are reversed."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", as_date(self.first))
        object.__setattr__(self, "last", as_date(self.last))
        if self.last < self.first:
            raise BadDate(f"{self.first} a {self.last}", "El cierre termina antes de empezar.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with its own hours, which win over the weekly ones and over a holiday.

    The hours may be given in any of the ways in which a week takes them. Raises BadHours.
    """

    on: date
    hours: tuple[Opening, ...]
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "on", as_date(self.on))
        object.__setattr__(self, "hours", as_hours(self.hours))

    @classmethod
    def of(cls, day: date | str, hours: HoursLike, name: str = "") -> SpecialDay:
        """Build one from hours written in any accepted way. Raises BadHours."""
        return cls(as_date(day), as_hours(hours), name)


ClosureLike = Closure | date | str | Sequence[Any]
SpecialDays = Iterable[SpecialDay] | Mapping[Any, HoursLike]


def as_closure(value: ClosureLike) -> Closure:
    """A closure, also from one date or from ``(first, last)`` or ``(first, last, name)``."""
    if isinstance(value, Closure):
        return value
    if isinstance(value, date | str):
        return Closure(as_date(value), as_date(value))
    if isinstance(value, tuple | list) and len(value) in (2, 3):
        return Closure(*value)
    raise BadDate(value, "Un cierre va de un día a otro: Closure(first, last, name).")


def as_special_days(value: SpecialDays) -> tuple[SpecialDay, ...]:
    """Special days, also from a mapping of dates to hours. Raises BadHours."""
    if isinstance(value, Mapping):
        return tuple(SpecialDay.of(day, hours) for day, hours in value.items())
    specials = tuple(value)
    for each in specials:
        if not isinstance(each, SpecialDay):
            raise BadDate(each, "Use SpecialDay.of(date, hours, name).")
    return specials
