"""Where a case goes: assessment, responsible, category, priority, date, waits."""

from __future__ import annotations

from typing import Any

from ventanilla.accounts.permissions import Permission
from ventanilla.core.words import screen
from ventanilla.desk import assessment, changes, progress, resolution
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import WAITING, Status, may_move
from ventanilla.web.forms import case as forms
from ventanilla.web.forms.case import NOBODY

from .base import Action, Passing, Steady, in_work, not_ended


def _assign(steady: Steady, asked: dict[str, Any]) -> object:
    chosen = None if asked["assignee"] == NOBODY else int(asked["assignee"])
    return changes.assign(assignee_id=chosen, **steady)


def _wait(steady: Steady, asked: dict[str, Any]) -> object:
    return resolution.wait(status=Status(asked["status"]), reason=asked["reason"], **steady)


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
    title=screen("Evaluación inicial"),
    short=screen("Evaluar"),
    verb=screen("Confirmar evaluación"),
    icon="clipboard-document-check",
    permission=Permission.ASSESS_CASE,
    form=forms.Assessment,
    fits=_is_new,
    do=Passing(assessment.assess, "category", "priority", "asked"),
    done=screen("Evaluación registrada."),
    intro=screen(
        "Lea lo que escribió la persona y confirme de qué se trata. Si la categoría cambia, "
        "los plazos se calculan otra vez desde el momento en que llegó."
    ),
)
START = Action(
    noun="trabajo",
    title=screen("Empezar a trabajar"),
    verb=screen("Empezar"),
    icon="play",
    permission=Permission.PAUSE_CASE,
    fits=_may_start,
    do=Passing(resolution.start_work),
    done=screen("El caso está en trabajo."),
    intro=screen(
        "Queda dicho que ya se trabaja en él. Ningún plazo cambia, y la persona no recibe aviso."
    ),
)
ASSIGN = Action(
    noun="asignacion",
    title=screen("Asignar"),
    verb=screen("Asignar"),
    icon="user-plus",
    permission=Permission.ASSIGN_CASE,
    form=forms.Assignment,
    fits=not_ended,
    do=_assign,
    done=screen("Asignación registrada."),
)
CATEGORY = Action(
    noun="categoria",
    title=screen("Cambiar categoría"),
    verb=screen("Cambiar categoría"),
    icon="tag",
    permission=Permission.CHANGE_CATEGORY,
    form=forms.CategoryChange,
    fits=_is_assessed,
    do=Passing(changes.change_category, "category", "reason"),
    done=screen("Categoría cambiada; los plazos se calcularon de nuevo."),
    consequences=(
        screen("Los plazos abiertos se calculan otra vez, desde el momento en que llegó el caso."),
        screen("El cambio y su motivo quedan en el registro."),
    ),
)
PRIORITY = Action(
    noun="prioridad",
    title=screen("Cambiar prioridad"),
    verb=screen("Cambiar prioridad"),
    icon="flag",
    permission=Permission.CHANGE_PRIORITY,
    form=forms.PriorityChange,
    do=Passing(changes.change_priority, "priority", "reason"),
    done=screen("Prioridad cambiada."),
)
DATE = Action(
    noun="fecha-comprometida",
    title=screen("Fecha comprometida"),
    verb=screen("Comprometer la fecha"),
    icon="calendar-days",
    permission=Permission.CHANGE_COMMITTED_DATE,
    form=forms.CommittedDate,
    do=Passing(changes.change_committed_date, "committed_at", "reason"),
    done=screen("Fecha comprometida; se le avisa a la persona."),
    consequences=(
        screen("La persona recibe un correo con la fecha nueva y el motivo."),
        screen("La fecha pasa a ser un compromiso del caso: si vence, se ve y se avisa."),
    ),
)
COMPLEX = Action(
    noun="complejidad",
    title=screen("Marcar como complejo"),
    verb=screen("Marcar como complejo"),
    icon="puzzle-piece",
    permission=Permission.MARK_COMPLEX,
    form=forms.Reasoned,
    fits=_is_plain,
    do=Passing(progress.mark_complex, "reason"),
    done=screen("El caso quedó marcado como complejo."),
    consequences=(
        screen("Desde ahora la persona recibe avisos de avance hasta que se resuelva."),
        screen("El motivo queda en el registro."),
    ),
)
WAIT = Action(
    noun="espera",
    title=screen("Poner en espera"),
    verb=screen("Poner en espera"),
    icon="pause",
    permission=Permission.PAUSE_CASE,
    form=forms.Waiting,
    fits=_may_wait,
    do=_wait,
    done=screen("El caso quedó en espera."),
    intro=screen("Los plazos que la política detiene en este estado quedan en pausa."),
)
RESUME = Action(
    noun="reanudacion",
    title=screen("Reanudar"),
    verb=screen("Reanudar"),
    icon="play",
    permission=Permission.PAUSE_CASE,
    fits=_is_waiting,
    do=Passing(resolution.resume),
    done=screen("El caso sigue en trabajo; los plazos corren otra vez."),
    intro=screen(
        "Lo que se esperaba llegó, o ya no hace falta. Los plazos en pausa corren otra vez."
    ),
)
STEERING = (ASSESS, START, ASSIGN, WAIT, RESUME, DATE, CATEGORY, PRIORITY, COMPLEX)
