"""The business calendar: one door for every question about deadlines.

Each answer is a value computed by bisection on a compiled timeline, so its cost does not depend
on the length of the span. Semantics, with examples: docs/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .account import Account, build_account
from .arithmetic import Arithmetic, DayCounting
from .breaks import Break, merged
from .departures import ClosureLike, SpecialDays
from .schedule import Dates, DayPlan, InvalidCalendar, Schedule, check_zone
from .span import NeverDue, TimelineKeeper
from .values import BadTerm, Basis, Interval, Term, as_basis, micros
from .week import Weekly
from .zone import zone_named


class BusinessCalendar:
    """Opening hours of a place, in its zone, with its holidays; adds and measures terms.

    >>> from datetime import datetime
    >>> calendar = BusinessCalendar("America/Bogota", {"mon-fri": "8:30-16:00"}, country="CO")
    >>> received = datetime(2026, 12, 4, 15, tzinfo=calendar.zone)
    >>> calendar.due(received, "12 business_hours").isoformat()
    '2026-12-09T12:00:00-05:00'

    ``zone`` is an IANA name. ``weekly`` maps weekdays (0-6 from Monday, ``"monday"``, ``"mon-fri"``)
    to stretches (``"8:30-16:00"``, ``(time(8, 30), time(16))``), several a day if need be.
    ``country`` and ``subdivision`` (ISO 3166) bring the public holidays; ``holidays`` are own dates.
    ``closures`` are closed days and ``special_days`` dates with hours of their own.

    Raises InvalidCalendar, which lists every problem. Every moment taken must be aware
    (NaiveMoment) and every moment given is in the zone of the calendar. Safe to share between
    threads.
    """

    def __init__(
        self,
        zone: str | ZoneInfo,
        weekly: Weekly,
        *,
        country: str | None = None,
        subdivision: str | None = None,
        holidays: Dates = (),
        closures: Iterable[ClosureLike] = (),
        special_days: SpecialDays = (),
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

    def __repr__(self) -> str:
        where = ", ".join(filter(None, (self.schedule.country, self.schedule.subdivision)))
        return f"<BusinessCalendar {self.zone.key}{f' ({where})' if where else ''}>"

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

    def start_of_clock(self, received: datetime, basis: Basis | str) -> datetime:
        """When a clock begins to run for something received at a moment.

        *Elapsed* begins at once and so do *calendar days*, unless ``late_receipt_moves``; the others
        wait for the next opening.
        """
        return self._clocks.local(self._clocks.start(micros(received), as_basis(basis)))

    def due(self, received: datetime, term: Term | str, breaks: Iterable[Break] = ()) -> datetime:
        """When a term that begins with a receipt runs out, pauses left out.

        A time clock that ends exactly at closing is due at that closing, not at the next opening.
        A zero term is due when the clock starts. Raises NaiveMoment, BadTerm, BadBreak, and
        NeverDue when it would lie more than 200 years away, when the place never opens again, or
        when the clock stands still in a pause without an end.
        """
        at = micros(received)
        if term.__class__ is not Term:
            term = as_term(term)
        if not breaks:
            return self._clocks.local(self._clocks.due(at, received, term, ()))
        pauses, stands_since = merged(breaks, at)
        due = self._clocks.due(at, received, term, pauses)
        _check_runs_out(due, stands_since)
        return self._clocks.local(due)

    def measure(
        self, start: datetime, end: datetime, basis: Basis | str, breaks: Iterable[Break] = ()
    ) -> Term:
        """How much a clock that began with a receipt at ``start`` has counted by ``end``.

        The inverse of :meth:`due`: measuring from the receipt to the due moment gives the term
        back. Nothing is counted before the clock starts, so an ``end`` before it gives zero. A
        pause without an end is still running at ``end``.
        """
        at, until, basis = micros(start), micros(end), as_basis(basis)
        pauses, _ = merged(breaks, at, still_running=until)
        return Term(self._clocks.counted(at, start, until, basis, pauses), basis)

    def remaining(
        self,
        received: datetime,
        term: Term | str,
        as_of: datetime,
        breaks: Iterable[Break] = (),
    ) -> Term:
        """What is left of a term at a moment, on its own clock; zero once it has run out."""
        term = as_term(term)
        counted = self.measure(received, as_of, term.basis, breaks)
        return Term(max(term.quantity - counted.quantity, 0), term.basis)

    def explain(
        self, received: datetime, term: Term | str, breaks: Iterable[Break] = ()
    ) -> Account:
        """Day by day, why a term runs out when it does. Raises as :meth:`due` does."""
        pauses, stands_since = merged(breaks, micros(received))
        account = build_account(self.schedule, self._clocks, received, as_term(term), pauses)
        _check_runs_out(micros(account.due_at), stands_since)
        return account


def _check_runs_out(due: int, stands_since: int | None) -> None:
    if stands_since is not None and stands_since < due:
        raise NeverDue("Una pausa sigue abierta: no hay vencimiento hasta que termine.")


def as_term(term: Term | str) -> Term:
    """A term, also from its words. Raises BadTerm."""
    if isinstance(term, Term):
        return term
    if isinstance(term, str):
        return Term.parse(term)
    raise BadTerm(term)
