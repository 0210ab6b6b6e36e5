"""How a case ends, and begins again."""

from __future__ import annotations

from ventanilla.accounts.permissions import Permission
from ventanilla.core.words import screen
from ventanilla.desk import resolution
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import ENDED, Status, may_move
from ventanilla.web.forms import case as forms

from .base import Action, Passing, always, in_work


def _may_resolve(case: Case) -> bool:
    return in_work(case) and may_move(Status(case.status), Status.RESOLVED)


def _is_resolved(case: Case) -> bool:
    return always(case) and case.status == Status.RESOLVED


def _may_reopen(case: Case) -> bool:
    return always(case) and Status(case.status) in ENDED | {Status.RESOLVED}


RESOLVE = Action(
    noun="resolucion",
    title=screen("Resolver"),
    verb=screen("Dar por resuelto"),
    icon="check",
    permission=Permission.RESOLVE_CASE,
    form=forms.Resolution,
    fits=_may_resolve,
    do=Passing(resolution.resolve, "text", "revision"),
    done=screen("Caso resuelto; la persona recibe el resumen."),
    consequences=(
        screen("La persona recibe un correo con lo que escriba aquí."),
        screen("Los plazos abiertos se detienen. Si la persona responde, el caso puede reabrirse."),
    ),
    draft=True,
)
CLOSE = Action(
    noun="cierre",
    title=screen("Cerrar"),
    verb=screen("Cerrar el caso"),
    icon="archive-box",
    permission=Permission.CLOSE_CASE,
    fits=_is_resolved,
    do=Passing(resolution.close),
    done=screen("Caso cerrado."),
    consequences=(
        screen("El caso sale de las colas. Se puede reabrir dentro de la ventana de la política."),
        screen("Si nadie lo cierra, se cierra solo al terminar el periodo de silencio."),
    ),
)
REOPEN = Action(
    noun="reapertura",
    title=screen("Reabrir"),
    verb=screen("Reabrir"),
    icon="arrow-uturn-left",
    permission=Permission.REOPEN_CASE,
    form=forms.Reasoned,
    fits=_may_reopen,
    do=Passing(resolution.reopen, "reason"),
    done=screen("Caso reabierto."),
    consequences=(screen("El caso vuelve a trabajo y sus plazos corren como dice la política."),),
)
WITHDRAW = Action(
    noun="desistimiento",
    title=screen("Registrar desistimiento"),
    short=screen("Desistimiento"),
    verb=screen("Registrar desistimiento"),
    icon="no-symbol",
    permission=Permission.WITHDRAW_CASE,
    form=forms.Reasoned,
    fits=in_work,
    do=Passing(resolution.withdraw, "reason"),
    done=screen("Desistimiento registrado."),
    danger=True,
    consequences=(
        screen("El caso termina sin resolverse porque la persona ya no lo quiere."),
        screen("Los plazos abiertos dejan de deberse. Se puede reabrir dentro de la ventana."),
    ),
)
ENDING = (RESOLVE, CLOSE, REOPEN, WITHDRAW)
