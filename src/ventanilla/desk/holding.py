"""When an answer on its way has to wait for its writer, and how they hear of it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from ventanilla.accounts.permissions import Permission, why
from ventanilla.desk import context, outgoing
from ventanilla.desk.replies import key_of
from ventanilla.register.models import Case, Message
from ventanilla.register.rules.statuses import ENDED, Status
from ventanilla.workspace.models import Draft

log = logging.getLogger(__name__)

REASON_LENGTH = 500
DRAFTS_PATH = "/borradores/"
"""The page of one's drafts; the same as in the URLs of the pages, kept so by a test there."""


def reason_to_hold(case: Case, draft: Draft) -> str:
    """Why a locked draft must not leave now, in words for its writer; empty when it may.

    A colleague's answer since the handing over, an ended case and a lost permission hold any
    answer. A new message of the person holds only one whose moment was chosen: within the ten
    seconds of undoing it the writer could not have read it, and the answer is owed all the same.
    """
    answer = why(draft.staff, Permission.REPLY_TO_PERSON, case.desk)
    if not answer.allowed:
        return answer.reason
    if case.merged_into_id is not None:
        return "El caso se unió a otro después de que usted dejó esta respuesta."
    if Status(case.status) in ENDED:
        return "El caso se cerró después de que usted dejó esta respuesta."
    since = Message.objects.filter(case=case, ledger_seq__gt=draft.expected_seq or 0)
    known = [key_of(case, str(each)) for each in draft.aware_of]
    said = since.filter(direction=Message.Direction.OUT, author_staff__isnull=False)
    colleague = said.exclude(author_staff_id=draft.staff_id).exclude(outbound__key__in=known)
    first = colleague.select_related("author_staff").order_by("id").first()
    if first is not None:
        return f"{first.author_staff} respondió este caso después de que usted dejó su respuesta."
    heard = since.filter(direction=Message.Direction.IN, automatic=False, outsider=False)
    if draft.scheduled and heard.exists():
        return "La persona volvió a escribir después de que usted programó esta respuesta."
    return ""


def hold(draft: Draft, reason: str, *, as_of: datetime) -> None:
    """Keep a locked draft back and tell its writer, who may have gone home, by mail.

    It is held also when the mail cannot be written: it stands among their drafts all the same, and
    let go it would fail again and again.
    """
    draft.state, draft.held_reason = Draft.State.HELD, reason[:REASON_LENGTH]
    draft.send_at, draft.updated_at = None, as_of
    draft.save(update_fields=["state", "held_reason", "send_at", "updated_at"])
    if not draft.staff.is_active:
        return
    try:
        with transaction.atomic():
            _tell_writer(draft, as_of)
    except Exception:
        log.exception("The writer of held draft %s could not be told.", draft.pk)


def _tell_writer(draft: Draft, as_of: datetime) -> None:
    case = draft.case
    handed_over = int(draft.handed_over_at.timestamp()) if draft.handed_over_at else 0
    outgoing.tell_staff(
        case=case,
        pack=context.pack_of(case),
        kind="reply_held",
        key=f"held:{draft.pk}:{handed_over}",
        to=[draft.staff.email],
        subject=f"Su respuesta no salió: {case.folio}",
        text=(
            f"La respuesta que usted dejó para {case.folio} no se envió.\n\n"
            f"Motivo: {draft.held_reason}\n\n"
            "El texto y los archivos están guardados. Revise el caso y decida si la envía:\n"
            f"{settings.VENTANILLA.public_url}{DRAFTS_PATH}\n"
        ),
        as_of=as_of,
    )
