"""What a macro does along with its answer: the same as the forms, in the transaction of the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import changes, context
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case

ME = "me"
REASON = "Se aplicó una macro."
MOST_TOLD = 60
Deed = Mapping[str, Any]


class DeedUnknown(Refusal):
    """La macro pide algo que no se puede hacer: {what}. Corríjala o quite ese paso."""


def carry_out(*, case: Case, deeds: Sequence[Deed], acting_user: Actor, as_of: datetime) -> None:
    """Do each thing inside the caller's transaction: all of them or none.

    The order is that of ``DEEDS``, whatever the macro's: a category brings its desk and its
    priority, so both are chosen after it, and who is responsible is somebody of the desk at last.
    Raises DeedUnknown, NotPermitted and what the register refuses.
    """
    in_words(deeds, context.pack_of(case))  # raises for what the policy of the case does not know
    turns = list(DEEDS)
    for deed in sorted(deeds, key=lambda each: turns.index(each["noun"])):
        now = Case.objects.select_related("person", "policy_version").get(pk=case.pk)
        DEEDS[deed["noun"]](now, deed, acting_user, as_of)


def shown(deeds: Sequence[Deed], pack: Pack) -> list[str]:
    """The same for a page, which says of a deed that the policy no longer knows just that."""
    return [_shown(each, pack) for each in deeds]


def _shown(deed: Deed, pack: Pack) -> str:
    try:
        return _words(deed, pack)
    except DeedUnknown:
        return _("Un paso que la política no conoce: %(what)s") % {"what": _told(deed)}


def _told(deed: Deed) -> str:
    return ", ".join(str(each) for each in deed.values())[:MOST_TOLD]


def in_words(deeds: Sequence[Deed], pack: Pack) -> list[str]:
    """What the deeds will do, for whoever is about to do them. Raises DeedUnknown."""
    return [_words(each, pack) for each in deeds]


def _words(deed: Deed, pack: Pack) -> str:
    noun = deed.get("noun")
    try:
        if noun == "prioridad":
            return f"Prioridad: {pack.priority(str(deed['priority'])).name}"
        if noun == "categoria":
            return f"Categoría: {pack.category(str(deed['category'])).name}"
        if noun == "asignacion":
            return f"Responsable: {_assignee_name(deed.get('assignee'))}"
    except (KeyError, ValueError, PolicyError):
        pass
    raise DeedUnknown(what=str(noun)[:MOST_TOLD])


def _assignee_name(assignee: object) -> str:
    if assignee == ME:
        return "quien responde"
    found = Staff.objects.filter(pk=int(str(assignee))).first() if assignee else None
    return str(found) if found else "nadie"


def _assign(case: Case, deed: Deed, acting_user: Actor, as_of: datetime) -> None:
    wanted = deed.get("assignee")
    chosen = acting_user.id if wanted == ME else int(str(wanted)) if wanted else None
    if case.assignee_id != chosen:
        changes.assign(case=case, assignee_id=chosen, acting_user=acting_user, as_of=as_of)


def _priority(case: Case, deed: Deed, acting_user: Actor, as_of: datetime) -> None:
    if case.priority != deed["priority"]:
        changes.change_priority(
            case=case,
            priority=str(deed["priority"]),
            reason=REASON,
            acting_user=acting_user,
            as_of=as_of,
        )


def _category(case: Case, deed: Deed, acting_user: Actor, as_of: datetime) -> None:
    require(acting_user, Permission.CHANGE_CATEGORY, case.desk)
    if case.category != deed["category"]:
        changed = register.change_category(
            case=case,
            category=str(deed["category"]),
            reason=REASON,
            acting_user=acting_user,
            as_of=as_of,
        )
        changes.tell_category(changed, acting_user=acting_user, as_of=as_of)


DEEDS: dict[str, Callable[[Case, Deed, Actor, datetime], None]] = {
    "categoria": _category,
    "prioridad": _priority,
    "asignacion": _assign,
}
"""By the noun of the form that does the same, in the order in which they are done."""
