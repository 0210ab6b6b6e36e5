"""What a person does from the page on which they follow their case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal
from ventanilla.crm.operations import record_interaction
from ventanilla.crm.rules import AddressNotUnderstood, normalise_email
from ventanilla.desk import changes, context, drafting, letters, outgoing
from ventanilla.desk.asking import MOST_BYTES, MOST_FILES, TooManyFiles, named
from ventanilla.desk.enclosing import Upload, keep_upload
from ventanilla.desk.intake.submission import own_name
from ventanilla.evidence.storage import NoRoomForEvidence
from ventanilla.policy.schema.contact import Template
from ventanilla.policy.template import fill
from ventanilla.register import operations as register
from ventanilla.register import policies, queries
from ventanilla.register.entries.progress import CaseReopened
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn, OutsideReopeningWindow
from ventanilla.register.queries.finding import JOINED
from ventanilla.register.rules.statuses import ENDED, Status

Done = TypeVar("Done")
SLEEPING = ENDED | {Status.RESOLVED}
REOPEN_REASON = "La persona volvió a escribir."
ROUNDS = 5
"""So often a case may move on between two looks before its person is asked to wait."""
FILES_ONLY = "Envío archivos."
NO_REASON = "La persona retiró su solicitud."
ACCESS_LINK = Template(
    key="access_link",
    subject="El enlace de su solicitud {folio}",
    text="Buen día, {nombre}:\n\nNos pidieron de nuevo el enlace para seguir su solicitud. Es este:\n"
    "{enlace}\n\nNo lo comparta. Si no fue usted quien lo pidió, no tiene que hacer nada.\n\n{firma}",
)
"""For policies that have no words of their own for it."""


class MessageEmpty(Refusal):
    """El mensaje está vacío. Escriba lo que quiere decirnos o agregue un archivo."""


class NoRoomForFiles(Refusal):
    """Ahora no podemos guardar archivos, así que su mensaje no se envió. Envíelo sin ellos y
    agréguelos más tarde, o mándelos respondiendo a uno de nuestros correos."""


class ConversationEnded(Refusal):
    """Esta solicitud terminó hace más tiempo del que se puede reabrir, así que su mensaje no se
    envió. Escríbanos a {address} y abriremos una nueva; su texto sigue aquí para copiarlo."""


class AlreadyOpen(Refusal):
    """Su solicitud ya está abierta; no hace falta reabrirla. Si quiere, envíe lo que escribió como un
    mensaje."""


class CaseMoving(Refusal):
    """En este momento estamos uniendo o separando su solicitud, así que no se cambió nada. Espere
    unos segundos y envíe de nuevo."""


def add_message(
    *, case: Case, text: str, files: Sequence[Upload] = (), request_key: str = "", as_of: datetime
) -> Message:
    """Add what the person wrote on the page to their case, as an e-mail of theirs would be.

    A resolved or closed case is reopened within its window. The same form (``request_key``) with
    the same words and files twice makes one message; with others it is another. Contents are on the
    disk before the case is held: a slow disk keeps nobody else from it. Raises MessageEmpty,
    ConversationEnded, TooManyFiles, NoRoomForFiles, EvidenceFileTooLarge, EvidenceOfCaseFull,
    CaseMoving; then nothing was added.
    """
    said = text.strip() or (FILES_ONLY if files else "")
    if not said:
        raise MessageEmpty
    if len(files) > MOST_FILES or sum(len(each.content) for each in files) > MOST_BYTES:
        raise TooManyFiles(most=MOST_FILES, limit_mb=MOST_BYTES // 1024 // 1024)
    try:
        for each in files:
            drafting.stored(each, as_of=as_of)
    except NoRoomForEvidence as full:
        raise NoRoomForFiles from full
    key = f"web:{named(request_key, said, files)}" if request_key else ""
    return _holding(
        case, lambda held: _said_before(held, key) or _add(held, said, files, key, as_of)
    )


def _holding(case: Case, deed: Callable[[Case], Done]) -> Done:
    """Do something to the case in which this one goes on, in a transaction that holds it.

    Only that one is held: who unites or separates cases takes both by their ids, and whoever took
    them from the old to the new would meet them halfway. Where it moved on meanwhile the transaction
    ends, and with it the hold, before the next look. Held, nothing is separated from it any more.
    Raises CaseMoving.
    """
    for _round in range(ROUNDS):
        goes_on = queries.current(queries.case_by_id(case.pk))
        with transaction.atomic(durable=True):
            rows = Case.objects.select_for_update(of=("self",)).select_related(*JOINED)
            held = rows.get(pk=goes_on.pk)
            if queries.current(queries.case_by_id(case.pk)).pk == held.pk:
                return deed(held)
    raise CaseMoving


def _said_before(case: Case, key: str) -> Message | None:
    """What this form said already, here or in a case that goes on here."""
    said = Message.objects.filter(case__in=queries.family(case), message_id=key)
    return said.order_by("id").first() if key else None


def _add(case: Case, text: str, files: Sequence[Upload], key: str, as_of: datetime) -> Message:
    person = Actor.person(case.person_id)
    if Status(case.status) in SLEEPING:
        _wake(case, REOPEN_REASON, as_of)
    message = register.add_message(
        case=case,
        message=MessageIn(
            direction=Message.Direction.IN,
            channel="web",
            text=text,
            message_id=key,
            author_person_id=case.person_id,
            author_name=case.person.name,
            at=as_of,
        ),
        acting_user=person,
        as_of=as_of,
    )
    try:
        for each in files:
            own = replace(each, filename=own_name(each.filename))
            keep_upload(case, message, own, acting_user=person, as_of=as_of)
    except NoRoomForEvidence as full:
        raise NoRoomForFiles from full
    _remember(case, f"Escribió en la página de seguimiento: {text}", as_of)
    return message


def _wake(case: Case, reason: str, as_of: datetime) -> Case:
    try:
        return register.reopen(
            case=case, reason=reason, acting_user=Actor.person(case.person_id), as_of=as_of
        )
    except OutsideReopeningWindow as ended:
        address = context.pack_of(case).desk(case.desk).addresses[0]
        raise ConversationEnded(address=address) from ended


def reopen(*, case: Case, reason: str, as_of: datetime) -> Case:
    """Work on an ended case again because its person says so; they are told the new moment.

    The second of two clicks finds it open and changes nothing. Raises AlreadyOpen where somebody
    else began again, ConversationEnded, CaseMoving.
    """
    said = reason.strip() or REOPEN_REASON

    def deed(case: Case) -> Case:
        if Status(case.status) not in SLEEPING:
            if _was_reopened_for(case, said):
                return case
            raise AlreadyOpen
        case = _wake(case, said, as_of)
        changes.tell(
            case,
            template="reopened",
            values={"motivo": said},
            due_at=case.next_due_at,
            summary=f"Reabrió su caso desde la página de seguimiento: {said}",
            acting_user=Actor.person(case.person_id),
            as_of=as_of,
        )
        return case

    return _holding(case, deed)


def _was_reopened_for(case: Case, reason: str) -> bool:
    """Whether its person had it reopened with these very words."""
    remarks = queries.remarks(case)
    return any(
        (entry.kind, entry.actor_kind, remarks.get(entry.seq))
        == (CaseReopened.kind, ActorKind.PERSON, reason)
        for entry in queries.entries(case)
    )


def withdraw(*, case: Case, reason: str = "", as_of: datetime) -> Case:
    """End a case because its person no longer needs it; open promises fall away.

    The second of two clicks changes nothing. Raises StatusNotAllowed for a case that is resolved
    or closed already, CaseMoving.
    """

    def deed(case: Case) -> Case:
        if Status(case.status) == Status.WITHDRAWN:
            return case
        said = reason.strip() or NO_REASON
        person = Actor.person(case.person_id)
        case = register.withdraw(case=case, reason=said, acting_user=person, as_of=as_of)
        changes.tell(
            case,
            template="withdrawn",
            values={"motivo": _receipt_of(case, reason.strip(), as_of)},
            due_at=None,
            summary=f"Retiró su solicitud: {said}",
            acting_user=person,
            as_of=as_of,
        )
        return case

    return _holding(case, deed)


def _receipt_of(case: Case, reason: str, as_of: datetime) -> str:
    """What the mail says to whom withdrew: the deed was theirs, and when they did it."""
    moment = context.pack_of(case).format_moment(as_of)
    said = f" En sus palabras: {reason}" if reason else ""
    return f"usted retiró su solicitud el {moment}{'' if moment.endswith('.') else '.'}{said}"


def send_link(*, case: Case, address: str, request_key: str, as_of: datetime) -> bool:
    """Mail the link of a case anew to the address it was asked from, if this is it; whether it is.

    The caller says the same to everybody: who does not own the mailbox learns nothing. The caps of
    automatic mail hold, and the same ``request_key`` sends it once. Raises CaseMoving.
    """
    try:
        wanted = normalise_email(address)
    except AddressNotUnderstood:
        return False

    def deed(case: Case) -> bool:
        asker = context.requester_of(case)
        if asker is None or asker.address != wanted:
            return False
        pack = context.pack_of(case)
        template = (
            pack.template("access_link") if context.has_template(pack, "access_link") else None
        )
        words = template or ACCESS_LINK
        values = context.values_of(case, pack, due_at=None)
        letter = letters.Letter(
            kind="access_link",
            key=f"access:{case.pk}:{request_key}",
            subject=letters.with_folio(fill(words.subject, values), case.folio),
            text=context.greeted(fill(words.text, values), values),
            automatic=True,
        )
        outgoing.send(
            case=case,
            pack=pack,
            letter=letter,
            acting_user=Actor.person(case.person_id),
            as_of=as_of,
        )
        return True

    return _holding(case, deed)


def reopens_until(case: Case) -> datetime | None:
    """Until when an ended case can be reopened; None for one that is being served."""
    if Status(case.status) not in SLEEPING:
        return None
    ended = case.resolved_at or case.closed_at or case.last_activity_at
    return policies.promises_of(case.policy_version_id).window_ends(case.category, ended)


def _remember(case: Case, summary: str, as_of: datetime) -> None:
    record_interaction(
        person_id=case.person_id,
        at=as_of,
        channel="web",
        direction="in",
        folio=case.folio,
        summary=summary,
    )
