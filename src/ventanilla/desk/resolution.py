"""From working on a case to its end, and back."""

from __future__ import annotations

from datetime import datetime

from ventanilla.accounts.permissions import Permission
from ventanilla.core.actors import Actor
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import changes, outgoing
from ventanilla.desk.permitted import permitted
from ventanilla.register import operations as register
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import Status
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft


def start_work(
    *, case: Case, expected_seq: int | None = None, acting_user: Actor, as_of: datetime
) -> Case:
    """Begin to work on an assessed case. Raises NotPermitted, CaseMoved, StatusNotAllowed."""
    with permitted(acting_user, Permission.PAUSE_CASE, case):
        return register.start_work(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def resume(
    *, case: Case, expected_seq: int | None = None, acting_user: Actor, as_of: datetime
) -> Case:
    """End the wait; the clocks run again. Raises NotPermitted, CaseMoved, StatusNotAllowed."""
    with permitted(acting_user, Permission.PAUSE_CASE, case):
        return register.resume(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )


def wait(
    *,
    case: Case,
    status: str | Status,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Wait for the person, an area or an authorization; the clocks that say so stand still.

    The person is told, with the reason, when the pack has a template named like the status.
    Raises NotPermitted, CaseMoved, StatusNotAllowed, CaseIsMerged.
    """
    with permitted(acting_user, Permission.PAUSE_CASE, case):
        case = register.wait(
            case=case,
            status=status,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        changes.tell(
            case,
            template=Status(status).value,
            values={"motivo": reason},
            due_at=None,
            summary=f"Se le informó que su caso queda en espera: {reason}",
            acting_user=acting_user,
            as_of=as_of,
        )
    return case


def resolve(
    *,
    case: Case,
    text: str,
    revision: int | None = None,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Give the solution: the person gets it in writing, the promise of resolution is met.

    Answering and resolving are one act here: the text meets what was owed as an answer too. The
    draft it grew from, at ``revision``, is gone.
    Raises NotPermitted, CaseMoved, SummaryMissing, StatusNotAllowed, CaseIsMerged, DraftMoved,
    DraftGone.
    """
    with permitted(acting_user, Permission.RESOLVE_CASE, case):
        case = register.resolve(
            case=case,
            summary=text,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        kind = Draft.Kind.RESOLVE
        drafting.use_up(case=case, kind=kind, text=text, revision=revision, acting_user=acting_user)
        outgoing.send_template(
            case=case,
            template="resolved",
            kind="resolution",
            key=f"resolved:{case.pk}:{case.ledger_seq}",
            values={"respuesta": text.strip()},
            automatic=False,
            substantive=True,
            acting_user=acting_user,
            as_of=as_of,
        )
        record_interaction(
            person_id=case.person_id,
            at=as_of,
            channel="email",
            direction="out",
            folio=case.folio,
            summary=f"Resolvimos: {text}",
        )
    return Case.objects.get(pk=case.pk)


def close(
    *, case: Case, expected_seq: int | None = None, acting_user: Actor, as_of: datetime
) -> Case:
    """Close a resolved case and tell the person. Raises NotPermitted, CaseMoved, StatusNotAllowed."""
    with permitted(acting_user, Permission.CLOSE_CASE, case):
        case = register.close(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )
        changes.tell(
            case,
            template="closed",
            values={},
            due_at=None,
            summary="Se le informó el cierre de su caso.",
            acting_user=acting_user,
            as_of=as_of,
        )
    return case


def reopen(
    *,
    case: Case,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Work on an ended case again, within its window, and tell the person the new moment.

    Raises NotPermitted, CaseMoved, OutsideReopeningWindow, StatusNotAllowed, CaseIsMerged.
    """
    with permitted(acting_user, Permission.REOPEN_CASE, case):
        case = register.reopen(
            case=case,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        changes.tell(
            case,
            template="reopened",
            values={"motivo": reason},
            due_at=case.next_due_at,
            summary="Se le informó que su caso se reabrió.",
            acting_user=acting_user,
            as_of=as_of,
        )
    return case


def withdraw(
    *,
    case: Case,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """End a case that fell away, with the reason; told when the pack has words for it.

    Raises NotPermitted, CaseMoved, ReasonMissing, StatusNotAllowed, CaseIsMerged.
    """
    with permitted(acting_user, Permission.WITHDRAW_CASE, case):
        case = register.withdraw(
            case=case,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        changes.tell(
            case,
            template="withdrawn",
            values={"motivo": reason},
            due_at=None,
            summary=f"Su caso terminó sin solución: {reason}",
            acting_user=acting_user,
            as_of=as_of,
        )
    return case
