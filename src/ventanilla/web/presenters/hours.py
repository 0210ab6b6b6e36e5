"""When somebody is there, as customers read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from ventanilla.policy.schema import Pack
from ventanilla.register.time_words import WEEKDAYS, format_date, format_moment, format_time

DAYS_AHEAD = 45
DAYS_OFF_SHOWN = 3


@dataclass(frozen=True, slots=True)
class HoursView:
    """The week in a few lines, whether it is open now, and the next days off."""

    is_open: bool
    opens: str
    week: tuple[tuple[str, str], ...]
    days_off: tuple[str, ...]


def hours_view(pack: Pack, as_of: datetime) -> HoursView:
    """Opening hours on the pack's own calendar and in its zone."""
    is_open = pack.calendar.is_open(as_of)
    opens = "" if is_open else next_opening(pack, as_of)
    return HoursView(is_open, opens, tuple(_week(pack)), tuple(_days_off(pack, as_of)))


def next_opening(pack: Pack, as_of: datetime) -> str:
    """When the pack's calendar opens next, in full."""
    return format_moment(pack.calendar.next_opening(as_of).astimezone(pack.calendar.zone))


def _week(pack: Pack) -> Iterator[tuple[str, str]]:
    """Days with the same hours together: «Lunes a viernes», «8:30 a. m. a 4:00 p. m.»."""
    hours = [_hours(pack, day) for day in range(7)]
    for told, days in groupby(range(7), key=lambda day: hours[day]):
        first, *rest = list(days)
        names = str(WEEKDAYS[first])
        if rest:
            pattern = _("%(first)s y %(last)s") if len(rest) == 1 else _("%(first)s a %(last)s")
            names = pattern % {"first": names, "last": WEEKDAYS[rest[-1]]}
        yield names[:1].upper() + names[1:], told or _("cerrado")


def _hours(pack: Pack, day: int) -> str:
    stretches = pack.calendar.schedule.week[day]
    return ", ".join(
        _("%(first)s a %(last)s") % {"first": _clock(each.start), "last": _clock(each.end)}
        for each in stretches
    )


def _clock(seconds: int) -> str:
    midnight = datetime(2000, 1, 1)  # noqa: DTZ001 - only its hour is printed
    return format_time(midnight + timedelta(seconds=seconds))


def _days_off(pack: Pack, as_of: datetime) -> Iterator[str]:
    today = as_of.astimezone(pack.calendar.zone).date()
    shown = 0
    for offset in range(DAYS_AHEAD):
        plan = pack.calendar.day(today + timedelta(days=offset))
        if plan.name and shown < DAYS_OFF_SHOWN:
            shown += 1
            yield f"{format_date(plan.date)} ({plan.name})"
