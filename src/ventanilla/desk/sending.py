"""Answers on their way: handed over, taken back, sent at their moment, held when things changed.

A handed over answer is a row of the workspace until its moment. Then one durable transaction locks
case and row, looks whether it still may go, answers the person and deletes the row: a crash before
the commit leaves it to the next look, a crash after it leaves nothing to do. Locks are taken in the
order case, draft.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import locked
from ventanilla.desk import drafting as files
from ventanilla.desk import guiding, holding, macros, queueing, replies
from ventanilla.desk.citing import MOST_CITED
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.patience import TRIES_OF_UNKNOWN, is_temporary
from ventanilla.desk.shown import Shown, require_shown
from ventanilla.register.models import Case, Message
from ventanilla.register.recording import Record
from ventanilla.register.rules.statuses import Status
from ventanilla.workspace import drafting, templates
from ventanilla.workspace.models import Draft

log = logging.getLogger(__name__)

UNDO_WINDOW = timedelta(seconds=10)
"""How long an answer can be taken back after «Enviar»."""
FARTHEST = timedelta(days=366)
AT_ONCE = 500
UNFORESEEN = (
    "El sistema falló varias veces al enviarla. Avise a quien administra; el texto y los archivos no "
    "se perdieron."
)


class ColleagueAnswering(Refusal):
    """{who} acaba de responder este caso y su respuesta está saliendo. Lo suyo sigue aquí: léalo
    junto con esa respuesta, o envíelo de todos modos."""

    def __init__(self, *, who: str, keys: Sequence[UUID]) -> None:
        super().__init__(who=who)
        self.keys = tuple(keys)


class OwnAnswerLeaving(Refusal):
    """Otra respuesta suya a este caso todavía está por salir. Mírela arriba: si es la misma, no la
    envíe dos veces; si es otra, envíela de todos modos."""

    def __init__(self, *, keys: Sequence[UUID]) -> None:
        super().__init__()
        self.keys = tuple(keys)


class AlreadySent(Refusal):
    """Ese mensaje ya salió: no se puede deshacer. Está en la conversación."""


class MomentTooSoon(Refusal):
    """Ese momento ya pasó o está a segundos. Escoja uno posterior, o envíe ahora."""


class MomentTooFar(Refusal):
    """Una respuesta se programa con un año de anticipación como mucho."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer as its writer hands it over.

    ``send_at`` None means now, after the window for undoing it. ``aware_of`` names pending answers
    that do not matter, of colleagues or one's own. ``excuse`` is why a required guideline is not
    met. ``uploads`` are files that were chosen in the very form, besides those of the draft.
    ``shown`` is what of the draft stood on the page; None for whoever has no page and sends what is
    there.
    """

    text: str
    then: str = ""
    uploads: Sequence[Upload] = ()
    article_versions: Sequence[int] | None = None
    send_at: datetime | None = None
    aware_of: Sequence[UUID] = field(default=())
    excuse: str = ""
    shown: Shown | None = None


def hand_over(
    *,
    case: Case,
    reply: Reply,
    request_key: UUID,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Draft | Message:
    """Take an answer from its writer, to be sent in ten seconds or at the moment they chose.

    The same ``request_key`` twice makes one answer: the second time returns the row that waits, or
    the message if it left. Raises what ``replies.reply`` raises, CaseMoved, ColleagueAnswering,
    OwnAnswerLeaving, GuidelinesUnmet, PlaceholderLeft, MomentTooSoon, MomentTooFar, TooManyFiles,
    what ``require_shown`` raises and what keeping a file raises.
    """
    then = replies.Then(reply.then) if reply.then else None
    replies.require_answerable(case=case, text=reply.text, then=then, acting_user=acting_user)
    templates.require_filled(reply.text)
    send_at = _moment(reply.send_at, as_of)
    kept = [files.stored(each, as_of=as_of) for each in reply.uploads]
    with transaction.atomic(durable=True):
        record = Record.of(case, acting_user=acting_user, as_of=as_of)
        case = record.case
        if (earlier := _handed_over(case, request_key)) is not None:
            return earlier
        # Again, now that it is known to be a first time: this one looks at what moved.
        Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        _require_nobody_answering(case, reply.aware_of, acting_user)
        draft = drafting.own(case, Draft.Kind.REPLY, acting_user, as_of=as_of)
        if reply.shown is not None:
            require_shown(draft, reply.shown, text=reply.text)
        if not draft.deeds:
            _require_moves(record, then)
        cited = draft.article_versions if reply.article_versions is None else reply.article_versions
        excused = guiding.excused(case, reply, acting_user, article_versions=cited, as_of=as_of)
        for each in kept:
            files.put(draft, each, as_of=as_of)
        draft.article_versions = list(cited)[:MOST_CITED]
        draft.text, draft.then = reply.text, reply.then
        draft.aware_of, draft.excused = list(reply.aware_of), excused
        draft.request_key, draft.expected_seq = request_key, case.ledger_seq
        draft.scheduled = reply.send_at is not None
        _set_off(draft, send_at, as_of)
        if draft.deeds:
            _rehearse(draft, as_of)
    return draft


def take_back(*, draft_id: int, acting_user: Actor, as_of: datetime) -> Draft:
    """Give a handed over answer back to its writer, with all its files.

    What they began to write meanwhile is put below it; the steps of a macro chosen since stand
    instead of others. Raises AlreadySent, NotPermitted.
    """
    with transaction.atomic(durable=True):
        _case_of(draft_id)
        own = Draft.objects.select_for_update().filter(pk=draft_id, staff_id=acting_user.id or 0)
        if (back := own.filter(state=Draft.State.WRITING).first()) is not None:
            return back  # the second of two clicks
        draft = _own_on_its_way(draft_id, acting_user)
        newer = Draft.objects.select_for_update().filter(
            case_id=draft.case_id,
            staff_id=draft.staff_id,
            kind=draft.kind,
            state=Draft.State.WRITING,
        )
        for each in newer:
            draft.text = drafting.joined([draft.text, each.text])
            cited = dict.fromkeys([*draft.article_versions, *each.article_versions])
            draft.article_versions = list(cited)[:MOST_CITED]
            draft.deeds = each.deeds or draft.deeds
            draft.revision = max(draft.revision, each.revision)
            each.files.update(draft=draft)
            each.delete()
        draft.state, draft.send_at, draft.held_reason = Draft.State.WRITING, None, ""
        draft.request_key, draft.handed_over_at, draft.scheduled = None, None, False
        draft.aware_of, draft.excused, draft.failures = [], {}, 0
        draft.revision, draft.updated_at = draft.revision + 1, as_of
        draft.save()
    return draft


def reschedule(
    *, draft_id: int, send_at: datetime | None, acting_user: Actor, as_of: datetime
) -> Draft:
    """Give a scheduled or held answer another moment; None means now, after the window.

    Its writer saw how the case stands, so what happened until now holds it no more.
    Raises AlreadySent, NotPermitted, MomentTooSoon, MomentTooFar, CaseIsMerged.
    """
    moment = _moment(send_at, as_of)
    with transaction.atomic(durable=True):
        case = Record.of(_case_of(draft_id), acting_user=acting_user, as_of=as_of).case
        draft = _own_on_its_way(draft_id, acting_user)
        draft.expected_seq, draft.held_reason = case.ledger_seq, ""
        draft.scheduled = send_at is not None
        _set_off(draft, moment, as_of)
    return draft


def send_due(*, draft_id: int, as_of: datetime) -> Message | None:
    """Send an answer whose moment has come, or hold it; None when there is nothing to send.

    One durable transaction. What the desk refuses (the writer lost the permission, the case was
    merged, a file is gone) holds it too, with the words of the refusal. An error that nobody foresaw
    is raised and counted; after as many as a job is tried, the answer is held and its writer told.
    """
    try:
        with transaction.atomic(durable=True):
            return _send_due(draft_id, as_of)
    except Refusal as refusal:
        with transaction.atomic(durable=True):
            draft = _due(draft_id, as_of)
            if draft is not None:
                holding.hold(draft, refusal.message, as_of=as_of)
    except Exception as error:
        if not is_temporary(error):
            _note_failure(draft_id, as_of)
        raise
    return None


def _note_failure(draft_id: int, as_of: datetime) -> None:
    """Count an error nobody foresaw; the one that is being raised matters more than this one's."""
    try:
        _count_failure(draft_id, as_of)
    except Exception:
        log.exception("A failure to send draft %s could not be counted.", draft_id)


