"""Bad input to the clocks gets a clear answer, all of it at once where there is more than one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from ventanilla.policy import (
    BadDate,
    BadHours,
    BadTerm,
    Basis,
    BusinessCalendar,
    Closure,
    Interval,
    InvalidCalendar,
    MomentOutOfRange,
    NaiveMoment,
    NegativeTerm,
    NeverDue,
    Opening,
    ReversedInterval,
    SpecialDay,
    Term,
    Unit,
)

WEEK: dict[str, Any] = {"monday-friday": ["8:30-16:00"]}
HERE = BusinessCalendar("America/Bogota", WEEK, country="CO")
NOW = datetime(2026, 12, 4, 15, tzinfo=HERE.zone)


@pytest.mark.parametrize(
    ("zone", "weekly", "more", "says"),
    [
        ("America/Macondo", WEEK, {}, "zona horaria no existe"),
        ("../etc/passwd", WEEK, {}, "zona horaria no existe"),
        ("America/Bogota", {"monday": ["8:30-12:00", "11:00-16:00"]}, {}, "traslapan"),
        ("America/Bogota", {"monday-friday": ["8-9"]}, {}, "8:30-16:00"),
        ("America/Bogota", {"monday": ["16:00-8:30"]}, {}, "después de empezar"),
        ("America/Bogota", {"monday": ["22:00-6:00"]}, {}, "medianoche"),
        ("America/Bogota", {"monday": ["8:00-8:00"]}, {}, "después de empezar"),
        ("America/Bogota", {"monday": ["8:00-25:00"]}, {}, "00:00 a 24:00"),
        ("America/Bogota", {"monday": ["8:60-12:00"]}, {}, "00:00 a 24:00"),
        ("America/Bogota", {"montag": ["8:00-12:00"]}, {}, "monday-friday"),
        ("America/Bogota", {7: ["8:00-12:00"]}, {}, "monday-friday"),
        ("America/Bogota", {"monday-friday": ["8:00-12:00"], "friday": ["9:00-10:00"]}, {},
         "traslapan"),
        ("America/Bogota", {}, {}, "no abre nunca"),
        ("America/Bogota", {"monday": []}, {}, "no abre nunca"),
        ("America/Bogota", WEEK, {"country": "XX"}, "ISO 3166"),
        ("America/Bogota", WEEK, {"country": "US", "subdivision": "XX"}, "ISO 3166"),
        ("America/Bogota", WEEK, {"subdivision": "CA"}, "necesita su país"),
        ("America/Bogota", WEEK, {"closures": [
            Closure(date(2026, 1, 1), date(2026, 1, 9), "A"),
            Closure(date(2026, 1, 9), date(2026, 1, 9), "B")]}, "A y B"),
        ("America/Bogota", WEEK, {"closures": [Closure(date(2026, 1, 1), date(2026, 1, 9), "A")],
         "special_days": [SpecialDay.of(date(2026, 1, 5), ["9:00-10:00"], "x")]}, "2026-01-05"),
        ("America/Bogota", WEEK, {"special_days": [
            SpecialDay.of(date(2026, 1, 5), ["9:00-10:00"], "x"),
            SpecialDay.of(date(2026, 1, 5), ["9:00-11:00"], "y")]}, "repetidas"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_is_refused(
    zone: str, weekly: dict[Any, Any], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidCalendar, match="El calendario no es válido") as refused:
        BusinessCalendar(zone, weekly, **more)
    assert says in str(refused.value)
    assert len(refused.value.problems) == 1


def test_every_problem_is_listed() -> None:
    with pytest.raises(InvalidCalendar) as refused:
        BusinessCalendar("Nowhere", {"monday": ["9:00-8:00"]}, country="ZZ")
    assert len(refused.value.problems) >= 3


def test_hours_may_be_given_in_several_ways() -> None:
    ways: list[Any] = [
        {0: "8:30-16:00"},
        {"monday": ["08:30-16:00"]},
        {0: [(time(8, 30), "16:00")]},
        {0: [Opening(30600, 57600)]},
        {"monday": ["8:30–16:00"]},
    ]
    weeks = {BusinessCalendar("America/Bogota", way).schedule.week for way in ways}
    assert len(weeks) == 1
    assert Opening.parse("0:00-24:00").end == 86_400
    weekend = BusinessCalendar("America/Bogota", {"saturday-monday": ["8:00-9:00"]})
    assert [bool(day) for day in weekend.schedule.week] == [True, *[False] * 4, True, True]


def test_closures_and_specials_check_themselves() -> None:
    with pytest.raises(BadDate, match="antes de empezar"):
        Closure(date(2026, 1, 2), date(2026, 1, 1), "al revés")
    with pytest.raises(BadHours):
        SpecialDay.of(date(2026, 1, 2), ["9:00-8:00"], "al revés")


@pytest.mark.parametrize("call", ["due", "measure", "next_opening", "is_open", "interval"])
def test_naive_moments_are_refused(call: str) -> None:
    naive = datetime(2026, 12, 4, 15)
    calls: dict[str, Callable[[], object]] = {
        "due": lambda: HERE.due(naive, "1 business_hours"),
        "measure": lambda: HERE.measure(NOW, naive, Basis.ELAPSED),
        "next_opening": lambda: HERE.next_opening(naive),
        "is_open": lambda: HERE.is_open(naive),
        "interval": lambda: Interval(naive, NOW),
    }
    with pytest.raises(NaiveMoment, match="zona horaria"):
        calls[call]()


@pytest.mark.parametrize(
    "words",
    ["", "12", "business_hours", "12 hours", "12  horas", "1e3 business_hours", "１２ business_hours",
     "12 business_hours extra", "nan business_hours", "1/2 business_hours", "1.5 business_days"],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused(words: str) -> None:
    with pytest.raises(BadTerm):
        HERE.due(NOW, words)


def test_terms_check_amount_and_unit() -> None:
    with pytest.raises(NegativeTerm):
        Term.parse("-1 business_hours")
    with pytest.raises(NegativeTerm):
        Term(-1, Basis.ELAPSED)
    with pytest.raises(BadTerm, match="minutes o hours"):
        Term.of(2, Unit.DAYS, Basis.BUSINESS_HOURS)
    with pytest.raises(BadTerm):
        Term.of(float("inf"), Unit.HOURS, Basis.ELAPSED)
    with pytest.raises(BadTerm):
        Term.of(True, Unit.HOURS, Basis.ELAPSED)
    with pytest.raises(BadTerm):
        HERE.due(NOW, 12)  # type: ignore[arg-type]  # what a caller without types would do
    assert Term.of(0.1, Unit.HOURS, Basis.ELAPSED) == Term.parse("6 elapsed_minutes")
    assert Term.parse("1.5 business_hours") == Term.parse("90 business_minutes")
    assert str(Term.parse("90 business_minutes")) == "90 business_minutes"
    assert str(Term.parse("120 business_minutes")) == "2 business_hours"
    assert Term.parse("2 elapsed_hours").duration == timedelta(hours=2)
    with pytest.raises(BadTerm, match="duración fija"):
        _ = Term.parse("2 business_days").duration


def test_what_never_comes_is_refused() -> None:
    for words in ("99999999 business_days", "99999999 elapsed_hours", "9999999 business_hours"):
        with pytest.raises(NeverDue):
            HERE.due(NOW, words)
    once = BusinessCalendar(
        "America/Bogota",
        {},
        special_days=[SpecialDay.of(date(2026, 12, 4), ["9:00-10:00"], "feria")],
    )
    morning = NOW.replace(hour=8)
    assert once.due(morning, "1 business_hours") == NOW.replace(hour=10)
    with pytest.raises(NeverDue):
        once.due(morning, "2 business_hours")
    with pytest.raises(NeverDue):
        once.next_opening(NOW)
    with pytest.raises(MomentOutOfRange):
        HERE.due(datetime(9999, 12, 31, tzinfo=UTC), "1 business_hours")
    with pytest.raises(MomentOutOfRange):
        HERE.due(datetime(1, 1, 1, tzinfo=UTC), "1 business_hours")
    with pytest.raises(MomentOutOfRange):
        HERE.due(datetime(9999, 12, 31, 20, tzinfo=UTC), "48 elapsed_hours")


def test_intervals_are_half_open_and_never_reversed() -> None:
    hour = Interval(NOW, NOW + timedelta(hours=1))
    assert NOW in hour
    assert hour.end not in hour
    assert hour.duration == timedelta(hours=1)
    assert not hour.overlaps(Interval(hour.end, hour.end + timedelta(hours=1)))
    assert hour.overlaps(Interval(NOW - timedelta(hours=1), NOW + timedelta(seconds=1)))
    with pytest.raises(ReversedInterval):
        Interval(NOW, NOW - timedelta(seconds=1))
    # In a repeated hour the wall clock goes back; the interval does not.
    zone = BusinessCalendar("America/Tijuana", WEEK).zone
    fold = Interval(
        datetime(2026, 11, 1, 1, 50, tzinfo=zone), datetime(2026, 11, 1, 1, 10, tzinfo=zone, fold=1)
    )
    assert fold.duration == timedelta(minutes=20)


def test_the_library_brings_neither_django_nor_holidays_nor_pydantic() -> None:
    code = (
        "import sys\n"
        "from ventanilla.policy import BusinessCalendar\n"
        "BusinessCalendar('America/Bogota', {0: ['8:30-16:00']})\n"
        "heavy = {'django', 'holidays', 'ruamel', 'pydantic', 'psycopg'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "import ventanilla.policy as policy\n"
        "policy.load('sion').calendar\n"
        "assert 'django' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
