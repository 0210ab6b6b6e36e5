"""Telling the colleague who serves a case that something happened to it."""

from __future__ import annotations

from datetime import datetime

from ventanilla.accounts.models import Role
from ventanilla.accounts.queries import active_addresses, staff_of_desk
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import context, outgoing
from ventanilla.register.models import Case


def owners_of(case: Case) -> list[str]:
    """Where the owner of a case is reached: the assignee, or else the leads of its desk."""
    if case.assignee is not None and case.assignee.is_active:
        return [case.assignee.email]
    return active_addresses(staff_of_desk(case.desk, role=Role.LEAD))


def tell_owner(
    *, case: Case, kind: str, key: str, subject: str, text: str, as_of: datetime
) -> list[OutboundMessage]:
    """Mail the owner of a case, once per ``key``; empty when nobody owns it."""
    return outgoing.tell_staff(
        case=case,
        pack=context.pack_of(case),
        kind=kind,
        key=key,
        to=owners_of(case),
        subject=subject,
        text=text,
        as_of=as_of,
    )
