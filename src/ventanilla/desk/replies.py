"""Answering the person, and writing down what only the team may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import context, letters, outgoing
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn
from ventanilla.register.rules.statuses import Status

SERVED_CHANNEL = "email"
CHANNEL_WORDS = {"web": "la web", "phone": "teléfono", "whatsapp": "WhatsApp"}


class ChannelNotServed(Refusal):
    """Este caso llegó por {channel} y desde aquí solo se responde por correo. No se envió nada."""


class NothingWritten(Refusal):
    """El mensaje está vacío. Escriba algo antes de enviarlo."""


class NobodyToAnswer(Refusal):
    """El caso {folio} no tiene una dirección a la que responder. No se envió nada."""


class Then(StrEnum):
    """What happens to the case once the answer is on its way."""

    RESOLVE = "resolve"
    WAIT_FOR_CUSTOMER = "wait_for_customer"


def reply(
    *,
    case: Case,
    text: str,
    attachments: Sequence[EvidenceItem | Upload] = (),
    then: Then | str | None = None,
    expected_seq: int | None = None,
    request_key: str = "",
    acting_user: Actor,
    as_of: datetime,
) -> Message:
    """Answer the person in the channel of the case; a substantive answer meets what is owed.

    ``request_key`` names the form that was sent: the same form twice makes one answer, and the
    second time returns the first. Raises NotPermitted, CaseMoved, NothingWritten,
    ChannelNotServed, NobodyToAnswer, StatusNotAllowed; ValueError for an unknown ``then``.
    """
    then = Then(then) if then else None
    require(acting_user, Permission.REPLY_TO_PERSON, case.desk)
    if then == Then.RESOLVE:
        require(acting_user, Permission.RESOLVE_CASE, case.desk)
    if case.channel != SERVED_CHANNEL:
        raise ChannelNotServed(channel=CHANNEL_WORDS.get(case.channel, case.channel))
    if not text.strip():
        raise NothingWritten
    with transaction.atomic(durable=True):
        # The row lock makes the second of two equal clicks wait until the first is done.
        case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case.pk)
        letter = _letter(case, text, attachments, request_key or f"{case.ledger_seq}")
        earlier = Message.objects.filter(outbound__key=letter.key).first()
        if earlier is not None:
            return earlier
        message = _send(case, letter, expected_seq, acting_user=acting_user, as_of=as_of)
        _go_on(case, then, letter.said, acting_user=acting_user, as_of=as_of)
    return message


def _letter(
    case: Case, text: str, files: Sequence[EvidenceItem | Upload], request_key: str
) -> letters.Letter:
    pack = context.pack_of(case)
    said = text.strip()
    values = {**context.values_of(case, pack, due_at=None), "respuesta": said}
    _subject, whole = context.render(pack, "reply", values)
    return letters.Letter(
        kind="reply",
        key=f"reply:{case.pk}:{request_key}",
        subject=letters.reply_subject(case),
        text=whole,
        said=said,
        signature=whole.removeprefix(said).strip(),
        automatic=False,
        substantive=True,
        copies=tuple(context.copied_of(case)),
        files=files,
    )


def _send(
    case: Case,
    letter: letters.Letter,
    expected_seq: int | None,
    *,
    acting_user: Actor,
    as_of: datetime,
) -> Message:
    sent = outgoing.send(
        case=case,
        pack=context.pack_of(case),
        letter=letter,
        expected_seq=expected_seq,
        acting_user=acting_user,
        as_of=as_of,
    )
    if sent is None or sent.record_message is None:
        raise NobodyToAnswer(folio=case.folio)
    record_interaction(
        person_id=case.person_id,
        at=as_of,
        channel=SERVED_CHANNEL,
        direction="out",
        folio=case.folio,
        summary=f"Le respondimos por correo: {letter.said}",
    )
    return sent.record_message


def _go_on(
    case: Case, then: Then | None, said: str, *, acting_user: Actor, as_of: datetime
) -> None:
    if then == Then.RESOLVE:
        register.resolve(case=case, summary=said, acting_user=acting_user, as_of=as_of)
    elif then == Then.WAIT_FOR_CUSTOMER:
        register.wait(
            case=case,
            status=Status.WAITING_CUSTOMER,
            reason="Se espera la respuesta de la persona.",
            acting_user=acting_user,
            as_of=as_of,
        )


def note(
    *,
    case: Case,
    text: str,
    expected_seq: int | None = None,
    request_key: str = "",
    acting_user: Actor,
    as_of: datetime,
) -> Message:
    """Add an internal note; the person never sees it and no clock hears it.

    The same ``request_key`` twice makes one note. Raises NotPermitted, CaseMoved, NothingWritten.
    """
    require(acting_user, Permission.ADD_NOTE, case.desk)
    if not text.strip():
        raise NothingWritten
    with transaction.atomic(durable=True):
        Case.objects.select_for_update().filter(pk=case.pk).first()
        key = f"note:{request_key}" if request_key else ""
        earlier = Message.objects.filter(case=case, message_id=key).first() if key else None
        return earlier or register.add_message(
            case=case,
            message=MessageIn(
                direction=Message.Direction.NOTE,
                channel="web",
                text=text.strip(),
                message_id=key,
                author_staff_id=acting_user.id,
                at=as_of,
            ),
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
