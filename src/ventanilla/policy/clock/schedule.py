"""What each local date is: open, a weekday without hours, a holiday, a closure or a special day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import TypeVar
from zoneinfo import ZoneInfo

from .departures import (
    BadDate,
    ClosureLike,
    SpecialDay,
    SpecialDays,
    as_closure,
    as_date,
    as_special_days,
)
from .national import check_country, national_holidays
from .opening import DAY_SECONDS, Opening
from .values import PolicyError
from .week import WEEKDAYS, Weekly, as_week
from .zone import zone_named


class InvalidCalendar(PolicyError):
    """El calendario no es válido."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{type(self).__doc__} {' '.join(self.problems)}")


class DayKind(StrEnum):
    """Why a date is open or closed."""

    OPEN = "open"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One local date: its opening hours, why it has them, and the name of the holiday if any."""

    date: date
    kind: DayKind
    hours: tuple[Opening, ...] = ()
    name: str = ""


Dates = Mapping[date, str] | Iterable[date | str]
T = TypeVar("T")


class Schedule:
    """The local rules of a calendar, before any zone. Raises InvalidCalendar with every problem.

    Precedence for a date: special day, own closure, holiday (own or national), weekly hours.
    """

    def __init__(
        self,
        weekly: Weekly,
        *,
        country: str | None = None,
        subdivision: str | None = None,
        holidays: Dates = (),
        closures: Iterable[ClosureLike] = (),
        special_days: SpecialDays = (),
    ) -> None:
        country = country.upper() if country else None
        self.country, self.subdivision = country, subdivision
        problems: list[str] = []
        own = _attempt(lambda: _named_dates(holidays), problems)
        self.own_holidays: Mapping[date, str] = {} if own is None else own
        self.closures = _attempt(lambda: tuple(map(as_closure, closures)), problems) or ()
        specials = _attempt(lambda: as_special_days(special_days), problems) or ()
        self.special_days = {special.on: special for special in specials}
        week = _attempt(lambda: as_week(weekly), problems)
        self.week = week or ((),) * len(WEEKDAYS)
        if country is not None:
            _attempt(lambda: check_country(country, subdivision), problems)
        problems += [message for message, wrong in self._checks(specials) if wrong]
        if week is not None and not any(week) and not any(day.hours for day in specials):
            problems.append(
                "El calendario no abre nunca: dé al menos un tramo semanal o un día especial."
            )
        if problems:
            raise InvalidCalendar(problems)

    def _checks(self, specials: Sequence[SpecialDay]) -> list[tuple[str, bool]]:
        both = [day for day in self.special_days for closure in self.closures if day in closure]
        shared = [
            f"{one.name} y {two.name}"
            for one, two in combinations(self.closures, 2)
            if one.first <= two.last and two.first <= one.last
        ]
        return [
            ("Una subdivisión necesita su país.", bool(self.subdivision) and not self.country),
            (
                f"Fechas con horario especial repetidas: {_listed(d.on for d in specials)}.",
                len(specials) != len(self.special_days),
            ),
            (f"Días con cierre y horario especial a la vez: {_listed(both)}.", bool(both)),
            (f"Cierres que se traslapan: {_listed(shared)}.", bool(shared)),
        ]

    @property
    def last_open_year(self) -> int | None:
        """The year after which nothing opens any more; None where a week repeats for ever."""
        if any(self.week):
            return None
        return max(day.year for day, special in self.special_days.items() if special.hours)

    def holiday_name(self, day: date) -> str | None:
        """The name of the holiday on a date, an empty string when it has none, None if no holiday."""
        own = self.own_holidays.get(day)
        if own is not None:
            return own
        if self.country is None:
            return None
        return national_holidays(self.country, self.subdivision, day.year).get(day)

    def day(self, day: date) -> DayPlan:
        """What a date is and why."""
        special = self.special_days.get(day)
        if special is not None:
            kind = DayKind.PARTIAL if special.hours else DayKind.CLOSURE
            return DayPlan(day, kind, special.hours, special.name)
        for closure in self.closures:
            if day in closure:
                return DayPlan(day, DayKind.CLOSURE, name=closure.name)
        holiday = self.holiday_name(day)
        if holiday is not None:
            return DayPlan(day, DayKind.HOLIDAY, name=holiday)
        hours = self.week[day.weekday()]
        return DayPlan(day, DayKind.OPEN if hours else DayKind.WEEKEND, hours)

    def usual_closing(self, day: date) -> int:
        """Seconds of the day at which a date would close: its own closing time, else that of its
        weekday, else the latest of the week, else 24:00."""
        special = self.special_days.get(day)
        hours = (special.hours if special else ()) or self.week[day.weekday()]
        if not hours:
            hours = tuple(stretch for each in self.week for stretch in each)
        return max((stretch.end for stretch in hours), default=DAY_SECONDS)


def _named_dates(holidays: Dates) -> Mapping[date, str]:
    """Own holidays by date. A calendar of the ``holidays`` library fills itself as it is asked, so
    it is kept and not copied."""
    if isinstance(holidays, Mapping):
        if hasattr(holidays, "expand"):
            return holidays
        return {as_date(day): str(name or "") for day, name in holidays.items()}
    if isinstance(holidays, str) or not isinstance(holidays, Iterable):
        raise BadDate(holidays, "Dé los festivos como lista de fechas.")
    return dict.fromkeys(map(as_date, holidays), "")


def _attempt(build: Callable[[], T], problems: list[str]) -> T | None:
    try:
        return build()
    except PolicyError as error:
        problems.append(str(error))
        return None


def check_zone(zone: str | ZoneInfo, problems: list[str]) -> None:
    """Adds the problem of an unknown zone to a list."""
    _attempt(lambda: zone_named(zone), problems)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
