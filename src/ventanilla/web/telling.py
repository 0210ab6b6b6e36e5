"""What a page tells of one thing done to a case, where it depends on who did it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission
from ventanilla.core.words import screen
from ventanilla.desk import calling
from ventanilla.register.models import Case, Message
from ventanilla.web.actions import NOTE, Action
from ventanilla.web.actions.structure import MERGE
from ventanilla.web.addresses import address
from ventanilla.web.visit import Visit

ASK_THE_LEADER = screen("Si fue un error, su líder puede deshacerlo.")
UNDONE_THERE = screen("Se puede deshacer desde este mismo caso.")


def consequences_for(visit: Visit, case: Case, action: Action) -> tuple[str, ...]:
    """What an action brings about; whoever may not undo it is told who may."""
    if action is not MERGE:
        return action.consequences
    may_undo = visit.may(Permission.UNMERGE_CASES, case.desk)
    return (*action.consequences, UNDONE_THERE if may_undo else ASK_THE_LEADER)


def warned_of(case: Case, action: Action, result: object) -> list[str]:
    """What did not come of it though its writer may think so: a colleague called in vain."""
    if action is not NOTE or not isinstance(result, Message):
        return []
    nobody = _("Nadie con el nombre «@%s» puede ver este caso: no se avisó a nadie.")
    several = _(
        "Varias personas se llaman «@%s»: no se avisó a ninguna. Escriba también el apellido."
    )
    missed = calling.unreached(case, result.text)
    return [(several if is_several else nobody) % name for name, is_several in missed]


def told_of(visit: Visit, case: Case, action: Action, result: object) -> str:
    """What is said on the page on which one lands; safe markup where it holds a link."""
    if action is not MERGE:
        return action.say(result) if action.say else action.done
    if not visit.may(Permission.UNMERGE_CASES, case.desk):
        return f"{action.done} {ASK_THE_LEADER}"
    return format_html(
        '{} {} <a href="{}">{}</a>.',
        action.done,
        _("Se puede deshacer en"),
        address("case", case.folio),
        case.folio,
    )
