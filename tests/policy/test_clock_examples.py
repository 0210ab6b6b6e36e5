"""The worked examples of the policy, and the edges where deadlines usually go wrong."""

from __future__ import annotations

import timeit
from datetime import date, datetime, timedelta

import pytest

from ventanilla.policy import (
    Basis,
    BusinessCalendar,
    Closure,
    DayCounting,
    Interval,
    SpecialDay,
    Term,
    load,
)

BOGOTA = BusinessCalendar("America/Bogota", {"monday-friday": ["8:30-16:00"]}, country="CO")


def at(text: str, calendar: BusinessCalendar = BOGOTA) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        ("2026-12-04T15:00", "3 business_hours", "2026-12-07T10:30"),
        ("2026-12-04T15:00", "12 business_hours", "2026-12-09T12:00"),
        ("2026-12-04T15:00", "24 business_hours", "2026-12-11T09:00"),
        ("2026-11-21T10:00", "48 business_hours", "2026-12-01T11:30"),
        ("2026-12-04", "5 business_days", "2026-12-14T16:00"),
        ("2026-12-04T15:00", "12 business_day_hours", "2026-12-07T03:00"),
        ("2026-12-04T15:00", "3 elapsed_hours", "2026-12-04T18:00"),
    ],
)
def test_the_worked_examples_of_the_policy(received: str, term: str, due: str) -> None:
    assert BOGOTA.due(at(received), term) == at(due)
    assert load("generasoft").calendar.due(at(received), term) == at(due)


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        # A clock that ends exactly at closing is due at that closing.
        ("2026-12-04T08:30", "7.5 business_hours", "2026-12-04T16:00"),
        ("2026-12-04T13:00", "180 business_minutes", "2026-12-04T16:00"),
        ("2026-12-03T08:30", "15 business_hours", "2026-12-04T16:00"),
        ("2026-12-04T15:00", "9 business_day_hours", "2026-12-05T00:00"),
        # Outside opening hours: at closing, in the evening, at dawn, on Saturday, on a holiday.
        ("2026-12-04T16:00", "1 business_hours", "2026-12-07T09:30"),
        ("2026-12-04T15:59:59.999999", "1 business_hours", "2026-12-07T09:29:59.999999"),
        ("2026-12-03T20:00", "1 business_hours", "2026-12-04T09:30"),
        ("2026-12-04T06:00", "1 business_hours", "2026-12-04T09:30"),
        ("2026-12-08T10:00", "1 business_hours", "2026-12-09T09:30"),
        ("2026-12-05T10:00", "12 business_day_hours", "2026-12-07T20:30"),
        ("2026-12-07T20:00", "12 business_day_hours", "2026-12-09T20:30"),
        ("2026-12-05T10:00", "3 elapsed_hours", "2026-12-05T13:00"),
        # Days: the day of receipt is not counted, at whatever hour and on whatever day it falls.
        ("2026-12-04T08:00", "1 business_days", "2026-12-07T16:00"),
        ("2026-12-04T23:59", "1 business_days", "2026-12-07T16:00"),
        ("2026-12-05T10:00", "1 business_days", "2026-12-07T16:00"),
        ("2026-12-08T10:00", "1 business_days", "2026-12-09T16:00"),
        ("2026-12-07T08:30", "1 business_days", "2026-12-09T16:00"),
        ("2026-12-04T15:00", "1 calendar_days", "2026-12-05T16:00"),
        ("2026-12-04T15:00", "3 calendar_days", "2026-12-07T16:00"),
        ("2026-12-04T15:00", "4 calendar_days", "2026-12-08T16:00"),
        # Zero is due when the clock starts.
        ("2026-12-04T15:00", "0 business_hours", "2026-12-04T15:00"),
        ("2026-12-05T15:00", "0 business_hours", "2026-12-07T08:30"),
        ("2026-12-05T15:00", "0 business_day_hours", "2026-12-07T08:30"),
        ("2026-12-05T15:00", "0 business_days", "2026-12-07T08:30"),
        ("2026-12-05T15:00", "0 calendar_days", "2026-12-05T15:00"),
        ("2026-12-05T15:00", "0 elapsed_hours", "2026-12-05T15:00"),
        # Minutes, fractions, other zones.
        ("2026-12-04T15:30", "45 business_minutes", "2026-12-07T08:45"),
        ("2026-12-04T15:00", "0.1 elapsed_hours", "2026-12-04T15:06"),
        ("2026-12-04T23:00", "90 elapsed_minutes", "2026-12-05T00:30"),
        ("2026-12-04T15:00", "600 business_day_minutes", "2026-12-07T01:00"),
        ("2026-12-04T20:00+00:00", "3 business_hours", "2026-12-07T10:30"),
        ("2026-12-05T05:00+09:00", "3 business_hours", "2026-12-07T10:30"),
        # Over the year's end: 25 December and 1 January are holidays.
        ("2026-12-24T15:00", "2 business_hours", "2026-12-28T09:30"),
        ("2026-12-31T15:00", "2 business_hours", "2027-01-04T09:30"),
        ("2026-12-24T15:00", "5 business_days", "2027-01-04T16:00"),
    ],
)
def test_edges_of_the_clocks(received: str, term: str, due: str) -> None:
    assert BOGOTA.due(at(received), term) == at(due)


