"""A business calendar as data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ventanilla.policy.clock import BusinessCalendar, Closure, DayCounting, SpecialDay
from ventanilla.policy.clock.opening import as_hours
from ventanilla.policy.clock.week import weekdays_of
from ventanilla.policy.clock.zone import zone_named

from .base import Part, Words


def _days(words: str) -> str:
    weekdays_of(words)
    return words


def _hours(stretches: tuple[str, ...]) -> tuple[str, ...]:
    as_hours(stretches)
    return stretches


def _listed(stretches: object) -> object:
    return (stretches,) if isinstance(stretches, str) else stretches


def _zone(name: str) -> str:
    zone_named(name)
    return name


Days = Annotated[str, AfterValidator(_days)]
Hours = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_hours)]
Zone = Annotated[str, AfterValidator(_zone)]


class OwnHoliday(Part):
    """A day off that no national list has."""

    on: date
    name: Words


class OwnClosure(Part):
    """Closed days, first and last included."""

    first: date
    last: date
    name: Words

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        Closure(self.first, self.last, self.name)
        return self


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

    zone: Zone | None = None
    weekly: dict[Days, Hours]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    subdivision: str | None = None
    holidays: tuple[OwnHoliday, ...] = ()
    closures: tuple[OwnClosure, ...] = ()
    special_days: tuple[OwnHours, ...] = ()
    counting: Counting = Counting()

    @model_validator(mode="after")
    def _builds(self) -> Self:
        self.build("UTC")
        return self

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
