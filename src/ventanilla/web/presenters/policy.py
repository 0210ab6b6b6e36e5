"""A policy as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.wording import WEEKDAYS, format_date, format_time

HOLIDAYS_SHOWN = 5
DAYS_SEARCHED = 400
RULES = {
    "desks": "mesas",
    "categories": "categorías y plazos",
    "priorities": "prioridades",
    "calendars": "calendario",
    "channels": "canales",
    "folio": "numeración",
    "assessment": "evaluación inicial",
    "complexity": "casos complejos",
    "statuses": "estados",
    "closing": "cierre",
    "reopening": "reapertura",
    "emergency": "emergencias",
    "templates": "avisos a la persona",
    "surveys": "encuestas",
    "refund_causes": "causas de reembolso",
    "authorizations": "autorizaciones",
    "privacy_purposes": "finalidades de los datos",
    "kpis": "indicadores",
    "improvement": "mejoras",
    "knowledge": "conocimiento",
    "agenda": "agenda",
    "after_sales": "posventa",
    "evidence": "evidencias",
    "segments": "segmentos",
    "areas": "áreas",
    "mail": "correo",
    "sender_caps": "límites de envío",
}
"""What each part of a pack is called in front of people."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One promise of one category."""

    category: str
    desk: str
    priority: str
    name: str
    target: str
    clause: str


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


def target_rows(pack: Pack) -> Iterator[TargetRow]:
    """Every promise of every category, and those of complex cases."""
    for category, commitment in pack.commitments():
        yield TargetRow(
            category=category.name if category else "Casos complejos",
            desk=pack.desk(category.desk).name if category else "",
            priority=pack.priority(category.priority).name if category else "",
            name=commitment.name,
            target=pack.format_term(commitment.target.term),
            clause=commitment.clause,
        )


def clause_rows(pack: Pack) -> Iterator[ClauseRow]:
    """Every clause with the rules of the pack that name it, and the modules that carry it out."""
    carried = _carried(pack)
    for clause in pack.clauses:
        rules = [*carried.get(clause.id, ()), *(f"módulo {each}" for each in clause.enforced_by)]
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
        yield from getattr(part, "clauses", ())
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
        hours = ", ".join(f"{_clock(each.start)} a {_clock(each.end)}" for each in stretches)
        yield Fact(weekday.capitalize(), hours or "cerrado")
    yield Fact("Zona horaria", calendar.zone.key)
    yield Fact(f"Próximos: {pack.vocabulary.holiday}", "; ".join(_next_days_off(pack, as_of)))


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
