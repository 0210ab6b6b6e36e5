"""The business calendar: one door for every question about deadlines.

Each answer is a value computed by bisection on a compiled timeline, so its cost does not depend
on the length of the span. Semantics, with examples: docs/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from .account import Account, build_account
from .arithmetic import Arithmetic, DayCounting
from .breaks import merged
from .opening import Closure, SpecialDay
from .schedule import Dates, DayPlan, InvalidCalendar, Schedule, Weekly, check_zone
from .span import TimelineKeeper
from .values import BadTerm, Basis, Interval, Term, micros
from .zone import zone_named


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
        self._clocks = Arithmetic(self.zone, self._keeper, self.counting)

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
        return self._clocks.local(self._keeper.opening_from(self._keeper.around(at), at))

    def open_intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """The opening hours inside [start, end), in order."""
        begin, finish = micros(start), micros(end)
        if begin >= finish:
            return ()
        stretches = self._keeper.around(begin, finish).hours.within(begin, finish)
        local = self._clocks.local
        return tuple(Interval(local(opens), local(shuts)) for opens, shuts in stretches)

    # Clocks

    def start_of_clock(self, received: datetime, basis: Basis) -> datetime:
        """When a clock begins to run for something received at a moment.

        *Elapsed* and *calendar days* begin at once; the others wait for the next opening.
        """
        return self._clocks.local(self._clocks.start(micros(received), basis))

    def due(
        self, received: datetime, term: Term | str, breaks: Iterable[Interval] = ()
    ) -> datetime:
        """When a term that begins with a receipt runs out, pauses left out.

        A time clock that ends exactly at closing is due at that closing, not at the next opening.
        A zero term is due when the clock starts. Raises NaiveMoment, BadTerm, and NeverDue when
        it would lie more than 200 years away or the place never opens again.
        """
        at = micros(received)
        if term.__class__ is not Term:
            term = as_term(term)
        pauses = merged(breaks, at) if breaks else ()
        return self._clocks.local(self._clocks.due(at, received, term, pauses))

    def measure(
        self, start: datetime, end: datetime, basis: Basis, breaks: Iterable[Interval] = ()
    ) -> Term:
        """How much a clock that began with a receipt at ``start`` has counted by ``end``.

        The inverse of :meth:`due`: measuring from the receipt to the due moment gives the term
        back. Nothing is counted before the clock starts, so an ``end`` before it gives zero.
        """
        at, until = micros(start), micros(end)
        counted = self._clocks.counted(at, start, until, basis, merged(breaks, at))
        return Term(counted, basis)

    def remaining(
        self,
        received: datetime,
        term: Term | str,
        as_of: datetime,
        breaks: Iterable[Interval] = (),
    ) -> Term:
        """What is left of a term at a moment, on its own clock; zero once it has run out."""
        term = as_term(term)
        counted = self.measure(received, as_of, term.basis, breaks)
        return Term(max(term.quantity - counted.quantity, 0), term.basis)

    def explain(
        self, received: datetime, term: Term | str, breaks: Iterable[Interval] = ()
    ) -> Account:
        """Day by day, why a term runs out when it does. Raises as :meth:`due` does."""
        return build_account(
            self.schedule, self._clocks, received, as_term(term), merged(breaks, micros(received))
        )


def as_term(term: Term | str) -> Term:
    """A term, also from its words. Raises BadTerm."""
    if isinstance(term, Term):
        return term
    if isinstance(term, str):
        return Term.parse(term)
    raise BadTerm(term)