def _count_failure(draft_id: int, as_of: datetime) -> None:
    with transaction.atomic(durable=True):
        draft = _due(draft_id, as_of)
        if draft is None:
            return
        draft.failures += 1
        draft.save(update_fields=["failures"])
        if draft.failures >= TRIES_OF_UNKNOWN:
            holding.hold(draft, UNFORESEEN, as_of=as_of)


def sweep(*, as_of: datetime) -> int:
    """Defer again what is due and was left without a job; how many."""
    due = Draft.objects.filter(state=Draft.State.SENDING, send_at__lte=as_of)
    ids = list(due.order_by("send_at", "id").values_list("id", flat=True)[:AT_ONCE])
    with transaction.atomic(durable=True):
        queueing.defer_due_sends(*ids)
    return len(ids)


def _send_due(draft_id: int, as_of: datetime) -> Message | None:
    draft = _due(draft_id, as_of)
    if draft is None:
        return None
    case = draft.case
    reason = holding.reason_to_hold(case, draft)
    if reason:
        holding.hold(draft, reason, as_of=as_of)
        return None
    message = _answer(case, draft, as_of)
    draft.delete()
    return message


def _answer(case: Case, draft: Draft, as_of: datetime) -> Message:
    acting_user = Actor.staff(draft.staff_id)
    macros.carry_out(case=case, deeds=draft.deeds, acting_user=acting_user, as_of=as_of)
    message = replies.reply(
        case=case,
        text=draft.text,
        attachments=files.uploads_of(draft),
        then=draft.then or None,
        article_versions=draft.article_versions,
        request_key=str(draft.request_key),
        acting_user=acting_user,
        as_of=as_of,
    )
    guiding.note_excuse(case, draft, acting_user, as_of=as_of)
    return message


