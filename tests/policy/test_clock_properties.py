"""What must hold for every place, moment, term and pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.policy.oracle import Oracle
from tests.policy.strategies import arrivals, pauses, places
from ventanilla.policy import Basis, BusinessCalendar, Interval, Term
from ventanilla.policy.clock.values import MINUTE

TIME_BASES = (Basis.ELAPSED, Basis.BUSINESS_HOURS, Basis.BUSINESS_DAY_HOURS)
DAY_BASES = (Basis.BUSINESS_DAYS, Basis.CALENDAR_DAYS)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
ORDINARY = settings(
    deadline=None, max_examples=50, phases=PHASES, suppress_health_check=list(HealthCheck)
)
SLOW = settings(ORDINARY, max_examples=30)
MINUTE_STEP = timedelta(minutes=1)


def utc(moment: datetime) -> datetime:
    """In a repeated hour Python calls equal moments of two zones different (PEP 495)."""
    return moment.astimezone(UTC)


def minutes_a_week(calendar: BusinessCalendar) -> int:
    """Keeps the oracle from walking over many years where a place hardly ever opens."""
    week = calendar.schedule.week
    return sum(opening.end - opening.start for day in week for opening in day) // 60


@st.composite
def terms(draw: st.DrawFn) -> Term:
    basis = draw(st.sampled_from(TIME_BASES + DAY_BASES))
    if basis.counts_days:
        return Term(draw(st.integers(1, 60)), basis)
    return Term(draw(st.integers(0, 60 * 24 * 60 * 10**6)), basis)


@ORDINARY
@given(st.data())
def test_measuring_to_the_due_moment_gives_the_term_back(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received, term = data.draw(arrivals(near)), data.draw(terms())
    breaks = data.draw(pauses(received))
    due = calendar.due(received, term, breaks)
    assert calendar.measure(received, due, term.basis, breaks) == term
    assert calendar.remaining(received, term, due, breaks).quantity == 0
    assert due >= received


@ORDINARY
@given(st.data())
def test_no_earlier_moment_gives_the_whole_term(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received, term = data.draw(arrivals(near)), data.draw(terms())
    if not term.quantity:
        return
    due = calendar.due(received, term)
    before = calendar.measure(received, due - timedelta(microseconds=1), term.basis)
    assert before.quantity < term.quantity


@ORDINARY
@given(st.data())
def test_due_is_monotone_in_receipt_and_in_amount(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    one, two = sorted([data.draw(arrivals(near)), data.draw(arrivals(near))])
    term = data.draw(terms())
    more = Term(term.quantity + data.draw(st.integers(0, 10**9 if term.unit != "days" else 9)),
                term.basis)  # fmt: skip
    assert calendar.due(one, term) <= calendar.due(two, term)
    assert calendar.due(one, term) <= calendar.due(one, more)


@ORDINARY
@given(st.data())
def test_a_pause_shifts_due_by_exactly_its_own_counted_time(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received, term = data.draw(arrivals(near)), data.draw(terms())
    if not term.quantity:
        return
    plain = calendar.due(received, term)
    span = max((plain - received) // MINUTE_STEP, 1)
    start = received + data.draw(st.integers(0, span)) * MINUTE_STEP
    pause = Interval(start, start + data.draw(st.integers(0, 3 * 1440)) * MINUTE_STEP)
    shifted = calendar.due(received, term, [pause])
    if start >= plain:
        assert utc(shifted) == utc(plain)
        return
    lost = (
        calendar.measure(received, pause.end, term.basis).quantity
        - calendar.measure(received, pause.start, term.basis).quantity
    )
    longer = Term(term.quantity + lost, term.basis)
    assert utc(shifted) == utc(calendar.due(received, longer))


@ORDINARY
@given(st.data())
def test_the_account_adds_up_and_its_intervals_are_the_amounts(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received, term = data.draw(arrivals(near)), data.draw(terms())
    breaks = data.draw(pauses(received))
    account = calendar.explain(received, term, breaks)
    assert account.total == term.quantity == sum(day.amount for day in account.days)
    assert utc(account.due_at) == utc(calendar.due(received, term, breaks))
    if not term.basis.counts_days:
        for day in account.days:
            counted = sum((each.duration for each in day.counted), timedelta())
            assert counted == timedelta(microseconds=day.amount)


@SLOW
@given(st.data())
def test_time_clocks_agree_with_the_minute_by_minute_oracle(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received = data.draw(arrivals(near))
    basis, minutes = (
        data.draw(st.sampled_from(TIME_BASES)),
        data.draw(st.integers(1, min(900, minutes_a_week(calendar)))),
    )
    breaks = data.draw(pauses(received))
    oracle = Oracle(calendar, breaks)
    due = calendar.due(received, Term(minutes * MINUTE, basis), breaks)
    assert utc(due) == oracle.due(received, minutes, basis)
    end = received + timedelta(minutes=data.draw(st.integers(0, 3000)))
    counted = calendar.measure(received, end, basis, breaks).quantity
    assert counted == oracle.measure(received, end, basis) * MINUTE
    assert calendar.is_open(received) == oracle.is_open(received)
    assert utc(calendar.next_opening(received)) == oracle.start(received, Basis.BUSINESS_HOURS)


@SLOW
@given(st.data())
def test_business_days_agree_with_the_oracle(data: st.DataObject) -> None:
    calendar, near = data.draw(places())
    received, days = data.draw(arrivals(near)), data.draw(st.integers(1, 5))
    breaks = data.draw(pauses(received))
    due = calendar.due(received, Term(days, Basis.BUSINESS_DAYS), breaks)
    assert utc(due) == Oracle(calendar, breaks).due_days(received, days)
