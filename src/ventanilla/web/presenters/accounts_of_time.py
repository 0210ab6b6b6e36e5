"""«¿Por qué esta hora?»: the day-by-day account of a due moment, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ventanilla.policy.clock import Basis, Interval
from ventanilla.policy.clock.account import Account, DayAccount, Reason
from ventanilla.policy.clock.values import PolicyError
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.wording import MONTHS, WEEKDAYS, format_duration, format_moment, format_time
from ventanilla.register.models import Commitment

from .promises import PromiseView, pauses_of, promise, term_of

MOST_DAYS = 60
WORDS = {
    Reason.OPEN: "Día hábil",
    Reason.PARTIAL: "Día con horario especial",
    Reason.WEEKEND: "Sin atención ese día de la semana",
    Reason.HOLIDAY: "No cuenta: {holiday}",
    Reason.CLOSURE: "No cuenta: cierre",
    Reason.ROUND_THE_CLOCK: "Este plazo corre a toda hora",
    Reason.RECEIPT_DAY: "El día en que llegó no se cuenta",
    Reason.COUNTED_DAY: "Cuenta como día",
    Reason.PAUSED: "En pausa",
    Reason.OUTSIDE_HOURS: "Día hábil, ya fuera del plazo o del horario",
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One date of the account."""

    name: str
    words: str
    counted: str
    total: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """A promise with the reason of its hour. Fields of ``PromiseView`` are under ``promise``."""

    promise: PromiseView
    clause_text: str
    policy: str
    pauses: tuple[str, ...]
    days: tuple[DayLine, ...]
    days_left_out: str


def why_view(row: Commitment, pack: Pack, as_of: datetime, *, folio: str) -> WhyView:
    """The account of one promise. A date that a person gave has no account, only its reason."""
    stopped = row.met_at or as_of
    pauses = pauses_of(row, stopped)
    account = pack.calendar.explain(row.started_at, term_of(row), pauses)
    # A committed date and a broken promise keep their own due moment; an account of another one
    # would explain an hour that nobody sees.
    fits = account.due_at == row.due_at
    days = tuple(_lines(account, pack)) if fits else ()
    left_out = max(len(days) - MOST_DAYS, 0)
    return WhyView(
        promise=promise(row, pack, as_of, folio=folio),
        clause_text=_clause_text(row.clause, pack),
        policy=f"{pack.name}, versión {pack.version}",
        pauses=tuple(_pause_words(each, pack) for each in pauses),
        days=days[:MOST_DAYS],
        days_left_out=f"Y {left_out} días más, que cuentan igual." if left_out else "",
    )


def _clause_text(clause: str, pack: Pack) -> str:
    try:
        found = pack.clause(clause)
    except PolicyError:
        return "La fecha la dio una persona del equipo."
    return f"{found.title}. {found.text}"


def _pause_words(pause: Interval, pack: Pack) -> str:
    zone = pack.calendar.zone
    start, end = pause.start.astimezone(zone), pause.end.astimezone(zone)
    return f"{format_moment(start)} a {format_moment(end)} ({format_duration(pause.duration)})"


def _lines(account: Account, pack: Pack) -> Iterator[DayLine]:
    basis = account.term.basis
    for day in account.days:
        date = day.date
        yield DayLine(
            name=f"{WEEKDAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1][:3]} {date.year}",
            words=_day_words(day, pack),
            counted=_amount(day.amount, basis),
            total=_amount(day.running, basis),
        )


def _day_words(day: DayAccount, pack: Pack) -> str:
    words = WORDS[day.reason].format(holiday=pack.vocabulary.holiday)
    if day.name:
        words = f"{words} ({day.name})"
    if day.counted:
        return f"{words}: {_hours(day.counted)}"
    return f"{words}; en pausa {_hours(day.paused)}" if day.paused else words


def _hours(stretches: tuple[Interval, ...]) -> str:
    """«8:30 a. m. a 4:00 p. m.»; a stretch to midnight says so."""
    return " y ".join(
        f"{format_time(each.start)} a "
        f"{'medianoche' if each.end.hour == each.end.minute == 0 else format_time(each.end)}"
        for each in stretches
    )


def _amount(amount: int, basis: Basis) -> str:
    if not amount:
        return "–"
    if basis.counts_days:
        return f"{amount} {'día' if amount == 1 else 'días'}"
    hours, rest = divmod(timedelta(microseconds=amount), timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
