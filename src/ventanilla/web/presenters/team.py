"""What a team leader sees, in words: risk, load, absences, the promises of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from ventanilla.accounts.absences import absent_at
from ventanilla.accounts.models import Absence, Staff
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.promised import name_of
from ventanilla.register.queries import Standing
from ventanilla.register.queries.team import MOST_COUNTED, Load
from ventanilla.register.time_words import format_duration
from ventanilla.web.addresses import address

from .moments import NEAR_DAYS, Moment, moment, short_day
from .promises import sign_of
from .queue import NO_SUBJECT, case_sign
from .signs import Sign

PackOf = Callable[[Case], Pack]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise of one case, and who answers for it."""

    url: str
    folio: str
    subject: str
    person: str
    promise: str
    clause: str
    responsible: str
    away: str
    sign: Sign
    due: Moment


@dataclass(frozen=True, slots=True)
class LoadRow:
    """How much one person carries. ``share`` is the part of the heaviest load, in tenths."""

    name: str
    url: str
    away: str
    load: Load
    open: str
    share: int


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Somebody who is absent, and the cases that wait for them."""

    id: int
    name: str
    until: str
    cover: str
    reason: str
    cases: str
    has_cases: bool
    url: str


@dataclass(frozen=True, slots=True)
class UntakenRow:
    """A case that nobody took."""

    url: str
    folio: str
    subject: str
    person: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An open case of one person."""

    id: int
    url: str
    folio: str
    subject: str
    person: str
    desk: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Reader:
    """What the words of every row depend on."""

    pack_of: PackOf
    away: Mapping[int, Absence]
    zone: tzinfo
    as_of: datetime

    def away_words(self, staff_id: int | None) -> str:
        """«ausente hasta el jue 27 nov»; empty for who is there."""
        absence = self.away.get(staff_id or 0)
        return away_until(absence, self.zone, self.as_of) if absence else ""


def away_until(absence: Absence, zone: tzinfo, as_of: datetime) -> str:
    """Until when somebody is absent: the last day of it, not the morning after."""
    last = absence.ends_at - timedelta(seconds=1)
    return _("ausente hasta %(day)s") % {"day": _with_article(short_day(last, zone, as_of))}


def away_words(zone: tzinfo, as_of: datetime) -> dict[int, str]:
    """Who is absent at a moment, each with until when."""
    return {who: away_until(each, zone, as_of) for who, each in absent_at(as_of).items()}


def choice_of(person: Staff, *facts: str) -> str:
    """A colleague among those a case may be given to: the name, and what speaks against it."""
    entered = _("todavía no ha entrado") if person.is_only_invited else ""
    told = ", ".join(filter(None, (*facts, entered)))
    return f"{person} — {told}" if told else str(person)


def _with_article(day: str) -> str:
    near = {str(each) for each in NEAR_DAYS.values()}
    return day if day in near else _("el %(day)s") % {"day": day}


def promise_rows(
    promises: Iterable[Commitment], cases: Mapping[int, Case], reader: Reader
) -> list[PromiseRow]:
    """A row for each promise, in the order given."""
    return [_promise_row(each, cases[each.case_id], reader) for each in promises]


def _promise_row(promise: Commitment, case: Case, reader: Reader) -> PromiseRow:
    pack = reader.pack_of(case)
    return PromiseRow(
        url=address("case", case.folio),
        folio=case.folio,
        subject=case.subject or NO_SUBJECT,
        person=str(case.person),
        promise=name_of(promise, pack),
        clause=promise.clause,
        responsible=str(case.assignee) if case.assignee else "",
        away=reader.away_words(case.assignee_id),
        sign=sign_of(promise, pack, reader.as_of),
        due=moment(promise.due_at, reader.zone, reader.as_of),
    )


def load_rows(people: Iterable[Staff], loads: Mapping[int, Load], reader: Reader) -> list[LoadRow]:
    """Everybody of the team, the heaviest load first."""
    known = [(each, loads.get(each.pk, Load())) for each in people]
    known.sort(key=lambda pair: (-pair[1].open, str(pair[0])))
    heaviest = max((load.open for _, load in known), default=0) or 1
    return [
        LoadRow(
            name=str(person),
            url=address("team-person", person.pk),
            away=reader.away_words(person.pk),
            load=load,
            open=counted(load),
            share=-(-load.open * 10 // heaviest),
        )
        for person, load in known
    ]


def counted(load: Load) -> str:
    """The number of open cases; beyond what is counted it says so."""
    return _("más de %(count)s") % {"count": MOST_COUNTED} if load.is_capped else str(load.open)


def away_rows(loads: Mapping[int, Load], reader: Reader) -> list[AwayRow]:
    """Who is absent now, those with open cases first."""
    rows = [_away_row(each, loads.get(each.staff_id, Load()), reader) for each in _absent(reader)]
    return sorted(rows, key=lambda row: (not row.has_cases, row.name))


def _absent(reader: Reader) -> list[Absence]:
    return list(reader.away.values())


def _away_row(absence: Absence, load: Load, reader: Reader) -> AwayRow:
    cover = absence.covered_by
    return AwayRow(
        id=absence.staff_id,
        name=str(absence.staff),
        until=away_until(absence, reader.zone, reader.as_of),
        cover=str(cover) if cover else "",
        reason=absence.reason,
        cases=counted(load),
        has_cases=load.open > 0,
        url=address("team-person", absence.staff_id),
    )


def untaken_rows(cases: Iterable[Case], as_of: datetime) -> list[UntakenRow]:
    """What nobody took, and for how long."""
    return [
        UntakenRow(
            url=address("case", case.folio),
            folio=case.folio,
            subject=case.subject or NO_SUBJECT,
            person=str(case.person),
            sign=Sign("near", "inbox", _waiting(as_of - case.received_at)),
        )
        for case in cases
    ]


def _waiting(since: timedelta) -> str:
    rough = timedelta(days=since.days) if since >= timedelta(days=2) else since
    return _("sin asignar desde hace %(time)s") % {"time": format_duration(rough)}


def held_rows(
    cases: Iterable[Case], standings: Mapping[int, Standing], reader: Reader
) -> list[HeldRow]:
    """The open cases of one person, in the order given."""
    return [_held_row(each, standings[each.pk], reader) for each in cases]


def _held_row(case: Case, stands: Standing, reader: Reader) -> HeldRow:
    pack = reader.pack_of(case)
    return HeldRow(
        id=case.pk,
        url=address("case", case.folio),
        folio=case.folio,
        subject=case.subject or NO_SUBJECT,
        person=str(case.person),
        desk=pack.desk(case.desk).name,
        sign=case_sign(case, stands.promise, pack, reader.as_of),
    )
