"""Complex cases: marked with a reason the person is told, then kept informed until the solution."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import context, outgoing
from ventanilla.policy.schema import CommitmentKind
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft

MARKED_COMPLEX = "marked_complex"
PROGRESS_NOTICE = "progress_notice"


class ReasonMissing(Refusal):
    """Escriba el motivo: la persona lo leerá y queda en el registro."""


class NoticeEmpty(Refusal):
    """Escriba el avance que quiere contarle a la persona."""


def mark_complex(
    *,
    case: Case,
    reason: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Mark a case as complex and tell the person why and when they hear the next (G8).

    Raises NotPermitted, ReasonMissing and what the register refuses.
    """
    require(acting_user, Permission.MARK_COMPLEX, case.desk)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic(durable=True):
        case = register.mark_complex(
            case=case,
            reason=reason.strip(),
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        if context.has_template(context.pack_of(case), MARKED_COMPLEX):
            outgoing.send_template(
                case=case,
                template=MARKED_COMPLEX,
                kind=MARKED_COMPLEX,
                key=f"complex:{case.folio}:{case.ledger_seq}",
                values={"motivo": reason.strip()},
                automatic=True,
                due_at=_next_notice_due(case),
                acting_user=acting_user,
                as_of=as_of,
            )
    return _fresh(case)


def send_progress_notice(
    *,
    case: Case,
    text: str,
    revision: int | None = None,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Tell the person how far it is, in words of a colleague; it meets the promised notice (G8, G9).

    It is no answer to a question, so it meets neither the first nor the next response. The draft
    it grew from, at ``revision``, is gone.
    Raises NotPermitted, NoticeEmpty, DraftMoved, DraftGone and what the register refuses.
    """
    require(acting_user, Permission.SEND_PROGRESS_NOTICE, case.desk)
    if not text.strip():
        raise NoticeEmpty
    with transaction.atomic(durable=True):
        case = register.record_progress_notice(
            case=case, expected_seq=expected_seq, acting_user=acting_user, as_of=as_of
        )
        kind = Draft.Kind.PROGRESS
        drafting.use_up(case=case, kind=kind, text=text, revision=revision, acting_user=acting_user)
        outgoing.send_template(
            case=case,
            template=PROGRESS_NOTICE,
            kind=PROGRESS_NOTICE,
            key=f"progress:{case.folio}:{case.ledger_seq}",
            values={"respuesta": text.strip()},
            automatic=False,
            due_at=_next_notice_due(case),
            acting_user=acting_user,
            as_of=as_of,
        )
    return _fresh(case)


def _next_notice_due(case: Case) -> datetime | None:
    """When the person hears from us next: the due moment of the open notice."""
    notices = Commitment.objects.filter(
        case=case,
        kind=CommitmentKind.PROGRESS_NOTICE.value,
        met_at__isnull=True,
        cancelled_at__isnull=True,
    )
    return notices.order_by("-id").values_list("due_at", flat=True).first()


def _fresh(case: Case) -> Case:
    """The case as it stands now: the mail about the change has moved its ledger on."""
    return Case.objects.get(pk=case.pk)
