"""Changes to a case in progress; what concerns the person is told to the person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import NotPermitted, Permission, may, require
from ventanilla.core.actors import Actor
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import context, outgoing
from ventanilla.desk.permitted import permitted
from ventanilla.register import operations as register
from ventanilla.register.models import Case


def assign(
    *,
    case: Case,
    assignee_id: int | None,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Give the case to a colleague, or back to the queue with None.

    The colleague must be able to see it: a case nobody can open is a lost one. Nobody outside is
    told, so it may be part of a larger transaction. Raises NotPermitted, CaseMoved, CaseIsMerged.
    """
    require(acting_user, Permission.ASSIGN_CASE, case.desk)
    if assignee_id is not None:
        require_able(assignee_id, case.desk)
    with transaction.atomic():
        return register.assign(
            case=case,
            assignee_id=assignee_id,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )


def change_category(
    *,
    case: Case,
    category: str,
    reason: str,
    priority: str | None = None,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Correct the category; the person is told the new promise. Raises as in the register."""
    with permitted(acting_user, Permission.CHANGE_CATEGORY, case):
        case = register.change_category(
            case=case,
            category=category,
            reason=reason,
            priority=priority,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        tell_category(case, acting_user=acting_user, as_of=as_of)
    return case


def change_priority(
    *,
    case: Case,
    priority: str,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Change the priority; promises hang on the category, so the person is not written to.

    It may be part of a larger transaction. Raises NotPermitted and as in the register.
    """
    require(acting_user, Permission.CHANGE_PRIORITY, case.desk)
    with transaction.atomic():
        return register.change_priority(
            case=case,
            priority=priority,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )


def change_committed_date(
    *,
    case: Case,
    committed_at: datetime,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Promise a date of resolution or change it; the person is told either (S9).

    Raises NotPermitted, CaseMoved, DateInPast, DateTooFar, ReasonMissing, CaseEnded, CaseIsMerged.
    """
    with permitted(acting_user, Permission.CHANGE_COMMITTED_DATE, case):
        before = _told_before(case)
        case = register.commit_date(
            case=case,
            committed_at=committed_at,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        pack = context.pack_of(case)
        tell(
            case,
            template="date_changed",
            values={"motivo": reason, "vence_antes": pack.format_moment(before or committed_at)},
            due_at=committed_at,
            summary=f"Se le informó la fecha comprometida: {pack.format_moment(committed_at)}",
            acting_user=acting_user,
            as_of=as_of,
        )
    return case


def excuse(
    *,
    case: Case,
    key: str,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Justify in the record that one promise is not kept (S14); it warns nobody any more.

    Raises NotPermitted, CaseMoved, ReasonMissing, CommitmentUnknown, NoExceptionForeseen.
    """
    with permitted(acting_user, Permission.EXCUSE_COMMITMENT, case):
        return register.excuse(
            case=case,
            key=key,
            reason=reason,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )


def tell_category(case: Case, *, acting_user: Actor, as_of: datetime) -> None:
    """Tell the person how the request is classified now and what is promised for it."""
    tell(
        case,
        template="category_changed",
        values={},
        due_at=None,
        summary="Se le informó la nueva clasificación de su solicitud.",
        acting_user=acting_user,
        as_of=as_of,
    )


def tell(
    case: Case,
    *,
    template: str,
    values: dict[str, str],
    due_at: datetime | None,
    summary: str,
    acting_user: Actor,
    as_of: datetime,
) -> None:
    """Tell the person a change in the words of the pack, if it has words for it.

    The change itself is an entry with its number, so the number makes the telling happen once.
    """
    if not context.has_template(context.pack_of(case), template):
        return
    sent = outgoing.send_template(
        case=case,
        template=template,
        kind=template,
        key=f"{template}:{case.pk}:{case.ledger_seq}",
        values=values,
        automatic=True,
        due_at=due_at,
        acting_user=acting_user,
        as_of=as_of,
    )
    if sent is not None and sent.record_message_id is not None:  # otherwise it was suppressed
        record_interaction(
            person_id=case.person_id,
            at=as_of,
            channel="email",
            direction="out",
            folio=case.folio,
            summary=summary,
        )


def _told_before(case: Case) -> datetime | None:
    """The date the person was given last: the committed one, else that of the resolution."""
    now = Case.objects.get(pk=case.pk)
    if now.committed_at is not None:
        return now.committed_at
    resolution = context.promise(now, "resolution")
    return resolution.due_at if resolution else None


def require_able(assignee_id: int, desk: str) -> None:
    """Raises NotPermitted for somebody who could not answer cases of this desk."""
    colleague = Staff.objects.filter(pk=assignee_id).first()
    if colleague is None or not may(colleague, Permission.REPLY_TO_PERSON, desk):
        raise NotPermitted(reason=_("La persona elegida no puede atender casos de esta mesa."))
