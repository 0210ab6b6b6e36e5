"""A business calendar as data."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from ventanilla.policy.clock import BusinessCalendar, Closure, DayCounting, SpecialDay
from ventanilla.policy.clock.opening import as_hours, weekdays_of

from .base import Part, Words


def _days(words: str) -> str:
    weekdays_of(words)
    return words


def _hours(stretches: tuple[str, ...]) -> tuple[str, ...]:
    as_hours(stretches)
    return stretches


Days = Annotated[str, AfterValidator(_days)]
Hours = Annotated[tuple[str, ...], AfterValidator(_hours)]


class OwnHoliday(Part):
    """A day off that no national list has."""

    on: date
    name: Words


class OwnClosure(Part):
    """Closed days, first and last included."""

    first: date
    last: date
    name: Words


class OwnHours(Part):
    """A date with its own hours, which win over the weekly ones and over a holiday."""

    on: date
    hours: Hours
    name: Words


class Counting(Part):
    """The choices of :class:`ventanilla.policy.clock.DayCounting`."""

    late_receipt_moves: bool = False
    closed_last_day_moves: bool = False


class CalendarPart(Part):
    """Weekly hours by weekday or range (``monday-friday: ["8:30-16:00"]``) and what departs
    from them. The zone is that of the pack unless it names its own."""

    zone: str | None = None
    weekly: dict[Days, Hours]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    subdivision: str | None = None
    holidays: tuple[OwnHoliday, ...] = ()
    closures: tuple[OwnClosure, ...] = ()
    special_days: tuple[OwnHours, ...] = ()
    counting: Counting = Counting()

    def build(self, zone: str) -> BusinessCalendar:
        """The calendar, in its own zone or the given one. Raises InvalidCalendar."""
        return BusinessCalendar(
            self.zone or zone,
            self.weekly,
            country=self.country,
            subdivision=self.subdivision,
            holidays={each.on: each.name for each in self.holidays},
            closures=[Closure(each.first, each.last, each.name) for each in self.closures],
            special_days=[SpecialDay.of(d.on, d.hours, d.name) for d in self.special_days],
            counting=DayCounting(
                self.counting.late_receipt_moves, self.counting.closed_last_day_moves
            ),
        )
