"""The five clocks, on instants: adding a term and measuring what was counted.

Everything here is a few bisections over the compiled timeline; nothing walks over days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from . import breaks as pausing
from .span import HORIZON_YEARS, TimelineKeeper
from .timeline import Closings, Stretch, Timeline, Track
from .values import DAY, SECOND, Basis, Term, micros
from .zone import MomentOutOfRange, local_midnight

_HORIZON_DAYS = HORIZON_YEARS * 366
_HORIZON = _HORIZON_DAYS * DAY
# Looking a member up on its enum costs more than the bisection it decides about.
_ELAPSED = Basis.ELAPSED
_BUSINESS_HOURS = Basis.BUSINESS_HOURS
_BUSINESS_DAY_HOURS = Basis.BUSINESS_DAY_HOURS
_BUSINESS_DAYS = Basis.BUSINESS_DAYS
_CALENDAR_DAYS = Basis.CALENDAR_DAYS


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


class Arithmetic:
    """Adds and measures. ``at`` is always the instant of the aware moment ``received``."""

    def __init__(self, zone: ZoneInfo, keeper: TimelineKeeper, counting: DayCounting) -> None:
        self.zone, self.keeper, self.counting = zone, keeper, counting

    def local(self, instant: int) -> datetime:
        """The moment of an instant in the zone. Raises MomentOutOfRange."""
        seconds, rest = divmod(instant, SECOND)
        try:
            moment = datetime.fromtimestamp(seconds, self.zone)
        except (ValueError, OverflowError, OSError):
            raise MomentOutOfRange("Queda fuera del calendario de Python.") from None
        return moment.replace(microsecond=rest) if rest else moment

    def start(self, at: int, basis: Basis) -> int:
        """When a clock starts for what is received at an instant."""
        if basis is _ELAPSED:
            return at
        if basis is _CALENDAR_DAYS and not self.counting.late_receipt_moves:
            return at  # Every day counts, open or not: there is no opening to wait for.
        return self.keeper.opening_from(self.keeper.around(at), at)

    def due(self, at: int, received: datetime, term: Term, pauses: Sequence[Stretch]) -> int:
        """The instant at which a term runs out. Raises NeverDue."""
        basis, quantity = term.basis, term.quantity
        if quantity > _HORIZON_DAYS and (basis.counts_days or quantity > _HORIZON):
            self.keeper.refuse(f"Plazo: {term}.")
        if basis is _ELAPSED:
            return pausing.push_instant(at + quantity, pauses)
        if not quantity:
            return self.start(at, basis)
        line = self.keeper.around(at, pauses[-1][1] if pauses else at)
        if basis is _BUSINESS_HOURS:
            return self._time_due(line, at, term, pauses)
        if basis is _BUSINESS_DAY_HOURS:
            opening = self.keeper.opening_from(line, at)
            return self._time_due(line, opening, term, pauses)
        return self._days_due(line, received, term, pauses)

    def _time_due(self, line: Timeline, at: int, term: Term, pauses: Sequence[Stretch]) -> int:
        basis = term.basis
        track = line.hours if basis is _BUSINESS_HOURS else line.business_days
        wanted = track.position(at) + term.quantity
        if pauses:
            wanted = pausing.push_position(wanted, track, pausing.since(pauses, at))
        if wanted > track.total:
            line = self.keeper.reaching(line, lambda more: track_of(more, basis).total >= wanted)
            track = track_of(line, basis)
        return track.instant(wanted)

    def _days_due(
        self, line: Timeline, received: datetime, term: Term, pauses: Sequence[Stretch]
    ) -> int:
        basis = term.basis
        closings = closings_of(line, basis)
        first = closings.after(self.receipt_date(received).toordinal())
        index = first + term.quantity - 1
        if pauses:
            index = pausing.push_index(index, first, closings, pauses)
        if index >= len(closings.instants):
            line = self.keeper.reaching(
                line, lambda more: len(closings_of(more, basis).instants) > index
            )
            closings = closings_of(line, basis)
        due = closings.instants[index]
        if basis is _CALENDAR_DAYS and self.counting.closed_last_day_moves:
            return self.keeper.closing_from(line, due)
        return due

    def counted(
        self, at: int, received: datetime, until: int, basis: Basis, pauses: Sequence[Stretch]
    ) -> int:
        """What a clock has counted between its receipt and an instant."""
        if until <= at:
            return 0
        if basis is _ELAPSED:
            return until - at - pausing.paused_time(None, pauses, until)
        line = self.keeper.around(at, until)
        if basis.counts_days:
            closings = closings_of(line, basis)
            first = closings.after(self.receipt_date(received).toordinal())
            closed = max(closings.counted_by(until) - first, 0)
            return closed - pausing.paused_days(first, closings, pauses, until)
        begin = self.start(at, basis)
        if until <= begin:
            return 0
        track = track_of(line, basis)
        lost = pausing.paused_time(track, pausing.since(pauses, begin), until)
        return track.position(until) - track.position(begin) - lost

    def receipt_date(self, received: datetime) -> date:
        """The local date of receipt, moved to that of the next opening where so chosen."""
        if self.counting.late_receipt_moves:
            return self.local(self.start(micros(received), _BUSINESS_DAYS)).date()
        return received.astimezone(self.zone).date()

    def closing_on(self, day: date, basis: Basis) -> int | None:
        """The instant at which a day clock counts a date, None when it does not count it."""
        noon = local_midnight(day) + DAY // 2
        closings = closings_of(self.keeper.around(noon - DAY, noon + DAY), basis)
        index = closings.after(day.toordinal()) - 1
        if index < 0 or closings.ordinals[index] != day.toordinal():
            return None
        return closings.instants[index]


def track_of(line: Timeline, basis: Basis) -> Track:
    """The countable time of a time clock."""
    return line.hours if basis is _BUSINESS_HOURS else line.business_days


def closings_of(line: Timeline, basis: Basis) -> Closings:
    """The counted days of a day clock."""
    return line.business_closings if basis is _BUSINESS_DAYS else line.calendar_closings
