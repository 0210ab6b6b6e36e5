"""Two cases become one, and one becomes two. What that does to the clocks: docs/merge-and-split.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import outgoing
from ventanilla.desk import context
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register import operations as register
from ventanilla.register.models import Case


def merge(
    *,
    case: Case,
    into: Case,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Go on with this case in another one; its folio keeps working and leads there.

    Whoever writes to the old folio is heard in the other case. Returns the merged case. Raises
    NotPermitted on either desk, CaseMoved, and what the register refuses.
    """
    require(acting_user, Permission.MERGE_CASES, case.desk)
    require(acting_user, Permission.MERGE_CASES, into.desk)
    with transaction.atomic(durable=True):
        return register.merge(
            case=case, into=into, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def unmerge(
    *, case: Case, expected_seq: int | None = None, acting_user: Actor, as_of: datetime
) -> Case:
    """Undo a merge: the case stands on its own again, with its status and its promises.

    Raises NotPermitted, CaseMoved, and what the register refuses.
    """
    require(acting_user, Permission.UNMERGE_CASES, case.desk)
    with transaction.atomic(durable=True):
        return register.unmerge(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )
