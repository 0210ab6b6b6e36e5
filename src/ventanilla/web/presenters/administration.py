"""The record of administration, jobs and health, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from ventanilla.accounts.administrative import Act
from ventanilla.accounts.models import AdministrativeEntry, Role
from ventanilla.core.actors import ActorKind
from ventanilla.core.findings import Finding, Verdict
from ventanilla.desk.job_reading import JobFacts

from .moments import Moment, moment
from .signs import Sign

ACTS: Mapping[str, StrOrPromise] = {
    Act.ABSENCE_CHANGED: gettext_lazy("Cambió la ausencia de %(about)s"),
    Act.ABSENCE_ENDED: gettext_lazy("Terminó la ausencia de %(about)s"),
    Act.ABSENCE_NOTED: gettext_lazy("Anotó una ausencia de %(about)s"),
    Act.CHANNEL_TESTED: gettext_lazy("Probó un canal"),
    Act.DELIVERIES_RETRIED: gettext_lazy("Reintentó envíos"),
    Act.DESK_MEMBERS_CHANGED: gettext_lazy("Cambió quién atiende una mesa"),
    Act.INBOUND_REPLAYED: gettext_lazy("Hizo procesar de nuevo correo que llegó"),
    Act.INVITATION_SENT: gettext_lazy("Envió a %(about)s un enlace para escoger contraseña"),
    Act.JOB_CANCELLED: gettext_lazy("Canceló un trabajo"),
    Act.JOB_RETRIED: gettext_lazy("Repitió un trabajo"),
    Act.PASSWORD_CHOSEN: gettext_lazy("%(about)s escogió su contraseña"),
    Act.POLICY_PUBLISHED: gettext_lazy("Publicó una versión de la política"),
    Act.RECORD_VERIFIED: gettext_lazy("Se verificó el registro"),
    Act.STAFF_CHANGED: gettext_lazy("Cambió la cuenta de %(about)s"),
    Act.STAFF_CREATED: gettext_lazy("Creó la cuenta de %(about)s"),
    Act.STAFF_DEACTIVATED: gettext_lazy("Desactivó la cuenta de %(about)s"),
    Act.STAFF_REACTIVATED: gettext_lazy("Activó de nuevo la cuenta de %(about)s"),
}
FACTS: Mapping[str, StrOrPromise] = {
    "added": gettext_lazy("se agregan"),
    "cases": gettext_lazy("casos"),
    "covered_by": gettext_lazy("cubre"),
    "desk": gettext_lazy("mesa"),
    "desks": gettext_lazy("mesas"),
    "effective_from": gettext_lazy("rige desde"),
    "ends_at": gettext_lazy("hasta"),
    "entries": gettext_lazy("asientos"),
    "faults": gettext_lazy("fallas"),
    "full_name": gettext_lazy("nombre"),
    "inbound_id": gettext_lazy("entrada"),
    "item_ids": gettext_lazy("entradas"),
    "job_id": gettext_lazy("trabajo"),
    "language": gettext_lazy("idioma"),
    "number": gettext_lazy("versión"),
    "outbound_id": gettext_lazy("envío"),
    "outbound_ids": gettext_lazy("envíos"),
    "reason": gettext_lazy("motivo"),
    "removed": gettext_lazy("se quitan"),
    "role": gettext_lazy("función"),
    "starts_at": gettext_lazy("desde"),
    "task": gettext_lazy("tarea"),
}
"""What a value of an entry is called. One without a name here is not shown: the row holds it."""
MOMENTS = frozenset({"starts_at", "ends_at", "effective_from"})
PEOPLE = frozenset({"covered_by", "added", "removed"})
TASKS: Mapping[str, StrOrPromise] = {
    "clear_evidence": gettext_lazy("Borrar archivos sin dueño"),
    "clear_uploads": gettext_lazy("Borrar lo subido que nadie envió"),
    "clear_sessions": gettext_lazy("Olvidar sesiones vencidas"),
    "close_quiet": gettext_lazy("Cerrar lo resuelto que calla"),
    "deliver": gettext_lazy("Entregar un mensaje"),
    "prune_jobs": gettext_lazy("Olvidar trabajos viejos"),
    "receive": gettext_lazy("Procesar un correo"),
    "release_cases": gettext_lazy("Devolver casos a la cola"),
    "retry_stalled": gettext_lazy("Recoger trabajos abandonados"),
    "send_draft": gettext_lazy("Enviar una respuesta"),
    "sweep_deadlines": gettext_lazy("Avisar vencimientos"),
    "sweep_drafts": gettext_lazy("Buscar respuestas por enviar"),
    "sweep_inbound": gettext_lazy("Buscar correo sin procesar"),
    "sweep_outbox": gettext_lazy("Buscar envíos pendientes"),
    "sweep_owners": gettext_lazy("Buscar casos de quien ya no está"),
}
MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One act of administration."""

    at: Moment
    who: str
    what: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job."""

    id: int
    name: str
    about: str
    attempts: int
    moment: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words of an entry depend on: names of people, the zone, now."""

    names: Mapping[int, str]
    zone: tzinfo
    as_of: datetime