LUNCH = BusinessCalendar(
    "America/Bogota",
    {"monday-friday": ["8:00-12:00", "14:00-18:00"], "saturday": ["9:00-13:00"]},
    closures=[Closure(date(2026, 12, 24), date(2026, 12, 26), "Vacaciones")],
    special_days=[
        SpecialDay.of(date(2026, 12, 23), ["8:00-10:00"], "Inventario"),
        SpecialDay.of(date(2026, 12, 27), ["10:00-11:00"], "Domingo de ventas"),
    ],
    holidays={date(2026, 12, 30): "Aniversario"},
)


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        ("2026-12-21T11:00", "2 business_hours", "2026-12-21T15:00"),
        ("2026-12-21T12:30", "1 business_hours", "2026-12-21T15:00"),
        ("2026-12-21T11:00", "1 business_hours", "2026-12-21T12:00"),
        ("2026-12-18T17:00", "6 business_hours", "2026-12-21T09:00"),
        ("2026-12-22T17:00", "4 business_hours", "2026-12-27T11:00"),
        ("2026-12-22T17:00", "5 business_hours", "2026-12-28T09:00"),
        ("2026-12-18T17:00", "1 business_days", "2026-12-19T13:00"),
        ("2026-12-22T17:00", "1 business_days", "2026-12-23T10:00"),
        ("2026-12-22T17:00", "2 business_days", "2026-12-27T11:00"),
        ("2026-12-29T17:00", "1 business_days", "2026-12-31T18:00"),
        # Calendar days end at the closing the date would have had.
        ("2026-12-22T17:00", "2 calendar_days", "2026-12-24T18:00"),
        ("2026-12-22T17:00", "4 calendar_days", "2026-12-26T13:00"),
        ("2026-12-29T17:00", "1 calendar_days", "2026-12-30T18:00"),
        ("2027-01-02T10:00", "1 calendar_days", "2027-01-03T18:00"),
    ],
)
def test_lunch_breaks_saturdays_closures_and_partial_days(
    received: str, term: str, due: str
) -> None:
    assert LUNCH.due(at(received), term) == at(due)


TIJUANA = BusinessCalendar("America/Tijuana", {day: ["0:00-24:00"] for day in range(7)})


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        # 2026-03-08 skips 02:00–03:00; 2026-11-01 repeats 01:00–02:00.
        ("2026-03-08T00:00-08:00", "23 business_hours", "2026-03-09T00:00-07:00"),
        ("2026-03-08T01:30-08:00", "1 elapsed_hours", "2026-03-08T03:30-07:00"),
        ("2026-11-01T00:00-07:00", "25 business_hours", "2026-11-02T00:00-08:00"),
        ("2026-11-01T00:00-07:00", "2 business_hours", "2026-11-01T01:00-08:00"),
        ("2026-11-01T00:00-07:00", "90 business_minutes", "2026-11-01T01:30-07:00"),
        ("2026-10-31T12:00-07:00", "36 business_day_hours", "2026-11-01T23:00-08:00"),
        ("2026-10-30T12:00-07:00", "2 business_days", "2026-11-02T00:00-08:00"),
    ],
)
def test_clock_changes_count_real_time(received: str, term: str, due: str) -> None:
    found = TIJUANA.due(at(received), term)
    assert found.isoformat() == at(due).isoformat()


