"""The account of a deadline in Spanish; the values themselves know no language."""

from __future__ import annotations

from fractions import Fraction

from ventanilla.policy.clock import DayAccount, Interval, Reason, Term
from ventanilla.policy.clock.values import HOUR, MINUTE
from ventanilla.policy.wording import format_short_date

_REASONS = {
    Reason.OPEN: "abierto",
    Reason.PARTIAL: "horario especial",
    Reason.WEEKEND: "sin atención ese día de la semana",
    Reason.HOLIDAY: "festivo",
    Reason.CLOSURE: "cierre",
    Reason.ROUND_THE_CLOCK: "corre de corrido",
    Reason.RECEIPT_DAY: "día de recepción: no se cuenta",
    Reason.COUNTED_DAY: "día contado",
    Reason.PAUSED: "en pausa",
    Reason.OUTSIDE_HOURS: "fuera del horario",
}
_SATURDAY = 5


def reason_words(day: DayAccount) -> str:
    """«festivo: La Inmaculada Concepción», «fin de semana», «abierto, con pausa»…"""
    words = _REASONS[day.reason]
    if day.reason is Reason.WEEKEND and day.date.weekday() >= _SATURDAY:
        words = "fin de semana"
    if day.name:
        words = f"{words}: {day.name}"
    if day.paused and day.counted:
        words = f"{words}, con pausa"
    return words


def interval_words(intervals: tuple[Interval, ...]) -> str:
    """«08:30–12:00, 13:00–16:00»; an end at the next midnight reads 24:00."""
    return ", ".join(f"{each.start:%H:%M}–{_end(each)}" for each in intervals)


def _end(interval: Interval) -> str:
    next_day = interval.end.date() > interval.start.date()
    return "24:00" if next_day and interval.end.hour == 0 else f"{interval.end:%H:%M}"


def quantity_words(quantity: int, term: Term) -> str:
    """«7 h 30 min» or «3 días», of a quantity on the clock of a term."""
    if term.basis.counts_days:
        return f"{quantity} {'día' if quantity == 1 else 'días'}"
    hours, rest = divmod(quantity, HOUR)
    minutes = Fraction(rest, MINUTE)
    shown = str(minutes) if minutes.denominator == 1 else f"{float(minutes):.2f}"
    return f"{hours} h {shown} min" if rest else f"{hours} h"


def date_words(day: DayAccount) -> str:
    """«vie 4 dic 2026»."""
    return format_short_date(day.date)
