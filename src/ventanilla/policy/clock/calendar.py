"""The business calendar: one door for every question about deadlines.

Each answer is a value computed by bisection on a compiled timeline, so its cost does not depend
on the length of the span. Semantics, with examples: docs/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from . import breaks as pausing
from .opening import Closure, SpecialDay
from .schedule import Dates, DayPlan, InvalidCalendar, Schedule, Weekly, check_zone
from .span import HORIZON_YEARS, TimelineKeeper
from .timeline import Closings, Stretch, Timeline, Track
from .values import DAY, Basis, Interval, Term, micros, moment_at
from .zone import zone_named

_HORIZON = HORIZON_YEARS * 366 * DAY


@dataclass(frozen=True, slots=True)
class DayCounting:
    """Two choices that policies make differently for the clocks that count days.

    ``late_receipt_moves``: what arrives outside opening hours counts as received on the day of
    the next opening (usual for legal filings); by default on the day it arrived.
    ``closed_last_day_moves``: a calendar-day term that ends on a closed day runs on to the next
    closing time (Colombia, Ley 4/1913 art. 62); by default it ends at the usual closing hour.
    """

    late_receipt_moves: bool = False
    closed_last_day_moves: bool = False


class BusinessCalendar:
    """Opening hours of a place, in its zone, with its holidays; adds and measures terms.

    ``zone`` is an IANA name. ``weekly`` maps weekdays (0–6 from Monday, ``"monday"`` or
    ``"monday-friday"``) to stretches such as ``"8:30-16:00"``. ``country`` and ``subdivision``
    (ISO 3166) bring national holidays; ``holidays`` are own dates. Raises InvalidCalendar, which
    lists every problem. Every moment taken must be aware (NaiveMoment) and every moment given is
    in the zone of the calendar. Safe to share between threads.
    """

    def __init__(
        self,
        zone: str,
        weekly: Weekly,
        *,
        country: str | None = None,
        subdivision: str | None = None,
        holidays: Dates = (),
        closures: Iterable[Closure] = (),
        special_days: Iterable[SpecialDay] = (),
        counting: DayCounting | None = None,
    ) -> None:
        problems: list[str] = []
        check_zone(zone, problems)
        try:
            self.schedule = Schedule(
                weekly,
                country=country,
                subdivision=subdivision,
                holidays=holidays,
                closures=closures,
                special_days=special_days,
            )
        except InvalidCalendar as invalid:
            problems += invalid.problems
        if problems:
            raise InvalidCalendar(problems)
        self.zone = zone_named(zone)
        self.counting = counting or DayCounting()
        self._keeper = TimelineKeeper(self.zone, self.schedule)

    # Questions about opening

    def day(self, day: date) -> DayPlan:
        """What a local date is, its hours, and why."""
        return self.schedule.day(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether the place is open; at the closing instant it no longer is."""
        at = micros(moment)
        return self._keeper.around(at).hours.holds(at)

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while open, else when it next opens. Raises NeverDue."""
        at = micros(moment)
        return self._local(self._opening(self._keeper.around(at), at))

    def open_intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """The opening hours inside [start, end), in order."""
        begin, finish = micros(start), micros(end)
        if begin >= finish:
            return ()
        stretches = self._keeper.around(begin, finish).hours.within(begin, finish)
        return tuple(self._interval(stretch) for stretch in stretches)

    # Clocks

    def start_of_clock(self, received: datetime, basis: Basis) -> datetime:
        """When a clock begins to run for something received at a moment.

        *Elapsed* and *calendar days* begin at once; the others wait for the next opening.
        """
        at = micros(received)
        if basis in (Basis.ELAPSED, Basis.CALENDAR_DAYS):
            return self._local(at)
        return self._local(self._opening(self._keeper.around(at), at))

    def due(
        self, received: datetime, term: Term | str, breaks: Iterable[Interval] = ()
    ) -> datetime:
        """When a term that begins with a receipt runs out, pauses left out.

        A time clock that ends exactly at closing is due at that closing, not at the next opening.
        A zero term is due when the clock starts. Raises NaiveMoment, BadTerm, and NeverDue when
        it would lie more than 200 years away or the place never opens again.
        """
        at = micros(received)
        term = Term.parse(term) if isinstance(term, str) else term
        return self._local(self._due(at, received, term, pausing.merged(breaks, at)))

    def measure(
        self, start: datetime, end: datetime, basis: Basis, breaks: Iterable[Interval] = ()
    ) -> Term:
        """How much a clock that began with a receipt at ``start`` has counted by ``end``.

        The inverse of :meth:`due`: measuring from the receipt to the due moment gives the term
        back. Nothing is counted before the clock starts, so an ``end`` before it gives zero.
        """
        at, until = micros(start), micros(end)
        if until <= at:
            return Term(0, basis)
        pauses = pausing.merged(breaks, at)
        if basis is Basis.ELAPSED:
            return Term(until - at - pausing.paused_time(None, pauses, until), basis)
        line = self._keeper.around(at, until)
        if basis.counts_days:
            return Term(self._days_counted(line, start, until, basis, pauses), basis)
        track = _track(line, basis)
        begin = self._time_start(line, at, basis)
        if until <= begin:
            return Term(0, basis)
        lost = pausing.paused_time(track, pausing.since(pauses, begin), until)
        return Term(track.position(until) - track.position(begin) - lost, basis)

    def remaining(
        self,
        received: datetime,
        term: Term | str,
        as_of: datetime,
        breaks: Iterable[Interval] = (),
    ) -> Term:
        """What is left of a term at a moment, on its own clock; zero once it has run out."""
        term = Term.parse(term) if isinstance(term, str) else term
        counted = self.measure(received, as_of, term.basis, breaks)
        return Term(max(term.quantity - counted.quantity, 0), term.basis)

    # Inside

    def _local(self, instant: int) -> datetime:
        return moment_at(instant).astimezone(self.zone)

    def _interval(self, stretch: Stretch) -> Interval:
        return Interval(self._local(stretch[0]), self._local(stretch[1]))

    def _opening(self, line: Timeline, at: int) -> int:
        return self._keeper.opening_from(line, at)

    def _time_start(self, line: Timeline, at: int, basis: Basis) -> int:
        """Round-the-clock business days wait for an opening; opening hours wait by themselves."""
        return self._opening(line, at) if basis is Basis.BUSINESS_DAY_HOURS else at

    def _due(self, at: int, received: datetime, term: Term, pauses: list[Stretch]) -> int:
        basis = term.basis
        if term.quantity > _HORIZON:
            self._keeper.refuse(f"Plazo: {term}.")
        if basis is Basis.ELAPSED:
            return (
                pausing.push_instant(at + term.quantity, pauses) if pauses else at + term.quantity
            )
        line = self._keeper.around(at, pauses[-1][1] if pauses else at)
        if not term.quantity:
            return at if basis is Basis.CALENDAR_DAYS else self._opening(line, at)
        if basis.counts_days:
            return self._days_due(line, received, term, pauses)
        begin = self._time_start(line, at, basis)
        track = _track(line, basis)
        wanted = track.position(begin) + term.quantity
        if pauses:
            wanted = pausing.push_position(wanted, track, pausing.since(pauses, begin))
        if wanted > track.total:
            line = self._keeper.reaching(line, lambda longer: _track(longer, basis).total >= wanted)
            track = _track(line, basis)
        return track.instant(wanted)

    def _days_due(
        self, line: Timeline, received: datetime, term: Term, pauses: list[Stretch]
    ) -> int:
        closings = _closings(line, term.basis)
        first = closings.after(self._receipt_ordinal(line, received))
        index = first + term.quantity - 1
        if pauses:
            index = pausing.push_index(index, first, closings, pauses)
        if index >= len(closings.instants):
            line = self._keeper.reaching(
                line, lambda longer: len(_closings(longer, term.basis).instants) > index
            )
            closings = _closings(line, term.basis)
        due = closings.instants[index]
        if term.basis is Basis.CALENDAR_DAYS and self.counting.closed_last_day_moves:
            return self._keeper.closing_from(line, due)
        return due

    def _days_counted(
        self, line: Timeline, start: datetime, until: int, basis: Basis, pauses: list[Stretch]
    ) -> int:
        closings = _closings(line, basis)
        first = closings.after(self._receipt_ordinal(line, start))
        counted = max(closings.counted_by(until) - first, 0)
        return counted - pausing.paused_days(first, closings, pauses, until)

    def _receipt_ordinal(self, line: Timeline, received: datetime) -> int:
        if self.counting.late_receipt_moves:
            received = self._local(self._opening(line, micros(received)))
        return received.astimezone(self.zone).toordinal()


def _track(line: Timeline, basis: Basis) -> Track:
    return line.hours if basis is Basis.BUSINESS_HOURS else line.business_days


def _closings(line: Timeline, basis: Basis) -> Closings:
    return line.business_closings if basis is Basis.BUSINESS_DAYS else line.calendar_closings