def test_opening_hours_lose_the_skipped_hour_and_gain_the_repeated_one() -> None:
    night = BusinessCalendar("America/Tijuana", {"sunday": ["1:00-4:00"]})
    spring, autumn = at("2026-03-08T00:00", night), at("2026-11-01T00:00", night)
    day = timedelta(days=1)
    assert night.measure(spring, spring + day, Basis.BUSINESS_HOURS) == Term.parse(
        "2 business_hours"
    )
    assert night.measure(autumn, autumn + day, Basis.BUSINESS_HOURS) == Term.parse(
        "4 business_hours"
    )
    gap = BusinessCalendar("America/Tijuana", {"sunday": ["2:15-2:45", "5:00-6:00"]})
    assert gap.due(spring, "1 business_hours").isoformat() == "2026-03-08T06:00:00-07:00"
    assert gap.next_opening(spring).isoformat() == "2026-03-08T05:00:00-07:00"


def test_closing_at_a_midnight_that_does_not_exist() -> None:
    sao_paulo = BusinessCalendar("America/Sao_Paulo", {"monday-sunday": ["0:00-24:00"]})
    # 2018-11-04 began at 01:00: the day before closes at that instant.
    due = sao_paulo.due(at("2018-11-02T12:00-03:00"), "1 business_days")
    assert due.isoformat() == "2018-11-04T01:00:00-02:00"


def test_a_date_the_zone_skipped_is_no_day_at_all() -> None:
    apia = BusinessCalendar("Pacific/Apia", {"monday-sunday": ["9:00-17:00"]})
    received = at("2011-12-29T12:00", apia)
    assert apia.due(received, "1 business_days").date() == date(2011, 12, 31)
    assert apia.due(received, "1 calendar_days").date() == date(2011, 12, 31)


@pytest.mark.parametrize(
    ("term", "pause", "due"),
    [
        # From Friday 15:00. A pause costs its open time, on each clock.
        ("3 business_hours", ("2026-12-04T15:30", "2026-12-07T09:00"), "2026-12-07T11:30"),
        ("3 business_hours", ("2026-12-05T00:00", "2026-12-06T00:00"), "2026-12-07T10:30"),
        ("3 business_hours", ("2026-12-07T10:30", "2026-12-09T10:30"), "2026-12-07T10:30"),
        ("3 business_hours", ("2026-12-01T00:00", "2026-12-04T15:30"), "2026-12-07T11:00"),
        ("3 elapsed_hours", ("2026-12-04T16:00", "2026-12-04T20:00"), "2026-12-04T22:00"),
        ("12 business_day_hours", ("2026-12-04T23:00", "2026-12-07T01:00"), "2026-12-07T05:00"),
        # A day clock loses the days whose closing falls in the pause.
        ("1 business_days", ("2026-12-07T09:00", "2026-12-07T15:00"), "2026-12-07T16:00"),
        ("1 business_days", ("2026-12-07T15:00", "2026-12-07T16:00"), "2026-12-09T16:00"),
        ("1 business_days", ("2026-12-07T16:00", "2026-12-09T16:00"), "2026-12-07T16:00"),
        ("2 business_days", ("2026-12-04T15:30", "2026-12-09T10:00"), "2026-12-10T16:00"),
        ("3 calendar_days", ("2026-12-05T10:00", "2026-12-06T17:00"), "2026-12-09T16:00"),
    ],
)
def test_pauses(term: str, pause: tuple[str, str], due: str) -> None:
    stopped = Interval(at(pause[0]), at(pause[1]))
    assert BOGOTA.due(at("2026-12-04T15:00"), term, [stopped]) == at(due)
    # Given twice, or cut in two, it is the same pause.
    half = stopped.start + (stopped.end - stopped.start) / 2
    parts = [Interval(half, stopped.end), Interval(stopped.start, half), stopped]
    assert BOGOTA.due(at("2026-12-04T15:00"), term, iter(parts)) == at(due)