def people_in(entries: Iterable[AdministrativeEntry]) -> set[int]:
    """Everybody whose name the entries need."""
    found: set[int] = set()
    for entry in entries:
        if entry.actor_kind == ActorKind.STAFF and entry.actor_id:
            found.add(entry.actor_id)
        for name in PEOPLE:
            value = entry.payload.get(name)
            found |= set(value) if isinstance(value, list) else {value} if value else set()
    return found


def entry_rows(entries: Iterable[AdministrativeEntry], telling: Telling) -> list[EntryRow]:
    """The acts in the order given."""
    return [_entry_row(each, telling) for each in entries]


def _entry_row(entry: AdministrativeEntry, telling: Telling) -> EntryRow:
    is_staff = entry.actor_kind == ActorKind.STAFF
    who = telling.names.get(entry.actor_id or 0, "") if is_staff else _("el sistema")
    words = str(ACTS.get(entry.kind, entry.kind)) % {"about": entry.about or ""}
    facts = dict(entry.payload)
    changes, changed = facts.pop("changes", {}), facts.pop("changed", ())
    told = [
        (str(FACTS[name]), _value(name, value, telling))
        for name, value in facts.items()
        if name in FACTS and value not in (None, "", [])
    ]
    told += [
        (
            str(FACTS.get(name, name)),
            f"{_value(name, before, telling)} → {_value(name, after, telling)}",
        )
        for name, (before, after) in changes.items()
    ]
    told += [(str(FACTS.get(name, name)), _("cambió")) for name in changed]
    return EntryRow(moment(entry.at, telling.zone, telling.as_of), who, words, tuple(told))


def _value(name: str, value: Any, telling: Telling) -> str:
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if name == "desks" and not value:
        return _("todas")
    if name in MOMENTS:
        return moment(datetime.fromisoformat(value), telling.zone, telling.as_of).full
    if isinstance(value, list):
        shown = ", ".join(_value(name, each, telling) for each in value[:MOST_LISTED])
        return f"{shown}…" if len(value) > MOST_LISTED else shown
    return telling.names.get(value, str(value)) if name in PEOPLE else str(value)


def job_rows(jobs: Iterable[JobFacts], zone: tzinfo, as_of: datetime) -> list[JobRow]:
    """Jobs in the order given."""
    return [
        JobRow(
            id=each.id,
            name=task_words(each.task),
            about=", ".join(str(v) for k, v in each.facts.items() if k != "timestamp"),
            attempts=each.attempts,
            moment=moment(at, zone, as_of) if (at := each.failed_at or each.scheduled_at) else None,
            reason=each.reason,
        )
        for each in jobs
    ]


def task_words(name: str) -> str:
    """What a task is called; an unknown one as it is written."""
    return str(TASKS.get(name, name))


def health_sign(finding: Finding) -> Sign:
    """How a finding weighs."""
    return {
        Verdict.WELL: Sign("kept", "check", _("bien")),
        Verdict.NOTICE: Sign("near", "exclamation-circle", _("aviso")),
        Verdict.WRONG: Sign("broken", "x-circle", _("mal")),
    }[finding.verdict]
