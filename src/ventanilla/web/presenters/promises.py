"""The promises of a case as a panel shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from ventanilla.policy.clock import Basis, Interval, Term, Unit
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Commitment
from ventanilla.register.projection import read_pauses
from ventanilla.register.promised import definition_of, name_of
from ventanilla.register.time_words import format_term
from ventanilla.web.addresses import address

from .clock_line import ClockLine, clock_line
from .moments import Moment, moment
from .signs import Sign, due_sign, met_sign, paused_sign


@dataclass(frozen=True, slots=True)
class PromiseView:
    """One promise in words, with its line of time while it is open."""

    key: str
    name: str
    sign: Sign
    target: str
    clause: str
    due: Moment
    started: Moment
    note: str
    clock: ClockLine | None
    is_open: bool
    why_url: str


def promises(
    rows: Iterable[Commitment], pack: Pack, as_of: datetime, *, folio: str
) -> list[PromiseView]:
    """Open ones first, by their due moment; then the settled ones, latest first."""
    rows = list(rows)
    running = sorted((each for each in rows if is_open(each)), key=lambda each: each.due_at)
    settled = [each for each in rows if not is_open(each)]
    settled.sort(key=lambda each: each.due_at, reverse=True)
    drawn = [promise(each, pack, as_of, folio=folio) for each in running]
    return drawn + [promise(each, pack, as_of, folio=folio, drawn=False) for each in settled]


def promise(
    row: Commitment, pack: Pack, as_of: datetime, *, folio: str, drawn: bool = True
) -> PromiseView:
    """One promise, ``drawn`` with its line of time unless it was cancelled."""
    zone = pack.calendar.zone
    sign = sign_of(row, pack, as_of)
    return PromiseView(
        key=row.key,
        name=name_of(row, pack),
        sign=sign,
        target=target_words(row, pack, as_of),
        clause=row.clause,
        due=moment(row.due_at, zone, as_of),
        started=moment(row.started_at, zone, as_of),
        note=_("exceptuada: %(reason)s") % {"reason": row.excused_reason}
        if row.excused_digest and row.excused_reason
        else "",
        clock=line_of(row, pack, sign.tone, as_of) if drawn and not row.cancelled_at else None,
        is_open=is_open(row),
        why_url=address("case-why", folio, row.key),
    )


def is_open(row: Commitment) -> bool:
    """Whether it still waits for its event."""
    return row.met_at is None and row.cancelled_at is None


def term_of(row: Commitment) -> Term:
    """The arithmetic half of the stored target."""
    return _term(row.target["amount"], row.target["unit"], row.target["basis"])


@lru_cache(maxsize=256)
def _term(amount: int, unit: str, basis: str) -> Term:
    """A policy has a few dozen of them, a queue asks thirty times."""
    return Term.of(amount, Unit(unit), Basis(basis))


def pauses_of(row: Commitment, as_of: datetime) -> tuple[Interval, ...]:
    """The finished pauses, and the open one as far as it has gone."""
    found = [Interval(each.since, each.until) for each in read_pauses(row.pauses)]
    if row.paused_since is not None and row.paused_since < as_of:
        found.append(Interval(row.paused_since, as_of))
    return tuple(found)


def target_words(row: Commitment, pack: Pack, as_of: datetime) -> str:
    """«12 horas hábiles desde lun 23 nov»; a committed date is no duration."""
    if definition_of(row, pack) is None:
        return _("fecha dada a la persona")
    since = moment(row.started_at, pack.calendar.zone, as_of).short
    term = format_term(pack, term_of(row))
    return _("%(term)s desde %(since)s") % {"term": term, "since": since}


def sign_of(row: Commitment, pack: Pack, as_of: datetime) -> Sign:
    """How it stands."""
    if row.met_at is not None:
        return met_sign(started_at=row.started_at, met_at=row.met_at, due_at=row.due_at)
    if row.cancelled_at is not None:
        return Sign("plain", "no-symbol", _("ya no se debe"))
    if row.paused_since is not None:
        return paused_sign(pack.statuses.label(row.paused_for))
    return due_sign(
        pack.calendar,
        started_at=row.started_at,
        due_at=row.due_at,
        term=term_of(row),
        breaks=pauses_of(row, as_of),
        as_of=as_of,
    )


def line_of(row: Commitment, pack: Pack, tone: str, as_of: datetime) -> ClockLine:
    """Its line of time."""
    return clock_line(
        pack.calendar,
        tone=tone,
        basis=term_of(row).basis,
        started_at=row.started_at,
        due_at=row.due_at,
        pauses=pauses_of(row, row.met_at or as_of),
        stopped_at=row.met_at,
        as_of=as_of,
    )


def nearest(rows: Iterable[Commitment]) -> Commitment | None:
    """The promise that falls due next; paused ones stand behind running ones."""
    waiting = (each for each in rows if is_open(each))
    return min(waiting, key=lambda each: (each.paused_since is not None, each.due_at), default=None)
