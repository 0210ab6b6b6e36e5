"""The clocks as a library: what people try to write, what they read, and what the manual shows."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from ventanilla.policy import (
    BadBreak,
    BadTerm,
    Basis,
    BusinessCalendar,
    Closure,
    DayKind,
    Interval,
    InvalidCalendar,
    NeverDue,
    Opening,
    PolicyError,
    ReversedInterval,
    SpecialDay,
    Term,
)
from ventanilla.policy.clock import calendar as calendar_module

MANUAL = Path(__file__).parents[2] / "docs" / "clocks.md"
ZONE = "America/Bogota"
WEEK = {"mon-fri": "8:30-16:00"}
HERE = BusinessCalendar(ZONE, WEEK, country="CO")
FRIDAY = datetime(2026, 12, 4, 15, tzinfo=HERE.zone)
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


def test_what_the_manual_shows_is_so() -> None:
    done = doctest.testfile(str(MANUAL), module_relative=False)
    assert (done.failed, done.attempted > 10) == (0, True)
    assert doctest.testmod(calendar_module).failed == 0


OPEN = Opening.parse("8:30-16:00")


@pytest.mark.parametrize(
    "weekly",
    [
        {0: [("08:30", "16:00")], 4: [("08:30", "16:00")]},
        {"monday": ["8:30-16:00"], "friday": "8:30-16:00"},
        {"Mon": [["08:30", "16:00"]], "FRI": ("08:30", "16:00")},
        {"lunes": "8:30-16:00", "viernes": "8:30–16:00"},
        {"lun, vie": "8:30 - 16:00"},
        {"mon,fri": (time(8, 30), time(16))},
        {(0, 4): [(time(8, 30), "16:00")], "sábado": None, "miércoles": []},
        [OPEN, None, None, None, [OPEN], [], ()],
    ],
)
def test_a_week_may_be_written_in_many_ways(weekly: Any) -> None:
    week = BusinessCalendar(ZONE, weekly).schedule.week
    assert week == ((OPEN,), (), (), (), (OPEN,), (), ())


def test_ranges_of_days_and_stretches_that_touch() -> None:
    for days in ("mon-fri", "lunes-viernes", "monday–friday", range(5), "mon-wed,thu,fri"):
        week = BusinessCalendar(ZONE, {days: "8:30-16:00"}).schedule.week
        assert [bool(day) for day in week] == [True] * 5 + [False] * 2
    halves = BusinessCalendar(ZONE, {range(5): ["12:00-16:00", "8:00-12:00"]})
    noon = datetime.combine(MONDAY, time(12), HERE.zone)
    assert halves.is_open(noon)
    assert halves.due(noon - timedelta(hours=4), "4 business_hours") == noon
    assert halves.due(noon - timedelta(hours=3), "4 business_hours") == noon + timedelta(hours=1)


@pytest.mark.parametrize("end", ["24:00", "0:00", time(0), time.max])
def test_midnight_as_an_end_is_the_end_of_the_day(end: Any) -> None:
    late = BusinessCalendar(ZONE, {"mon": [("20:00", end)]})
    assert late.due(FRIDAY, "4 business_hours") == datetime(2026, 12, 8, tzinfo=HERE.zone)


@pytest.mark.parametrize(
    "weekly",
    [
        None, "8:30-16:00", 5, {"mon-fri": 8}, {"mon": {"start": "8:30"}}, {"mon": [8, 16]},
        {"mon": "25:00-26:00"}, {"mon": "00:00-00:00"}, {"someday": "8:30-16:00"}, {"mon-": OPEN},
        {True: "8:30-16:00"}, {7: "8:30-16:00"}, {None: "8:30-16:00"}, [OPEN] * 5,
        {"mon": [(time(8, tzinfo=ZoneInfo("UTC")), time(9))]}, {"mon": [(time(8, 0, 0, 1), "9:00")]},
        {"mon": ["8:00-12:00", "11:59-13:00"]}, {"mon-wed": "8:00-9:00", "tue": "8:30-9:30"},
    ],
)  # fmt: skip
def test_a_week_that_cannot_be_read_is_refused_and_not_half_read(weekly: Any) -> None:
    with pytest.raises(InvalidCalendar):
        BusinessCalendar(ZONE, weekly)


@pytest.mark.parametrize(
    "given",
    [
        [MONDAY],
        ["2026-12-07"],
        [datetime(2026, 12, 7, 10)],
        {MONDAY: "Aniversario"},
        {"2026-12-07": None},
        iter([MONDAY]),
    ],
)
def test_own_holidays_never_pass_unheard(given: Any) -> None:
    assert BusinessCalendar(ZONE, WEEK, holidays=given).day(MONDAY).kind is DayKind.HOLIDAY


def test_a_calendar_of_the_holidays_library_may_be_given_as_it_is() -> None:
    for theirs in (holidays.country_holidays("CO"), holidays.country_holidays("CO", years=2026)):
        own = BusinessCalendar(ZONE, WEEK, holidays=theirs)
        assert own.day(TUESDAY).kind is DayKind.HOLIDAY
        assert own.due(FRIDAY, "12 business_hours") == HERE.due(FRIDAY, "12 business_hours")


def test_closures_and_special_days_in_short() -> None:
    short = BusinessCalendar(
        ZoneInfo(ZONE), WEEK, country="co", closures=[MONDAY, ("2026-12-09", date(2026, 12, 10))],
        special_days={TUESDAY: "9:00-10:00"},
    )  # fmt: skip
    full = BusinessCalendar(
        ZONE, WEEK, country="CO",
        closures=[Closure(MONDAY, MONDAY), Closure(date(2026, 12, 9), date(2026, 12, 10), "x")],
        special_days=[SpecialDay(TUESDAY, (Opening.parse("9:00-10:00"),))],
    )  # fmt: skip
    for words in ("1 business_hours", "2 business_hours", "3 business_days", "9 calendar_days"):
        assert short.due(FRIDAY, words) == full.due(FRIDAY, words)
    assert short.due(FRIDAY, "2 business_hours").date() == TUESDAY


@pytest.mark.parametrize(
    "more",
    [
        {"holidays": None}, {"holidays": MONDAY}, {"holidays": "2026-12-07"},
        {"holidays": ["el lunes"]}, {"holidays": [20261207]}, {"closures": [7]},
        {"closures": [("2026-12-09", "2026-12-08")]}, {"special_days": [MONDAY]},
        {"special_days": {MONDAY: "9:00"}}, {"special_days": {"lunes": "9:00-10:00"}},
    ],
)  # fmt: skip
def test_days_that_cannot_be_read_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidCalendar):
        BusinessCalendar(ZONE, WEEK, **more)


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("1 business_hour", "1 business_hours"),
        ("12 business hours", "12 business_hours"),
        ("12 Business-Hours", "12 business_hours"),
        ("1 business day", "1 business_days"),
        ("1 business_day_hour", "1 business_day_hours"),
        ("90 business_minutes", "1.5 business_hours"),
        ("+3 elapsed_hours", "180 elapsed_minutes"),
    ],
)
def test_terms_in_other_words(words: str, same: str) -> None:
    assert Term.parse(words) == Term.parse(same)
    assert eval(repr(Term.parse(words))) == Term.parse(same)


def test_names_of_units_and_bases_will_do() -> None:
    assert Term.of(12, "hours", "business_hours") == Term.parse("12 business_hours")
    assert Term(5, "business_days") == Term.parse("5 business_days")  # type: ignore[arg-type]  # what a caller without types would do
    end = FRIDAY + timedelta(days=3)
    for basis in Basis:
        assert HERE.measure(FRIDAY, end, str(basis)) == HERE.measure(FRIDAY, end, basis)
        saturday = FRIDAY + timedelta(days=1)
        assert HERE.start_of_clock(saturday, basis.value) == HERE.start_of_clock(saturday, basis)


@pytest.mark.parametrize(
    "call",
    [
        lambda: HERE.measure(FRIDAY, FRIDAY, "laboral"),
        lambda: HERE.start_of_clock(FRIDAY, "laboral"),
        lambda: Term.of(12, "horas", "business_hours"),
        lambda: Term.parse(12),  # type: ignore[arg-type]
        lambda: Term.parse(["12 business_hours"]),  # type: ignore[arg-type]
        lambda: Term(1.5, Basis.ELAPSED),  # type: ignore[arg-type]
        lambda: HERE.due(FRIDAY, timedelta(hours=3)),  # type: ignore[arg-type]
        lambda: HERE.due(FRIDAY, "9" * 5000 + " business_hours"),
        lambda: HERE.due(FRIDAY, "9" * 5000 + " business_days"),
        lambda: Term.of("1e999999999", "hours", "elapsed"),
        lambda: Term.of("1e-999999999", "hours", "elapsed"),
    ],
)
def test_what_is_no_term_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(PolicyError) as refused:
        call()
    assert len(str(refused.value)) < 400


def test_breaks_as_pairs_and_without_end() -> None:
    nine, eleven = (datetime.combine(MONDAY, time(hour), HERE.zone) for hour in (9, 11))
    term = "3 business_hours"
    shifted = HERE.due(FRIDAY, term, [Interval(nine, eleven)])
    assert HERE.due(FRIDAY, term, [(nine, eleven)]) == shifted
    assert HERE.due(FRIDAY, term, iter([(nine, eleven), (nine, nine)])) == shifted
    with pytest.raises(NeverDue, match="sigue abierta"):
        HERE.due(FRIDAY, term, [(nine, None)])
    with pytest.raises(NeverDue, match="sigue abierta"):
        HERE.explain(FRIDAY, term, [(nine, None)])
    # Nothing to wait for when the term ran out before, or just as it began.
    plain = HERE.due(FRIDAY, term)
    assert HERE.due(FRIDAY, term, [(plain, None), (eleven, None)]) == plain
    later = nine + timedelta(days=30)
    assert HERE.remaining(FRIDAY, term, later, [(nine, None)]) == Term.parse("90 business_minutes")
    assert HERE.measure(FRIDAY, nine, "business_hours", [(eleven, None)]) == Term.parse(
        "90 business_minutes"
    )
    with pytest.raises(ReversedInterval):
        HERE.due(FRIDAY, term, [(eleven, nine)])
    for wrong in (Interval(nine, eleven), [nine], [(nine,)], 5):
        with pytest.raises(BadBreak):
            HERE.due(FRIDAY, term, wrong)  # type: ignore[arg-type]  # what a caller without types would do
    with pytest.raises(BadTerm):
        HERE.remaining(FRIDAY, "3 horas", later)


def test_the_holidays_are_those_of_the_law() -> None:
    mexico = BusinessCalendar("America/Mexico_City", WEEK, country="MX")
    kinds = {
        date(2024, 10, 1): DayKind.HOLIDAY,  # the presidency changes hands every six years
        date(2026, 10, 1): DayKind.OPEN,
        date(2030, 10, 1): DayKind.HOLIDAY,
        date(2026, 4, 2): DayKind.OPEN,  # Easter Week is custom, not law
        date(2026, 4, 3): DayKind.OPEN,
        date(2026, 11, 2): DayKind.OPEN,
        date(2026, 11, 16): DayKind.HOLIDAY,
    }
    assert {day: mexico.day(day).kind for day in kinds} == kinds
    assert HERE.day(date(2026, 4, 3)).kind is DayKind.HOLIDAY
    california = BusinessCalendar("America/Los_Angeles", WEEK, country="US", subdivision="CA")
    new_york = BusinessCalendar("America/New_York", WEEK, country="US", subdivision="NY")
    assert california.day(date(2026, 3, 31)).kind is DayKind.HOLIDAY
    assert new_york.day(date(2026, 3, 31)).kind is DayKind.OPEN


def test_very_long_terms_and_places_that_hardly_open() -> None:
    assert HERE.due(FRIDAY, "10000 business_days").year == 2067
    minute = BusinessCalendar(ZONE, {"wed": "12:00-12:01"})
    assert minute.due(FRIDAY, "60 business_minutes").date() == date(2028, 1, 26)
    closed = BusinessCalendar(ZONE, WEEK, closures=[(date(2026, 12, 5), date(2027, 12, 31))])
    assert closed.due(FRIDAY, "2 business_hours") == datetime(2028, 1, 3, 9, 30, tzinfo=HERE.zone)
    always = BusinessCalendar(ZONE, {range(7): "0:00-24:00"})
    saturday = FRIDAY + timedelta(days=1)
    for basis in ("elapsed", "business", "business_day"):
        assert always.due(saturday, f"30 {basis}_hours") == saturday + timedelta(hours=30)
    assert repr(HERE) == "<BusinessCalendar America/Bogota (CO)>"
