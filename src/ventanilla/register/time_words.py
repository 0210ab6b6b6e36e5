"""Moments, terms and durations as pages say them.

In Spanish they are the words of the policy, so that a page and a mail say the same. In another
language the words come from the catalogue; the order of day and month, the twelve-hour clock and
the zone stay those of the country of the pack.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.policy import wording
from ventanilla.policy.clock import Basis, Term, Unit
from ventanilla.policy.schema.pack import Pack

SPANISH = "es"
WEEKDAYS = (
    screen("lunes"),
    screen("martes"),
    screen("miércoles"),
    screen("jueves"),
    screen("viernes"),
    screen("sábado"),
    screen("domingo"),
)
MONTHS = (
    screen("enero"),
    screen("febrero"),
    screen("marzo"),
    screen("abril"),
    screen("mayo"),
    screen("junio"),
    screen("julio"),
    screen("agosto"),
    screen("septiembre"),
    screen("octubre"),
    screen("noviembre"),
    screen("diciembre"),
)
LETTERS_OF_A_SHORT_NAME = 3


def is_spanish() -> bool:
    """Whether the policy's own words may be shown as they are."""
    return get_language() in (SPANISH, None)


def format_time(moment: datetime) -> str:
    """«4:00 p. m.»."""
    if is_spanish():
        return wording.format_time(moment)
    half = _("a. m.") if moment.hour < 12 else _("p. m.")
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"


def format_date(day: date) -> str:
    """«martes 29 de diciembre de 2026»."""
    if is_spanish():
        return wording.format_date(day)
    return _("%(weekday)s %(day)s de %(month)s de %(year)s") % {
        "weekday": WEEKDAYS[day.weekday()],
        "day": day.day,
        "month": MONTHS[day.month - 1],
        "year": day.year,
    }


def format_moment(moment: datetime) -> str:
    """«martes 29 de diciembre de 2026, 4:00 p. m.», in the zone the moment already has."""
    return f"{format_date(moment)}, {format_time(moment)}"


def short_weekday(day: date) -> str:
    """«mar»."""
    words = wording.WEEKDAYS if is_spanish() else WEEKDAYS
    return str(words[day.weekday()])[:LETTERS_OF_A_SHORT_NAME]


def short_month(day: date) -> str:
    """«dic»."""
    words = wording.MONTHS if is_spanish() else MONTHS
    return str(words[day.month - 1])[:LETTERS_OF_A_SHORT_NAME]


def format_duration(duration: timedelta) -> str:
    """«2 h 10 min», «3 días 4 h»."""
    if is_spanish():
        return wording.format_duration(duration)
    minutes = int(duration.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    parts = [
        days_words(days) if days else "",
        f"{rest // 60} h" if rest // 60 else "",
        f"{rest % 60} min" if rest % 60 else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def days_words(number: int) -> str:
    """«1 día», «3 días»."""
    return ngettext("%(n)s día", "%(n)s días", number) % {"n": number}


def format_term(pack: Pack, term: Term) -> str:
    """«12 horas hábiles», «5 días hábiles», in the words of the country when they are Spanish."""
    if is_spanish():
        return pack.format_term(term)
    number = term.amount
    shown = str(number) if number.denominator == 1 else f"{float(number):.2f}".rstrip("0")
    return _pattern(term, 1 if number == 1 else 2) % {"n": shown}


def _pattern(term: Term, number: int) -> str:
    if term.basis is Basis.CALENDAR_DAYS:
        return ngettext("%(n)s día calendario", "%(n)s días calendario", number)
    if term.basis is Basis.BUSINESS_DAYS:
        return ngettext("%(n)s día hábil", "%(n)s días hábiles", number)
    if term.unit is Unit.HOURS:
        return _hours(term.basis, number)
    return _minutes(term.basis, number)


def _hours(basis: Basis, number: int) -> str:
    if basis is Basis.BUSINESS_HOURS:
        return ngettext("%(n)s hora hábil", "%(n)s horas hábiles", number)
    if basis is Basis.BUSINESS_DAY_HOURS:
        return ngettext("%(n)s hora de días hábiles", "%(n)s horas de días hábiles", number)
    return ngettext("%(n)s hora", "%(n)s horas", number)


def _minutes(basis: Basis, number: int) -> str:
    if basis is Basis.BUSINESS_HOURS:
        return ngettext("%(n)s minuto hábil", "%(n)s minutos hábiles", number)
    if basis is Basis.BUSINESS_DAY_HOURS:
        return ngettext("%(n)s minuto de días hábiles", "%(n)s minutos de días hábiles", number)
    return ngettext("%(n)s minuto", "%(n)s minutos", number)
