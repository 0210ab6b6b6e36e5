"""The day-by-day account of a deadline: what each date counted, what it did not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .arithmetic import Arithmetic
from .breaks import inside, outside
from .schedule import DayKind, DayPlan, Schedule
from .timeline import Stretch
from .values import DAY, Basis, Interval, Term, micros
from .zone import local_midnight, offset_runs, real_stretches


class Reason(StrEnum):
    """Why a date counted what it counted."""

    OPEN = "open"
    PARTIAL = "partial"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    ROUND_THE_CLOCK = "round_the_clock"
    RECEIPT_DAY = "receipt_day"
    COUNTED_DAY = "counted_day"
    PAUSED = "paused"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class DayAccount:
    """One local date. ``amount`` and ``running`` are microseconds, or days on a day clock."""

    date: date
    reason: Reason
    name: str
    counted: tuple[Interval, ...]
    paused: tuple[Interval, ...]
    amount: int
    running: int


@dataclass(frozen=True, slots=True)
class Account:
    """The whole reckoning; the amounts of its days add up to the quantity of the term."""

    received: datetime
    term: Term
    starts_at: datetime
    due_at: datetime
    days: tuple[DayAccount, ...]

    @property
    def total(self) -> int:
        """The sum of what the days counted."""
        return self.days[-1].running if self.days else 0


@dataclass(frozen=True, slots=True)
class _Span:
    """What the account is about, on instants."""

    basis: Basis
    begin: int
    due: int
    pauses: Sequence[Stretch]
    receipt_date: date


def build_account(
    schedule: Schedule,
    clocks: Arithmetic,
    received: datetime,
    term: Term,
    pauses: Sequence[Stretch],
) -> Account:
    """The account of a term from a receipt to its due moment, both dates included."""
    at = micros(received)
    due = clocks.due(at, received, term, pauses)
    begin = clocks.start(at, term.basis)
    first, last = clocks.local(at).date(), clocks.local(due).date()
    counted_from = clocks.receipt_date(received) if term.basis.counts_days else first
    span = _Span(term.basis, begin, due, pauses, counted_from)
    days: list[DayAccount] = []
    running = 0
    for step in range((last - first).days + 1):
        plan = schedule.day(first + timedelta(days=step))
        account = _account_of(plan, clocks, span, running, term.quantity)
        running = account.running
        days.append(account)
    return Account(clocks.local(at), term, clocks.local(begin), clocks.local(due), tuple(days))


def _account_of(
    plan: DayPlan, clocks: Arithmetic, span: _Span, running: int, wanted: int
) -> DayAccount:
    if span.basis.counts_days:
        return _day_counted(plan, clocks, span, running, wanted)
    countable = [
        (max(opens, span.begin), min(shuts, span.due))
        for opens, shuts in _countable(plan, clocks, span.basis)
    ]
    countable = [(opens, shuts) for opens, shuts in countable if opens < shuts]
    counted, paused = outside(countable, span.pauses), inside(countable, span.pauses)
    amount = sum(shuts - opens for opens, shuts in counted)
    reason = _reason(plan, span.basis, counted=bool(counted), paused=bool(paused))
    return DayAccount(
        plan.date,
        reason,
        plan.name,
        _intervals(clocks, counted),
        _intervals(clocks, paused),
        amount,
        running + amount,
    )


def _countable(plan: DayPlan, clocks: Arithmetic, basis: Basis) -> list[Stretch]:
    """The instants of a date that a time clock may count."""
    runs, midnight = offset_runs(clocks.zone, plan.date.year), local_midnight(plan.date)
    hours = [
        stretch
        for opening in plan.hours
        for stretch in real_stretches(runs, midnight, *opening.in_micros)
    ]
    if basis is Basis.BUSINESS_HOURS:
        return sorted(hours)
    if basis is Basis.BUSINESS_DAY_HOURS and not hours:
        return []
    return real_stretches(runs, midnight, 0, DAY)


def _reason(plan: DayPlan, basis: Basis, *, counted: bool, paused: bool) -> Reason:
    if paused and not counted:
        return Reason.PAUSED
    if basis is Basis.ELAPSED:
        return Reason.ROUND_THE_CLOCK
    if not counted and plan.kind in (DayKind.OPEN, DayKind.PARTIAL):
        return Reason.OUTSIDE_HOURS
    return Reason(plan.kind.value)


def _day_counted(
    plan: DayPlan, clocks: Arithmetic, span: _Span, running: int, wanted: int
) -> DayAccount:
    closing = clocks.closing_on(plan.date, span.basis)
    lost = closing is not None and any(start < closing <= end for start, end in span.pauses)
    counts = closing is not None and plan.date > span.receipt_date and not lost and running < wanted
    if plan.date == span.receipt_date:
        reason = Reason.RECEIPT_DAY
    elif plan.date < span.receipt_date and plan.hours:
        reason = Reason.OUTSIDE_HOURS
    elif lost and plan.date > span.receipt_date:
        reason = Reason.PAUSED
    elif counts:
        reason = Reason.COUNTED_DAY
    else:
        reason = _reason(plan, span.basis, counted=True, paused=False)
    amount = int(counts)
    return DayAccount(plan.date, reason, plan.name, (), (), amount, running + amount)


def _intervals(clocks: Arithmetic, stretches: Sequence[Stretch]) -> tuple[Interval, ...]:
    return tuple(Interval(clocks.local(opens), clocks.local(shuts)) for opens, shuts in stretches)
