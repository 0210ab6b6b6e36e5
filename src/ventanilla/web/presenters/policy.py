"""A policy as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from ventanilla.core.words import screen
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.schema.promise import Commitment
from ventanilla.register.time_words import WEEKDAYS, format_date, format_term, format_time

HOLIDAYS_SHOWN = 5
DAYS_SEARCHED = 400
RULES = {
    "desks": screen("mesas"),
    "categories": screen("categorías y plazos"),
    "priorities": screen("prioridades"),
    "calendars": screen("calendario"),
    "channels": screen("canales"),
    "folio": screen("numeración"),
    "assessment": screen("evaluación inicial"),
    "complexity": "casos complejos",
    "statuses": screen("estados"),
    "closing": screen("cierre"),
    "reopening": screen("reapertura"),
    "emergency": screen("emergencias"),
    "templates": screen("avisos a la persona"),
    "surveys": screen("encuestas"),
    "refund_causes": screen("causas de reembolso"),
    "authorizations": screen("autorizaciones"),
    "privacy_purposes": screen("finalidades de los datos"),
    "kpis": screen("indicadores"),
    "improvement": screen("mejoras"),
    "knowledge": screen("conocimiento"),
    "agenda": screen("agenda"),
    "after_sales": screen("posventa"),
    "evidence": screen("evidencias"),
    "segments": screen("segmentos"),
    "areas": screen("áreas"),
    "mail": screen("correo"),
    "sender_caps": screen("límites de envío"),
}
"""What each part of a pack is called in front of people."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One promise."""

    name: str
    target: str
    clause: str


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The promises of one category."""

    title: str
    about: str
    rows: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause and what carries it out."""

    id: str
    title: str
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str


def target_groups(pack: Pack) -> Iterator[TargetGroup]:
    """Every promise by category, and those of complex cases."""
    for category in pack.categories:
        about = _("%(desk)s, prioridad %(priority)s") % {
            "desk": pack.desk(category.desk).name,
            "priority": _priority(pack, category.priority),
        }
        yield TargetGroup(category.name, about, _rows(pack, category.commitments))
    notice = (pack.complexity.progress_notice,)
    yield TargetGroup(_("Casos complejos"), _("todas las mesas"), _rows(pack, notice))


def _priority(pack: Pack, key: str) -> str:
    return pack.priority(key).name.lower()


def _rows(pack: Pack, promises: tuple[Commitment, ...]) -> tuple[TargetRow, ...]:
    return tuple(
        TargetRow(each.name, format_term(pack, each.target.term), each.clause) for each in promises
    )


def clause_rows(pack: Pack) -> Iterator[ClauseRow]:
    """Every clause with the rules of the pack that name it, and the modules that carry it out."""
    carried = _carried(pack)
    for clause in pack.clauses:
        rules = [
            *carried.get(clause.id, ()),
            *(_("módulo %(name)s") % {"name": each} for each in clause.enforced_by),
        ]
        yield ClauseRow(clause.id, clause.title, clause.text, tuple(dict.fromkeys(rules)))


def _carried(pack: Pack) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in type(pack).model_fields:
        if name == "clauses":
            continue
        for clause in _clauses_in(getattr(pack, name)):
            found.setdefault(clause, []).append(RULES.get(name, name.rstrip("_")))
    return found


def _clauses_in(part: Any) -> Iterator[str]:
    """Every clause that a part or anything inside it names."""
    if isinstance(part, BaseModel):
        yield from getattr(part, "implements", ())
        if isinstance(clause := getattr(part, "clause", None), str):
            yield clause
        for name in type(part).model_fields:
            yield from _clauses_in(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from _clauses_in(each)
    elif isinstance(part, tuple):
        for each in part:
            yield from _clauses_in(each)


def hour_facts(pack: Pack, as_of: datetime) -> Iterator[Fact]:
    """Opening hours of the week, the zone, and the next days off."""
    calendar = pack.calendar
    for number, weekday in enumerate(WEEKDAYS):
        stretches = calendar.schedule.week[number]
        hours = ", ".join(
            _("%(start)s a %(end)s") % {"start": _clock(each.start), "end": _clock(each.end)}
            for each in stretches
        )
        yield Fact(str(weekday).capitalize(), hours or _("cerrado"))
    yield Fact(_("Zona horaria"), calendar.zone.key)
    yield Fact(_("Próximos días sin atención"), "; ".join(_next_days_off(pack, as_of)))


def _next_days_off(pack: Pack, as_of: datetime) -> Iterator[str]:
    today = as_of.astimezone(pack.calendar.zone).date()
    shown = 0
    for offset in range(DAYS_SEARCHED):
        plan = pack.calendar.day(today + timedelta(days=offset))
        if plan.name and shown < HOLIDAYS_SHOWN:
            shown += 1
            yield f"{format_date(plan.date)} ({plan.name})"


def _clock(seconds: int) -> str:
    midnight = datetime(2000, 1, 1)  # noqa: DTZ001 - only its hour is printed
    return format_time(midnight + timedelta(seconds=seconds))
