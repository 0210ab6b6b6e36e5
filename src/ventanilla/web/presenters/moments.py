"""Moments and sizes in the fewest words that are still exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.safestring import SafeString

from ventanilla.policy.wording import MONTHS, WEEKDAYS, format_moment, format_time
from ventanilla.web.markup import filled

LETTERS_OF_A_SHORT_NAME = 3
KIBIBYTE = 1024
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
    local = at.astimezone(zone)
    return Moment(
        iso=local.isoformat(timespec="seconds"),
        full=format_moment(local),
        short=f"{short_day(at, zone, as_of)}, {format_time(local)}".replace(
            ". m.", ".\N{NO-BREAK SPACE}m."
        ),
    )


def short_day(at: datetime, zone: tzinfo, as_of: datetime) -> str:
    """«hoy», «mañana», «ayer», «mar 24 nov», «mar 24 nov 2025» when the year is another."""
    day, today = at.astimezone(zone).date(), as_of.astimezone(zone).date()
    near = {0: "hoy", 1: "mañana", -1: "ayer"}.get((day - today).days)
    if near:
        return near
    weekday = WEEKDAYS[day.weekday()][:LETTERS_OF_A_SHORT_NAME]
    month = MONTHS[day.month - 1][:LETTERS_OF_A_SHORT_NAME]
    year = f" {day.year}" if day.year != today.year else ""
    return f"{weekday} {day.day} {month}{year}"


def size(octets: int) -> str:
    """«212 KB», «3,4 MB»."""
    if octets < KIBIBYTE:
        return f"{octets} B"
    if octets < KIBIBYTE**2:
        return f"{round(octets / KIBIBYTE)} KB"
    return f"{octets / KIBIBYTE**2:.1f} MB".replace(".", ",")
