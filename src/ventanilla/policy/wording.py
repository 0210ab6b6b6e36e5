"""Moments and terms in the words people read. Spanish; independent of the machine's locale."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .clock import Basis, Term, Unit

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
    "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_TERMS = {
    (Basis.ELAPSED, Unit.HOURS): ("hora", "horas"),
    (Basis.ELAPSED, Unit.MINUTES): ("minuto", "minutos"),
    (Basis.BUSINESS_DAY_HOURS, Unit.HOURS): ("hora de días hábiles", "horas de días hábiles"),
    (Basis.BUSINESS_DAY_HOURS, Unit.MINUTES): (
        "minuto de días hábiles", "minutos de días hábiles",
    ),
    (Basis.BUSINESS_HOURS, Unit.HOURS): ("hora hábil", "horas hábiles"),
    (Basis.BUSINESS_HOURS, Unit.MINUTES): ("minuto hábil", "minutos hábiles"),
    (Basis.BUSINESS_DAYS, Unit.DAYS): ("día hábil", "días hábiles"),
}  # fmt: skip


def format_date(day: date) -> str:
    """«martes 29 de diciembre de 2026»."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} de {day.year}"


def format_short_date(day: date) -> str:
    """«mar 29 dic 2026», for tables."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def format_short(moment: datetime) -> str:
    """«mar 29 dic 2026, 4:00 p. m.», for tables, in the zone the moment already has."""
    return f"{format_short_date(moment)}, {format_time(moment)}"


def format_time(moment: datetime) -> str:
    """«4:00 p. m.»; midday is 12:00 p. m., midnight 12:00 a. m."""
    half = "a. m." if moment.hour < 12 else "p. m."
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"


def format_moment(moment: datetime) -> str:
    """«martes 29 de diciembre de 2026, 4:00 p. m.», in the zone the moment already has."""
    return f"{format_date(moment)}, {format_time(moment)}"


def format_duration(duration: timedelta) -> str:
    """«2 h 10 min», «3 días 4 h»; seconds are cut off, less than a minute is «0 min»."""
    minutes = int(duration.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    parts = [
        f"{days} {'día' if days == 1 else 'días'}" if days else "",
        f"{rest // 60} h" if rest // 60 else "",
        f"{rest % 60} min" if rest % 60 else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def format_term(term: Term, *, calendar_days: str = "días calendario") -> str:
    """«12 horas hábiles», «5 días hábiles», «3 horas»; ``calendar_days`` as the country says it."""
    number = term.amount
    shown = str(number) if number.denominator == 1 else f"{float(number):.2f}".rstrip("0")
    if term.basis is Basis.CALENDAR_DAYS:
        return f"1 {_singular(calendar_days)}" if number == 1 else f"{shown} {calendar_days}"
    one, many = _TERMS[term.basis, term.unit]
    return f"{shown} {one if number == 1 else many}"


def _singular(words: str) -> str:
    return {"días calendario": "día calendario", "días naturales": "día natural"}.get(words, words)
