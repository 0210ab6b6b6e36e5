"""A slow, obvious reading of the clocks, minute by minute, to compare the fast one with.

It shares nothing with the product but the description of a day: it looks at the wall clock of
every minute and asks whether the place is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ventanilla.policy import Basis, BusinessCalendar, Interval

MINUTE = timedelta(minutes=1)


class Oracle:
    def __init__(self, calendar: BusinessCalendar, breaks: Sequence[Interval] = ()) -> None:
        self.calendar, self.breaks = calendar, breaks
        self.hours_of = lru_cache(None)(lambda day: calendar.day(day).hours)
        self.last_open_minute_of = lru_cache(None)(self._last_open_minute_of)

    def wall(self, minute: datetime) -> datetime:
        return minute.astimezone(self.calendar.zone)

    def is_open(self, minute: datetime) -> bool:
        wall = self.wall(minute)
        seconds = wall.hour * 3600 + wall.minute * 60
        hours = self.hours_of(wall.date())
        return any(opening.start <= seconds < opening.end for opening in hours)

    def is_paused(self, minute: datetime) -> bool:
        return any(pause.start <= minute < pause.end for pause in self.breaks)

    def minutes_of(self, day: date) -> list[datetime]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        around = [noon + step * MINUTE for step in range(-28 * 60, 28 * 60)]
        return [minute for minute in around if self.wall(minute).date() == day]

    def _last_open_minute_of(self, day: date) -> datetime | None:
        if not self.calendar.day(day).hours:
            return None
        return max(filter(self.is_open, self.minutes_of(day)), default=None)

    def is_business_day(self, day: date) -> bool:
        return self.last_open_minute_of(day) is not None

    def counts(self, minute: datetime, basis: Basis) -> bool:
        if basis is Basis.ELAPSED:
            return True
        if basis is Basis.BUSINESS_HOURS:
            return self.is_open(minute)
        return self.is_business_day(self.wall(minute).date())

    def start(self, received: datetime, basis: Basis) -> datetime:
        minute = received.astimezone(UTC)
        while basis is not Basis.ELAPSED and not self.is_open(minute):
            minute += MINUTE
        return minute

    def due(self, received: datetime, amount: int, basis: Basis) -> datetime:
        """Of whole minutes, or of business days."""
        if basis is Basis.BUSINESS_DAYS:
            return self.due_days(received, amount)
        minute = self.start(received, basis)
        while amount:
            if self.counts(minute, basis) and not self.is_paused(minute):
                amount -= 1
            minute += MINUTE
        return minute

    def due_days(self, received: datetime, amount: int) -> datetime:
        day = self.wall(received).date()
        while True:
            day += timedelta(days=1)
            last = self.last_open_minute_of(day)
            if last is None:
                continue
            closing = last + MINUTE
            if any(pause.start < closing <= pause.end for pause in self.breaks):
                continue
            amount -= 1
            if not amount:
                return closing

    def measure(self, received: datetime, end: datetime, basis: Basis) -> int:
        """Whole minutes of a time clock counted between a receipt and an end."""
        minute, counted = self.start(received, basis), 0
        while minute < end:
            counted += self.counts(minute, basis) and not self.is_paused(minute)
            minute += MINUTE
        return counted
