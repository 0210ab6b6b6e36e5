"""«¿Por qué esta hora?»: the day-by-day account of a due moment, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ventanilla.core.words import screen
from ventanilla.policy.clock import Basis, Interval
from ventanilla.policy.clock.account import Account, DayAccount, Reason
from ventanilla.policy.clock.values import PolicyError
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Commitment
from ventanilla.register.time_words import (
    WEEKDAYS,
    days_words,
    format_duration,
    format_moment,
    format_time,
    short_month,
)

from .case import policy_words
from .promises import PromiseView, pauses_of, promise, term_of

MOST_DAYS = 60
WORDS = {
    Reason.OPEN: screen("Día hábil"),
    Reason.PARTIAL: screen("Día con horario especial"),
    Reason.WEEKEND: screen("Sin atención ese día de la semana"),
    Reason.HOLIDAY: screen("No cuenta: {holiday}"),
    Reason.CLOSURE: screen("No cuenta: cierre"),
    Reason.ROUND_THE_CLOCK: screen("Este plazo corre a toda hora"),
    Reason.RECEIPT_DAY: screen("El día en que llegó no se cuenta"),
    Reason.COUNTED_DAY: screen("Cuenta como día"),
    Reason.PAUSED: screen("En pausa"),
    Reason.OUTSIDE_HOURS: screen("Día hábil, ya fuera del plazo o del horario"),
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
        policy=policy_words(pack),
        pauses=tuple(_pause_words(each, pack) for each in pauses),
        days=days[:MOST_DAYS],
        days_left_out=_left_out_words(left_out) if left_out else "",
    )


def _left_out_words(number: int) -> str:
    said = ngettext(
        "Y %(n)s día más, que cuenta igual.", "Y %(n)s días más, que cuentan igual.", number
    )
    return said % {"n": number}


def _clause_text(clause: str, pack: Pack) -> str:
    try:
        found = pack.clause(clause)
    except PolicyError:
        return _("La fecha la dio una persona del equipo.")
    return f"{found.title}. {found.text}"


def _pause_words(pause: Interval, pack: Pack) -> str:
    zone = pack.calendar.zone
    start, end = pause.start.astimezone(zone), pause.end.astimezone(zone)
    return _("%(start)s a %(end)s (%(time)s)") % {
        "start": format_moment(start),
        "end": format_moment(end),
        "time": format_duration(pause.duration),
    }


def _lines(account: Account, pack: Pack) -> Iterator[DayLine]:
    basis = account.term.basis
    for day in account.days:
        date = day.date
        yield DayLine(
            name=f"{WEEKDAYS[date.weekday()]} {date.day} {short_month(date)} {date.year}",
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
    if day.paused:
        return _("%(words)s; en pausa %(hours)s") % {"words": words, "hours": _hours(day.paused)}
    return str(words)


def _hours(stretches: tuple[Interval, ...]) -> str:
    """«8:30 a. m. a 4:00 p. m.»; a stretch to midnight says so."""
    return _(" y ").join(
        _("%(start)s a %(end)s") % {"start": format_time(each.start), "end": _end(each)}
        for each in stretches
    )


def _end(stretch: Interval) -> str:
    is_midnight = stretch.end.hour == stretch.end.minute == 0
    return _("medianoche") if is_midnight else format_time(stretch.end)


def _amount(amount: int, basis: Basis) -> str:
    if not amount:
        return "–"
    if basis.counts_days:
        return days_words(amount)
    hours, rest = divmod(timedelta(microseconds=amount), timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
