"""Who may write into a case besides the one who asked."""

from __future__ import annotations

import hashlib
from datetime import datetime

from ventanilla.core.actors import Actor
from ventanilla.desk import context
from ventanilla.register import operations as register
from ventanilla.register.models import Case, CaseParticipant


def add(*, case: Case, address: str, name: str, acting_user: Actor, as_of: datetime) -> bool:
    """Let an address take part in a case, in copy; False when it did already.

    The record holds the digest of the address only, so that it can be erased with its person.
    """
    address = address.strip().lower()
    _row, is_new = CaseParticipant.objects.get_or_create(
        case=case,
        address=address,
        defaults={"name": name[:200], "role": context.COPIED, "added_at": as_of},
    )
    if is_new:
        register.note_fact(
            case=case,
            kind="participant_added",
            payload={
                "address_digest": hashlib.sha256(address.encode()).hexdigest(),
                "role": context.COPIED,
            },
            acting_user=acting_user,
            as_of=as_of,
        )
    return is_new
