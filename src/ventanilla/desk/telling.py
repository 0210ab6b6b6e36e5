"""Telling the colleague who serves a case that something happened to it."""

from __future__ import annotations

from datetime import datetime

from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import audiences, context, outgoing
from ventanilla.policy.schema import Audience
from ventanilla.register.models import Case


def tell_owner(
    *,
    case: Case,
    kind: str,
    key: str,
    subject: str,
    text: str,
    is_capped: bool = False,
    as_of: datetime,
) -> list[OutboundMessage]:
    """Mail the owner of a case, once per ``key``: the assignee, or who stands above; see audiences.

    ``is_capped`` as in ``outgoing.tell_staff``.
    """
    return outgoing.tell_staff(
        case=case,
        pack=context.pack_of(case),
        kind=kind,
        key=key,
        to=audiences.addresses_of(case, [Audience.ASSIGNEE], as_of=as_of),
        subject=subject,
        text=text,
        is_capped=is_capped,
        as_of=as_of,
    )
