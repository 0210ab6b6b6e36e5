"""Moments and sizes in the fewest words that are still exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from babel.dates import get_timezone_location
from django.utils.safestring import SafeString

from ventanilla.core.words import screen
from ventanilla.register.time_words import (
    format_moment,
    format_time,
    is_spanish,
    short_month,
    short_weekday,
)
from ventanilla.web.kept import kept_per_language
from ventanilla.web.markup import filled

KIBIBYTE = 1024
NEAR_DAYS = {0: screen("hoy"), 1: screen("mañana"), -1: screen("ayer")}
TIME = '<time datetime="{}" title="{}">{}</time>'


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment three ways: for machines, in full, and beside other things."""

    iso: str
    full: str
    short: str

    @property
    def html(self) -> SafeString:
        """The short words, with the moment for machines and in full behind them."""
        return filled(TIME, self.iso, self.full, self.short)


def moment(at: datetime, zone: tzinfo, as_of: datetime) -> Moment:
    """A moment in a zone, told from where the reader stands."""
    return _told(at, zone, as_of.astimezone(zone).date())


@kept_per_language(2048)
def _told(at: datetime, zone: tzinfo, today: date) -> Moment:
    """The words for a moment, which stay the same all day: a page tells a hundred of them."""
    local = at.astimezone(zone)
    return Moment(
        iso=local.isoformat(timespec="seconds"),
        full=format_moment(local),
        short=f"{_day_words(local.date(), today)}, {unbroken(format_time(local))}",
    )


def unbroken(words: str) -> str:
    """Words that stay on one line, such as «4:00 p. m.»."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def short_day(at: datetime, zone: tzinfo, as_of: datetime) -> str:
    """«hoy», «mañana», «ayer», «mar 24 nov», «mar 24 nov 2025» when the year is another."""
    return _day_words(at.astimezone(zone).date(), as_of.astimezone(zone).date())


def _day_words(day: date, today: date) -> str:
    if (near := (day - today).days) in NEAR_DAYS:
        return str(NEAR_DAYS[near])
    year = f" {day.year}" if day.year != today.year else ""
    return f"{short_weekday(day)} {day.day} {short_month(day)}{year}"


def city_of(zone: tzinfo) -> str:
    """What the place whose clock counts is called: «Bogotá», «Ciudad de México»."""
    return str(get_timezone_location(zone, locale="es", return_city=True))


def size(octets: int) -> str:
    """«212 KB», «3,4 MB»."""
    if octets < KIBIBYTE:
        return f"{octets} B"
    if octets < KIBIBYTE**2:
        return f"{round(octets / KIBIBYTE)} KB"
    shown = f"{octets / KIBIBYTE**2:.1f} MB"
    return shown.replace(".", ",") if is_spanish() else shown