def _rehearse(draft: Draft, as_of: datetime) -> None:
    """Do all of it and undo it: what a macro cannot do is told now, not when nobody looks."""
    with transaction.atomic():
        case = Case.objects.select_related("person").get(pk=draft.case_id)
        _answer(case, draft, as_of)
        transaction.set_rollback(True)


def _moment(send_at: datetime | None, as_of: datetime) -> datetime:
    if send_at is None:
        return as_of + UNDO_WINDOW
    if send_at < as_of + UNDO_WINDOW:
        raise MomentTooSoon
    if send_at > as_of + FARTHEST:
        raise MomentTooFar
    return send_at


def _handed_over(case: Case, request_key: UUID) -> Draft | Message | None:
    waiting = Draft.objects.filter(request_key=request_key, case=case).first()
    key = replies.key_of(case, str(request_key))
    return waiting or Message.objects.filter(outbound__key=key).first()


def _require_nobody_answering(case: Case, aware_of: Sequence[UUID], acting_user: Actor) -> None:
    """Whoever answers second is told, while the first answer can still be taken back.

    That may be oneself, in another tab that does not show it. Raises ColleagueAnswering,
    OwnAnswerLeaving.
    """
    pending = Draft.objects.filter(case=case, state=Draft.State.SENDING)
    pending = pending.exclude(request_key__in=list(aware_of)).select_related("staff")
    found = list(pending.order_by("send_at", "id"))
    keys = [*aware_of, *(each.request_key for each in found if each.request_key is not None)]
    colleagues = [each.staff for each in found if each.staff_id != acting_user.id]
    if colleagues:
        raise ColleagueAnswering(who=str(colleagues[0]), keys=keys)
    if found:
        raise OwnAnswerLeaving(keys=keys)


def _require_moves(record: Record, then: replies.Then | None) -> None:
    if then == replies.Then.RESOLVE:
        record.require_move(Status.RESOLVED)
    elif then == replies.Then.WAIT_FOR_CUSTOMER:
        record.require_move(Status.WAITING_CUSTOMER)


def _set_off(draft: Draft, send_at: datetime, as_of: datetime) -> None:
    draft.state, draft.send_at = Draft.State.SENDING, send_at
    draft.handed_over_at = draft.updated_at = as_of
    draft.failures = 0
    draft.save()
    queueing.defer_send(draft.pk, at=send_at)


def _own_on_its_way(draft_id: int, acting_user: Actor) -> Draft:
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or draft.state == Draft.State.WRITING:
        raise AlreadySent
    if draft.staff_id != acting_user.id:
        raise NotPermitted(reason=_("Solo quien escribió un mensaje puede detenerlo o cambiarlo."))
    return draft


def _due(draft_id: int, as_of: datetime) -> Draft | None:
    """The row if it is still to be sent by now, locked after its case."""
    due = Draft.objects.filter(pk=draft_id, state=Draft.State.SENDING, send_at__lte=as_of)
    row = due.first()
    if row is None:
        return None
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.case_id)
    draft = due.select_for_update(of=("self",)).select_related("staff").first()
    if draft is not None:
        draft.case = case
    return draft


def _case_of(draft_id: int) -> Case:
    """The locked case of a draft; before the draft itself. Raises AlreadySent."""
    row = Draft.objects.filter(pk=draft_id).first()
    if row is None:
        raise AlreadySent
    return locked(Case, row.case_id)
