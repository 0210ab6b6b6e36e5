"""Where a case goes: assessment, responsible, category, priority, date, waits."""

from __future__ import annotations

from typing import Any

from ventanilla.accounts.permissions import Permission
from ventanilla.desk import assessment, changes, progress, resolution
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import WAITING, Status, may_move
from ventanilla.web.forms import case as forms
from ventanilla.web.forms.case import NOBODY

from .base import Action, Steady, in_work, not_ended


def _assess(steady: Steady, asked: dict[str, Any]) -> object:
    return assessment.assess(
        category=asked["category"], priority=asked["priority"], asked=asked["asked"], **steady
    )


def _assign(steady: Steady, asked: dict[str, Any]) -> object:
    chosen = None if asked["assignee"] == NOBODY else int(asked["assignee"])
    return changes.assign(assignee_id=chosen, **steady)


def _category(steady: Steady, asked: dict[str, Any]) -> object:
    return changes.change_category(category=asked["category"], reason=asked["reason"], **steady)


def _priority(steady: Steady, asked: dict[str, Any]) -> object:
    return changes.change_priority(priority=asked["priority"], reason=asked["reason"], **steady)


def _date(steady: Steady, asked: dict[str, Any]) -> object:
    return changes.change_committed_date(
        committed_at=asked["committed_at"], reason=asked["reason"], **steady
    )


def _complex(steady: Steady, asked: dict[str, Any]) -> object:
    return progress.mark_complex(reason=asked["reason"], **steady)


def _wait(steady: Steady, asked: dict[str, Any]) -> object:
    return resolution.wait(status=Status(asked["status"]), reason=asked["reason"], **steady)


def _resume(steady: Steady, _: dict[str, Any]) -> object:
    return resolution.resume(**steady)


def _start(steady: Steady, _: dict[str, Any]) -> object:
    return resolution.start_work(**steady)


def _is_new(case: Case) -> bool:
    return in_work(case) and case.status == Status.REGISTERED


def _is_assessed(case: Case) -> bool:
    return in_work(case) and not _is_new(case)


def _may_wait(case: Case) -> bool:
    return in_work(case) and may_move(Status(case.status), Status.WAITING_AREA)


def _is_waiting(case: Case) -> bool:
    return in_work(case) and Status(case.status) in WAITING


def _may_start(case: Case) -> bool:
    return in_work(case) and case.status == Status.ASSESSED


def _is_plain(case: Case) -> bool:
    return _is_assessed(case) and case.complex_since is None


ASSESS = Action(
    noun="evaluacion",
    title="Evaluación inicial",
    short="Evaluar",
    verb="Confirmar evaluación",
    icon="clipboard-document-check",
    permission=Permission.ASSESS_CASE,
    form=forms.Assessment,
    fits=_is_new,
    do=_assess,
    done="Evaluación registrada.",
    intro="Lea lo que escribió la persona y confirme de qué se trata. Si la categoría cambia, "
    "los plazos se calculan otra vez desde el momento en que llegó.",
)
START = Action(
    noun="trabajo",
    title="Empezar a trabajar",
    verb="Empezar",
    icon="play",
    permission=Permission.ASSESS_CASE,
    fits=_may_start,
    do=_start,
    done="El caso está en trabajo.",
)
ASSIGN = Action(
    noun="asignacion",
    title="Asignar",
    verb="Asignar",
    icon="user-plus",
    permission=Permission.ASSIGN_CASE,
    form=forms.Assignment,
    fits=not_ended,
    do=_assign,
    done="Asignación registrada.",
)
CATEGORY = Action(
    noun="categoria",
    title="Cambiar categoría",
    verb="Cambiar categoría",
    icon="tag",
    permission=Permission.CHANGE_CATEGORY,
    form=forms.CategoryChange,
    fits=_is_assessed,
    do=_category,
    done="Categoría cambiada; los plazos se calcularon de nuevo.",
    consequences=(
        "Los plazos abiertos se calculan otra vez, desde el momento en que llegó el caso.",
        "El cambio y su motivo quedan en el registro.",
    ),
)
PRIORITY = Action(
    noun="prioridad",
    title="Cambiar prioridad",
    verb="Cambiar prioridad",
    icon="flag",
    permission=Permission.CHANGE_PRIORITY,
    form=forms.PriorityChange,
    do=_priority,
    done="Prioridad cambiada.",
)
DATE = Action(
    noun="fecha-comprometida",
    title="Fecha comprometida",
    verb="Comprometer la fecha",
    icon="calendar-days",
    permission=Permission.CHANGE_COMMITTED_DATE,
    form=forms.CommittedDate,
    do=_date,
    done="Fecha comprometida; se le avisa a la persona.",
    consequences=(
        "La persona recibe un correo con la fecha nueva y el motivo.",
        "La fecha pasa a ser un compromiso del caso: si vence, se ve y se avisa.",
    ),
)
COMPLEX = Action(
    noun="complejidad",
    title="Marcar como complejo",
    verb="Marcar como complejo",
    icon="puzzle-piece",
    permission=Permission.MARK_COMPLEX,
    form=forms.Reasoned,
    fits=_is_plain,
    do=_complex,
    done="El caso quedó marcado como complejo.",
    consequences=(
        "Desde ahora la persona recibe avisos de avance hasta que se resuelva.",
        "El motivo queda en el registro.",
    ),
)
WAIT = Action(
    noun="espera",
    title="Poner en espera",
    verb="Poner en espera",
    icon="pause",
    permission=Permission.PAUSE_CASE,
    form=forms.Waiting,
    fits=_may_wait,
    do=_wait,
    done="El caso quedó en espera.",
    intro="Los plazos que la política detiene en este estado quedan en pausa.",
)
RESUME = Action(
    noun="reanudacion",
    title="Reanudar",
    verb="Reanudar",
    icon="play",
    permission=Permission.PAUSE_CASE,
    fits=_is_waiting,
    do=_resume,
    done="El caso sigue en trabajo; los plazos corren otra vez.",
)
STEERING = (ASSESS, START, ASSIGN, WAIT, RESUME, DATE, CATEGORY, PRIORITY, COMPLEX)
