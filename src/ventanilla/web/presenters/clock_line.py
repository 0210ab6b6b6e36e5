"""The line of time of one promise, as bars on a scale of 0 to 1000."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from ventanilla.policy.clock import Basis, BusinessCalendar, Interval

from .moments import moment, short_day

WIDTH = 1000
MARK_MARGIN = 6
LONGEST_DRAWN = timedelta(days=120)
"""Beyond this a bar per day would be thinner than a pixel; the line is then drawn whole."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on the line."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """What the SVG draws and what is said instead to those who do not see it."""

    tone: str
    label: str
    open: tuple[Bar, ...]
    spent: tuple[Bar, ...]
    pauses: tuple[Bar, ...]
    due_x: str
    now_x: str
    start_words: str
    end_words: str

    @property
    def open_path(self) -> str:
        """The open stretches as one SVG path."""
        return _path(self.open)

    @property
    def spent_path(self) -> str:
        """What is spent, likewise."""
        return _path(self.spent)

    @property
    def pause_path(self) -> str:
        """The pauses, likewise."""
        return _path(self.pauses)


@dataclass(frozen=True, slots=True)
class Scale:
    """Places moments on the line."""

    start: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        """0 at the start, 1000 at the end, held inside."""
        whole = (self.end - self.start) / timedelta(microseconds=1)
        here = (moment - self.start) / timedelta(microseconds=1)
        return min(max(here / whole * WIDTH, 0), WIDTH) if whole else 0

    def bar(self, stretch: Interval) -> Bar:
        """The bar of a stretch."""
        x = self.at(stretch.start)
        return Bar(f"{x:.1f}", f"{max(self.at(stretch.end) - x, 0):.1f}")


def clock_line(
    calendar: BusinessCalendar,
    *,
    tone: str,
    basis: Basis,
    started_at: datetime,
    due_at: datetime,
    pauses: Iterable[Interval],
    stopped_at: datetime | None,
    as_of: datetime,
) -> ClockLine:
    """Open stretches plain, closed ones hatched, pauses barred, what is spent in the tone.

    ``stopped_at`` is when the promise was met; without it time goes on to ``as_of``.
    """
    reached = stopped_at or as_of
    start_words, end_words = _ends(calendar, started_at, due_at, as_of)
    scale = Scale(started_at, max(due_at, min(reached, due_at + (due_at - started_at) / 4)))
    pauses = tuple(pauses)
    running = tuple(_countable(calendar, basis, _counted(calendar, basis, scale)))
    spent = [_until(each, reached) for each in running if each.start < reached]
    return ClockLine(
        tone=tone,
        label=_label(start_words, end_words, (reached - started_at, due_at - started_at)),
        open=tuple(map(scale.bar, running)),
        spent=tuple(map(scale.bar, spent)),
        pauses=tuple(scale.bar(each) for each in pauses if each.start < scale.end),
        due_x=f"{max(scale.at(due_at), 20):.1f}",
        now_x="" if stopped_at else f"{min(scale.at(as_of), WIDTH - MARK_MARGIN):.1f}",
        start_words=start_words,
        end_words=end_words,
    )


def _path(bars: Iterable[Bar]) -> str:
    return "".join(f"M{bar.x} 6h{bar.width}v8h-{bar.width}z" for bar in bars)


def _counted(calendar: BusinessCalendar, basis: Basis, scale: Scale) -> Interval:
    """What arrived after hours is not counted before the next opening."""
    if basis is not Basis.BUSINESS_DAY_HOURS:
        return Interval(scale.start, scale.end)
    begin = calendar.start_of_clock(scale.start, basis)
    return Interval(min(begin, scale.end), scale.end)


def _until(stretch: Interval, reached: datetime) -> Interval:
    return Interval(stretch.start, min(stretch.end, max(reached, stretch.start)))


def _countable(calendar: BusinessCalendar, basis: Basis, span: Interval) -> Iterator[Interval]:
    """The stretches in which this clock runs."""
    if span.duration > LONGEST_DRAWN or basis in (Basis.ELAPSED, Basis.CALENDAR_DAYS):
        yield span
    elif basis is Basis.BUSINESS_HOURS:
        yield from calendar.open_intervals(span.start, span.end)
    else:
        yield from _business_days(calendar, span)


def _business_days(calendar: BusinessCalendar, span: Interval) -> Iterator[Interval]:
    day = span.start.astimezone(calendar.zone).date()
    last = span.end.astimezone(calendar.zone).date()
    while day <= last:
        if calendar.day(day).hours:
            opens = datetime.combine(day, time.min, calendar.zone)
            shuts = datetime.combine(day + timedelta(days=1), time.min, calendar.zone)
            start, end = max(opens, span.start), min(shuts, span.end)
            if start < end:
                yield Interval(start, end)
        day += timedelta(days=1)


def _ends(
    calendar: BusinessCalendar, started_at: datetime, due_at: datetime, as_of: datetime
) -> tuple[str, str]:
    """The days at both ends; within one day the hours, or both would say the same."""
    start, end = (short_day(each, calendar.zone, as_of) for each in (started_at, due_at))
    if start != end:
        return start, end
    start, end = (moment(each, calendar.zone, as_of).short for each in (started_at, due_at))
    return start, end


def _label(start: str, end: str, gone: tuple[timedelta, timedelta]) -> str:
    """``gone`` is how much has passed, and of how much."""
    passed, whole = gone
    share = round(passed / whole * 100) if whole else 100
    facts = {"start": start, "end": end, "share": max(share, 0)}
    return _("Línea del plazo, de %(start)s a %(end)s; va en el %(share)s %%.") % facts
