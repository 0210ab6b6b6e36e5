"""The home of a team leader, put together from bounded reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from ventanilla.accounts.absences import absent_at
from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import team_of
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import queries
from ventanilla.register.models import Commitment
from ventanilla.register.queries import View, team
from ventanilla.web.addresses import address
from ventanilla.web.packs import pack_for
from ventanilla.web.paging import read_key, write_key
from ventanilla.web.presenters.team import (
    PromiseRow,
    Reader,
    away_rows,
    load_rows,
    promise_rows,
    untaken_rows,
)
from ventanilla.web.visit import Visit

HORIZONS = (4, 24, 72)
HORIZON = 24
"""Hours ahead in which a promise counts as at risk, unless another of HORIZONS is chosen."""
UNTAKEN_AFTER = timedelta(hours=2)
AT_RISK = 15
OF_THE_DAY = 10
UNTAKEN = 8
PAGE = 50


@dataclass(frozen=True, slots=True)
class Day:
    """Today in the zone of the pack, half-open."""

    start: datetime
    end: datetime


def today_of(pack: Pack, as_of: datetime) -> Day:
    """The day in which a moment lies; days in which clocks are set are longer or shorter."""
    zone = pack.calendar.zone
    date = as_of.astimezone(zone).date()
    return Day(
        datetime.combine(date, time.min, tzinfo=zone),
        datetime.combine(date + timedelta(days=1), time.min, tzinfo=zone),
    )


def reader_of(visit: Visit) -> Reader:
    """What the rows of these pages depend on; one read."""
    return Reader(pack_for, absent_at(visit.as_of), visit.pack.calendar.zone, visit.as_of)


def home_context(visit: Visit, *, hours: int, after: str | None) -> dict[str, Any]:
    """Everything on the home of a leader."""
    day, reader = today_of(visit.pack, visit.as_of), reader_of(visit)
    people = team_of(visit.desks)
    ids = {each.pk for each in people} | set(reader.away)
    loads = team.load_of(ids, desks=visit.desks, as_of=visit.as_of, day_end=day.end)
    promised = team.promises_of_day(day.start, day.end, desks=visit.desks, limit=OF_THE_DAY)
    untaken = team.unassigned_since(visit.as_of - UNTAKEN_AFTER, desks=visit.desks, limit=UNTAKEN)
    return {
        **_risk(visit, reader, hours, after),
        "load": load_rows(people, loads, reader),
        "away": away_rows(loads, reader),
        "untaken": untaken_rows(untaken, visit.as_of),
        "younger": 0 if untaken else team.count_unassigned(desks=visit.desks),
        "untaken_hours": int(UNTAKEN_AFTER.total_seconds() // 3600),
        "day": team.count_of_day(day.start, day.end, desks=visit.desks, as_of=visit.as_of),
        "promised": rows_of(promised, reader),
        "may_give": visit.may(Permission.ASSIGN_CASE),
        "may_note": visit.may(Permission.MANAGE_ABSENCES),
    }


def _risk(visit: Visit, reader: Reader, hours: int, after: str | None) -> dict[str, Any]:
    """A page of the cases whose next promise is overdue or near: one range of the queue's index."""
    horizon = visit.as_of + timedelta(hours=hours)
    found = queries.queue(
        view=View.OVERDUE,
        desks=visit.desks,
        as_of=horizon,
        after=read_key(after),
        limit=AT_RISK + 1,
    )
    cases = {case.pk: case for case in found[:AT_RISK]}
    promises = team.running_promises(cases, due_before=horizon)
    more = ""
    if len(found) > AT_RISK:
        key = write_key(queries.key_of(found[AT_RISK - 1]))
        more = f"{address('team')}?{urlencode({'horas': hours, 'despues': key})}"
    rows = promise_rows(promises, cases, reader)
    return {
        "risk": rows,
        "risk_next": more,
        "overdue": sum(row.sign.tone == "broken" for row in rows),
        "hours": hours,
        "horizons": [(each, f"{address('team')}?horas={each}", each == hours) for each in HORIZONS],
        "is_first": not after,
    }


def rows_of(promises: list[Commitment], reader: Reader) -> list[PromiseRow]:
    """Promises that were read with their cases, as rows."""
    return promise_rows(promises, {each.case_id: each.case for each in promises}, reader)


def day_context(visit: Visit, *, after: str | None) -> dict[str, Any]:
    """Every promise of today, a page at a time."""
    day, reader = today_of(visit.pack, visit.as_of), reader_of(visit)
    key = read_key(after)
    behind = (key[0], key[1]) if key and key[0] is not None else None
    found = team.promises_of_day(
        day.start, day.end, desks=visit.desks, after=behind, limit=PAGE + 1
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    query = urlencode({"despues": write_key((last.due_at, last.pk))}) if last else ""
    return {
        "day": team.count_of_day(day.start, day.end, desks=visit.desks, as_of=visit.as_of),
        "promised": rows_of(found[:PAGE], reader),
        "next_url": f"{address('team-day')}?{query}" if query else "",
    }