def test_a_policy_may_count_days_otherwise() -> None:
    strict = BusinessCalendar(
        "America/Bogota",
        {"monday-friday": ["8:30-16:00"]},
        country="CO",
        counting=DayCounting(late_receipt_moves=True, closed_last_day_moves=True),
    )
    # Friday evening counts as received on Monday; Monday is then not counted, Tuesday a holiday.
    assert strict.due(at("2026-12-04T17:00"), "1 business_days") == at("2026-12-09T16:00")
    assert strict.due(at("2026-12-04T15:00"), "1 business_days") == at("2026-12-07T16:00")
    assert strict.due(at("2026-12-04T15:00"), "1 calendar_days") == at("2026-12-07T16:00")
    assert strict.due(at("2026-12-04T15:00"), "4 calendar_days") == at("2026-12-09T16:00")


def test_questions_about_opening() -> None:
    assert BOGOTA.is_open(at("2026-12-04T08:30"))
    assert not BOGOTA.is_open(at("2026-12-04T16:00"))
    assert not BOGOTA.is_open(at("2026-12-08T10:00"))
    assert BOGOTA.next_opening(at("2026-12-04T10:00")) == at("2026-12-04T10:00")
    assert BOGOTA.next_opening(at("2026-12-07T16:00")) == at("2026-12-09T08:30")
    hours = BOGOTA.open_intervals(at("2026-12-04T15:00"), at("2026-12-07T09:00"))
    assert hours == (
        Interval(at("2026-12-04T15:00"), at("2026-12-04T16:00")),
        Interval(at("2026-12-07T08:30"), at("2026-12-07T09:00")),
    )
    assert BOGOTA.open_intervals(at("2026-12-05T00:00"), at("2026-12-06T00:00")) == ()


def test_remaining_and_measure_before_and_after() -> None:
    received, term = at("2026-12-05T10:00"), Term.parse("12 business_day_hours")
    assert BOGOTA.remaining(received, term, at("2026-12-01T10:00")) == term
    assert BOGOTA.remaining(received, term, at("2026-12-07T08:00")) == term
    assert str(BOGOTA.remaining(received, term, at("2026-12-07T10:30"))) == (
        "10 business_day_hours"
    )
    assert not BOGOTA.remaining(received, term, at("2026-12-31T10:30")).quantity
    assert not BOGOTA.measure(received, at("2026-12-01T00:00"), Basis.ELAPSED).quantity


def test_far_years_and_long_spans() -> None:
    assert BOGOTA.due(at("1901-03-04T10:00"), "8 business_hours").year == 1901
    assert BOGOTA.due(at("2290-03-05T10:00"), "2600 business_days").year == 2300
    assert BOGOTA.due(at("2026-12-04T15:00"), "3 business_hours") == at("2026-12-07T10:30")
    ten_years = BOGOTA.measure(at("2026-01-01"), at("2036-01-01"), Basis.BUSINESS_HOURS)
    due = BOGOTA.due(at("2026-01-01"), ten_years)
    assert due.year == 2035
    assert BOGOTA.measure(at("2026-01-01"), due, Basis.BUSINESS_HOURS) == ten_years


def test_a_ten_year_span_costs_what_a_one_day_span_costs() -> None:
    received = at("2026-12-04T15:00")

    def cost(words: str) -> float:
        term = Term.parse(words)
        BOGOTA.due(received, term)
        # The best of many short runs: what else the machine does falls out.
        return min(timeit.repeat(lambda: BOGOTA.due(received, term), number=100, repeat=60))

    assert cost("20000 business_hours") < 2 * cost("3 business_hours")
    assert cost("2500 business_days") < 2 * cost("1 business_days")
