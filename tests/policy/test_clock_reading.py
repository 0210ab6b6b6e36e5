"""How the text of the policy is read where it could be read twice, and both ways are offered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.strategies import arrivals, places
from tests.policy.test_clock_properties import SLOW, terms, utc
from ventanilla.policy import Basis, BusinessCalendar, DayCounting, Reason, Term

HOURS = {"monday-friday": "8:30-16:00"}
PLAIN = BusinessCalendar("America/Bogota", HOURS, country="CO")
MOVED = BusinessCalendar(
    "America/Bogota", HOURS, country="CO", counting=DayCounting(late_receipt_moves=True)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PLAIN.zone)


@pytest.mark.parametrize("minute", range(0, 24 * 60, 30))
def test_the_example_in_days_names_no_hour_so_no_hour_matters(minute: int) -> None:
    received = at("2026-12-04") + timedelta(minutes=minute)
    assert PLAIN.due(received, "5 business_days") == at("2026-12-14T16:00")


@pytest.mark.parametrize(
    ("received", "term", "plain", "moved"),
    [
        ("2026-11-20T15:00", "1 business_days", "2026-11-23T16:00", "2026-11-23T16:00"),
        ("2026-11-20T15:59:59", "1 business_days", "2026-11-23T16:00", "2026-11-23T16:00"),
        ("2026-11-20T16:00", "1 business_days", "2026-11-23T16:00", "2026-11-24T16:00"),
        ("2026-11-20T20:00", "1 business_days", "2026-11-23T16:00", "2026-11-24T16:00"),
        ("2026-11-21T10:00", "1 business_days", "2026-11-23T16:00", "2026-11-24T16:00"),
        ("2026-11-22T23:59", "5 business_days", "2026-11-27T16:00", "2026-11-30T16:00"),
        ("2026-11-23T07:00", "1 business_days", "2026-11-24T16:00", "2026-11-24T16:00"),
        ("2026-11-23T08:30", "1 business_days", "2026-11-24T16:00", "2026-11-24T16:00"),
        ("2026-12-08T10:00", "1 business_days", "2026-12-09T16:00", "2026-12-10T16:00"),
        ("2026-11-21T10:00", "3 calendar_days", "2026-11-24T16:00", "2026-11-26T16:00"),
        ("2026-11-21T10:00", "1 calendar_days", "2026-11-22T16:00", "2026-11-24T16:00"),
        ("2026-11-20T15:00", "2 calendar_days", "2026-11-22T16:00", "2026-11-22T16:00"),
        ("2026-11-21T10:00", "0 business_days", "2026-11-23T08:30", "2026-11-23T08:30"),
        ("2026-11-21T10:00", "0 calendar_days", "2026-11-21T10:00", "2026-11-23T08:30"),
        # The clocks that count time wait for the next opening under either reading.
        ("2026-11-21T10:00", "12 business_day_hours", "2026-11-23T20:30", "2026-11-23T20:30"),
        ("2026-11-20T16:00", "1 business_hours", "2026-11-23T09:30", "2026-11-23T09:30"),
        ("2026-11-23T07:00", "12 business_day_hours", "2026-11-23T20:30", "2026-11-23T20:30"),
        ("2026-11-21T10:00", "3 elapsed_hours", "2026-11-21T13:00", "2026-11-21T13:00"),
    ],
)
def test_what_arrives_outside_opening_hours(
    received: str, term: str, plain: str, moved: str
) -> None:
    assert PLAIN.due(at(received), term) == at(plain)
    assert MOVED.due(at(received), term) == at(moved)


@SLOW
@given(st.data())
def test_where_late_receipts_move_only_the_next_opening_matters(data: st.DataObject) -> None:
    place, near = data.draw(places())
    moved = BusinessCalendar(
        place.zone,
        place.schedule.week,
        holidays=place.schedule.own_holidays,
        closures=place.schedule.closures,
        special_days=tuple(place.schedule.special_days.values()),
        counting=DayCounting(late_receipt_moves=True),
    )
    received, term = data.draw(arrivals(near)), data.draw(terms())
    opening = moved.next_opening(received)
    if term.basis is not Basis.ELAPSED:
        assert utc(moved.due(received, term)) == utc(moved.due(opening, term))
        assert utc(moved.start_of_clock(received, term.basis)) == utc(opening)
    due = moved.due(received, term)
    assert moved.measure(received, due, term.basis) == term
    assert moved.explain(received, term).total == term.quantity


@SLOW
@given(st.data())
def test_only_the_date_of_receipt_matters_to_a_day_clock(data: st.DataObject) -> None:
    place, near = data.draw(places())
    one, two = data.draw(arrivals(near)), data.draw(arrivals(near))
    term = Term(data.draw(st.integers(1, 40)), data.draw(st.sampled_from(
        [Basis.BUSINESS_DAYS, Basis.CALENDAR_DAYS])))  # fmt: skip
    same = one.astimezone(place.zone).date() == two.astimezone(place.zone).date()
    if same:
        assert utc(place.due(one, term)) == utc(place.due(two, term))


def test_the_account_says_which_day_was_the_day_of_receipt() -> None:
    received = at("2026-11-20T20:00")
    plain = PLAIN.explain(received, "1 business_days").days
    moved = MOVED.explain(received, "1 business_days").days
    assert [day.reason for day in plain] == [
        Reason.RECEIPT_DAY, Reason.WEEKEND, Reason.WEEKEND, Reason.COUNTED_DAY,
    ]  # fmt: skip
    assert [day.reason for day in moved] == [
        Reason.OUTSIDE_HOURS, Reason.WEEKEND, Reason.WEEKEND, Reason.RECEIPT_DAY,
        Reason.COUNTED_DAY,
    ]  # fmt: skip
