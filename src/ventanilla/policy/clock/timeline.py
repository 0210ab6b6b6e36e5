"""The compiled calendar: sorted instants with running sums, so that a due date is two bisections.

Years are compiled once, when first needed, and joined into one contiguous timeline. A timeline is
never changed, only replaced, so threads may share it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, chain
from zoneinfo import ZoneInfo

from .opening import Opening
from .values import DAY, SECOND
from .zone import local_midnight, offset_runs, real_stretches

Stretch = tuple[int, int]


class Track:
    """Sorted, disjoint stretches of countable time and the running sum of their lengths."""

    __slots__ = ("ends", "starts", "sums", "total")

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.starts = [start for start, _ in stretches]
        self.ends = [end for _, end in stretches]
        self.sums = list(accumulate(end - start for start, end in stretches))
        self.total = self.sums[-1] if self.sums else 0

    def position(self, instant: int) -> int:
        """Countable time from the beginning of the track to an instant."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        left = self.ends[index] - instant
        return self.sums[index] - left if left > 0 else self.sums[index]

    def instant(self, position: int) -> int:
        """The first instant at which a (positive) position is reached: a closing, not a reopening.

        The position must lie within :attr:`total`.
        """
        index = bisect_left(self.sums, position)
        return self.ends[index] - self.sums[index] + position

    def opening_from(self, instant: int) -> int | None:
        """The instant itself when it is countable, else the next start, else None."""
        index = bisect_right(self.starts, instant)
        if index and instant < self.ends[index - 1]:
            return instant
        return self.starts[index] if index < len(self.starts) else None

    def holds(self, instant: int) -> bool:
        """Whether an instant is countable."""
        index = bisect_right(self.starts, instant)
        return bool(index) and instant < self.ends[index - 1]

    def within(self, start: int, end: int) -> list[Stretch]:
        """The countable stretches inside [start, end)."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_left(self.starts, end)
        cut = [(max(self.starts[i], start), min(self.ends[i], end)) for i in range(first, last)]
        return [(opens, shuts) for opens, shuts in cut if opens < shuts]


class Closings:
    """The days a day clock counts: date ordinals beside the instants at which they close."""

    __slots__ = ("instants", "ordinals")

    def __init__(self, closings: Sequence[tuple[int, int]]) -> None:
        self.ordinals = [ordinal for ordinal, _ in closings]
        self.instants = [instant for _, instant in closings]

    def after(self, ordinal: int) -> int:
        """Index of the first counted day after a date."""
        return bisect_right(self.ordinals, ordinal)

    def counted_by(self, instant: int) -> int:
        """How many days have closed at or before an instant."""
        return bisect_right(self.instants, instant)


@dataclass(frozen=True, slots=True)
class Year:
    """One local year, compiled."""

    hours: tuple[Stretch, ...]
    business_days: tuple[Stretch, ...]
    business_closings: tuple[tuple[int, int], ...]
    calendar_closings: tuple[tuple[int, int], ...]


class Timeline:
    """A run of contiguous years, joined; covers the instants [start, end)."""

    __slots__ = (
        "business_closings", "business_days", "calendar_closings",
        "end", "first", "hours", "last", "start",
    )  # fmt: skip

    def __init__(self, first: int, years: Sequence[Year], *, start: int, end: int) -> None:
        self.first, self.last = first, first + len(years) - 1
        self.start, self.end = start, end
        self.hours = Track(list(chain.from_iterable(year.hours for year in years)))
        self.business_days = Track(list(chain.from_iterable(year.business_days for year in years)))
        self.business_closings = Closings(
            list(chain.from_iterable(year.business_closings for year in years))
        )
        self.calendar_closings = Closings(
            list(chain.from_iterable(year.calendar_closings for year in years))
        )


def compile_year(
    year: int,
    zone: ZoneInfo,
    hours_of: Callable[[date], tuple[Opening, ...]],
    usual_closing: Callable[[date], int],
) -> Year:
    """Turn the local rules of one year into instants. ``usual_closing`` is seconds of the day."""
    runs = offset_runs(zone, year)
    open_time: list[Stretch] = []
    whole_days: list[Stretch] = []
    business: list[tuple[int, int]] = []
    calendar: list[tuple[int, int]] = []
    first = date(year, 1, 1)
    for offset in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        midnight = local_midnight(day)
        whole = real_stretches(runs, midnight, 0, DAY)
        if not whole:
            continue  # The zone skipped this date, as Samoa did with 2011-12-30.
        until = real_stretches(runs, midnight, 0, usual_closing(day) * SECOND)
        closing = until[-1][1] if until else whole[0][0]
        stretches = [
            stretch
            for hours in hours_of(day)
            for stretch in real_stretches(runs, midnight, *hours.in_micros)
        ]
        if stretches:
            closing = max(end for _, end in stretches)
            open_time += stretches
            whole_days += whole
            business.append((day.toordinal(), closing))
        calendar.append((day.toordinal(), closing))
    return Year(
        tuple(sorted(open_time)), tuple(sorted(whole_days)), tuple(business), tuple(calendar)
    )
