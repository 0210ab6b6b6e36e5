"""Keeps the compiled timeline of a calendar as long as the questions need it, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

from .schedule import Schedule
from .timeline import Timeline, Year, compile_year
from .values import DAY, PolicyError, moment_at
from .zone import FIRST_YEAR, LAST_YEAR, MomentOutOfRange, local_midnight

HORIZON_YEARS = 200
_FAR_YEARS = 60


class NeverDue(PolicyError):
    """El plazo no vence dentro de 200 años o el calendario no vuelve a abrir: revise ambos."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{type(self).__doc__} {detail}".rstrip())


class TimelineKeeper:
    """Compiles years on demand. The current timeline is replaced whole, never changed."""

    def __init__(self, zone: ZoneInfo, schedule: Schedule) -> None:
        self._zone, self._schedule = zone, schedule
        self._last_year = min(schedule.last_open_year or LAST_YEAR, LAST_YEAR)
        self._years: dict[int, Year] = {}
        self._line: Timeline | None = None

    def around(self, at: int, until: int | None = None) -> Timeline:
        """A timeline that covers [at, until]. Raises MomentOutOfRange and NeverDue."""
        line = self._line
        until = at if until is None or until < at else until
        if line is not None and line.start <= at and until < line.end:
            return line
        first, last = _year_of(at), _year_of(until)
        if last - first > HORIZON_YEARS:
            self.refuse(f"Del año {first} al {last}.")
        # A margin of a day at each side keeps zones out of this arithmetic.
        return self._covering(_year_of(at - DAY), max(_year_of(until + 2 * DAY), first + 1))

    def reaching(self, line: Timeline, enough: Callable[[Timeline], bool]) -> Timeline:
        """The same beginning, longer, until it is enough. Raises NeverDue past the horizon."""
        step = 2
        while not enough(line):
            if line.last - line.first >= 2 * HORIZON_YEARS or line.last >= self._last_year:
                self.refuse(f"Calculado hasta el año {line.last}.")
            line = self._build(line.first, min(line.last + step, self._last_year))
            step *= 2
        self._line = line
        return line

    def opening_from(self, line: Timeline, at: int) -> int:
        """The instant itself while open, else the next opening. Raises NeverDue."""
        opening = line.hours.opening_from(at)
        if opening is None:
            line = self.reaching(line, lambda longer: longer.hours.opening_from(at) is not None)
            opening = line.hours.opening_from(at)
        assert opening is not None
        return opening

    def closing_from(self, line: Timeline, at: int) -> int:
        """The first closing time of a business day at or after an instant. Raises NeverDue."""
        line = self.reaching(
            line, lambda longer: bool(longer.hours.ends) and longer.hours.ends[-1] >= at
        )
        closings = line.business_closings
        return next(instant for instant in closings.instants[closings.counted_by(at - 1) :])

    def refuse(self, detail: str) -> NoReturn:
        """Raises NeverDue."""
        raise NeverDue(detail)

    def _covering(self, first: int, last: int) -> Timeline:
        line = self._line
        if line is not None and first >= line.first - _FAR_YEARS and last <= line.last + _FAR_YEARS:
            first, last = min(first, line.first), max(last, line.last)
        self._line = built = self._build(first, last)
        return built

    def _build(self, first: int, last: int) -> Timeline:
        years = [self._year(year) for year in range(first, last + 1)]
        start = local_midnight(date(first, 1, 1)) + DAY
        end = local_midnight(date(last + 1, 1, 1)) - DAY
        return Timeline(first, years, start=start, end=end)

    def _year(self, year: int) -> Year:
        compiled = self._years.get(year)
        if compiled is None:
            schedule = self._schedule
            compiled = compile_year(
                year, self._zone, lambda day: schedule.day(day).hours, schedule.usual_closing
            )
            self._years[year] = compiled
        return compiled


def _year_of(instant: int) -> int:
    try:
        year = moment_at(instant).year
    except OverflowError:
        raise MomentOutOfRange(f"Va del año {FIRST_YEAR} al {LAST_YEAR}.") from None
    return year
