"""Two cases become one, one becomes two, or two know of each other.

What that does to the clocks: docs/merge-and-split.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ventanilla.accounts.permissions import Permission
from ventanilla.core.actors import Actor
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import context, outgoing
from ventanilla.desk.permitted import permitted
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
    with permitted(acting_user, Permission.MERGE_CASES, case, into):
        return register.merge(
            case=case, into=into, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def unmerge(
    *, case: Case, expected_seq: int | None = None, acting_user: Actor, as_of: datetime
) -> Case:
    """Undo a merge: the case stands on its own again, with its status and its promises.

    Raises NotPermitted, CaseMoved, and what the register refuses.
    """
    with permitted(acting_user, Permission.UNMERGE_CASES, case):
        return register.unmerge(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def split(
    *,
    case: Case,
    message_ids: Sequence[int],
    subject: str,
    category: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Make a case of its own of some messages; the person gets its folio and its moment.

    Its clocks start when the first of those messages arrived. Their files stay under the folio
    they came with, and are referenced by the messages that moved. Returns the new case. Raises
    NotPermitted, CaseMoved, NothingToSplit, CategoryUnknown, CaseIsMerged.
    """
    with permitted(acting_user, Permission.SPLIT_CASE, case):
        new = register.split(
            case=case,
            message_ids=message_ids,
            subject=subject,
            category=category,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        outgoing.send_template(
            case=new,
            template=context.pack_of(new).category(new.category).acknowledgement,
            kind="acknowledgement",
            key=f"ack:{new.folio}",
            automatic=True,
            as_of=as_of,
        )
        record_interaction(
            person_id=new.person_id,
            at=as_of,
            channel="email",
            direction="out",
            folio=new.folio,
            summary=f"Parte de {case.folio} pasó a un caso propio: {subject}",
        )
    return new


def link(
    *,
    case: Case,
    other: Case,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Say that two cases belong to the same matter; no clock and no status changes.

    Raises NotPermitted on either desk, CaseMoved, AlreadyLinked, LinkedToItself, TooManyLinks,
    CaseIsMerged.
    """
    with permitted(acting_user, Permission.LINK_CASES, case, other):
        return register.link(
            case=case, other=other, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def unlink(
    *,
    case: Case,
    other: Case,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Take back that two cases belong together. Raises NotPermitted, CaseMoved, NotLinked."""
    with permitted(acting_user, Permission.LINK_CASES, case, other):
        return register.unlink(
            case=case, other=other, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )
