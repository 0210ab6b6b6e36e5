"""Answering the person, and writing down what only the team may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import calling, citing, context, lettering, letters, outgoing
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn
from ventanilla.register.recording import together
from ventanilla.register.rules.statuses import Status
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft

SERVED_CHANNEL = "email"
SERVED_BY_MAIL = frozenset({"email", "web"})
"""Cases that came by these ways are answered by mail; the portal shows the answer as well."""
CHANNEL_WORDS = {"phone": "teléfono", "whatsapp": "WhatsApp"}


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
    article_versions: Sequence[int] = (),
    expected_seq: int | None = None,
    request_key: str = "",
    acting_user: Actor,
    as_of: datetime,
) -> Message:
    """Answer the person in the channel of the case; a substantive answer meets what is owed.

    In the transaction of the caller, or one of its own where there is none. Pages hand answers over
    to ``sending``, which waits a moment and then comes here. ``request_key`` names the form that was
    sent: the same form twice makes one answer, and the second time returns the first.
    ``article_versions`` are those of the knowledge base that it was written with.
    Raises NotPermitted, CaseMoved, NothingWritten, ChannelNotServed, NobodyToAnswer,
    StatusNotAllowed; ValueError for an unknown ``then``.
    """
    then = Then(then) if then else None
    require_answerable(case=case, text=text, then=then, acting_user=acting_user)
    with together():
        # The row lock makes the second of two equal clicks wait until the first is done.
        rows = Case.objects.select_for_update(of=("self",)).select_related("person")
        case = rows.get(pk=case.pk)
        facts = citing.facts_for(article_versions)
        letter = _letter(case, text, attachments, request_key or f"{case.ledger_seq}", facts)
        earlier = Message.objects.filter(outbound__key=letter.key).first()
        if earlier is not None:
            return earlier
        message = _send(case, letter, expected_seq, acting_user=acting_user, as_of=as_of)
        _go_on(case, then, letter.said, acting_user=acting_user, as_of=as_of)
        return message


def require_answerable(
    *, case: Case, text: str, then: Then | str | None, acting_user: Actor
) -> None:
    """What can be told without touching anything: may this person send these words there?

    Raises NotPermitted, ChannelNotServed, NothingWritten.
    """
    require(acting_user, Permission.REPLY_TO_PERSON, case.desk)
    if then == Then.RESOLVE:
        require(acting_user, Permission.RESOLVE_CASE, case.desk)
    if case.channel not in SERVED_BY_MAIL:
        raise ChannelNotServed(channel=CHANNEL_WORDS.get(case.channel, case.channel))
    if not text.strip():
        raise NothingWritten


def key_of(case: Case, request_key: str) -> str:
    """The key under which an answer stands in the outbox."""
    return f"reply:{case.pk}:{request_key}"


def whole_text(case: Case, said: str) -> str:
    """The mail that carries an answer: the words in the pack's template, signature included."""
    pack = context.pack_of(case)
    values = {**context.values_of(case, pack, due_at=None), "respuesta": said}
    return context.render(pack, "reply", values)[1]


def _letter(
    case: Case,
    text: str,
    files: Sequence[EvidenceItem | Upload],
    request_key: str,
    facts: Mapping[str, dict[str, object]],
) -> letters.Letter:
    said = text.strip()
    whole = whole_text(case, said)
    return letters.Letter(
        kind="reply",
        key=key_of(case, request_key),
        subject=letters.reply_subject(case),
        text=whole,
        html=lettering.laid_out(whole, said),
        said=said,
        signature=whole.removeprefix(said).strip(),
        automatic=False,
        substantive=True,
        copies=tuple(context.copied_of(case)),
        files=files,
        facts=facts,
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
    revision: int | None = None,
    expected_seq: int | None = None,
    request_key: str = "",
    acting_user: Actor,
    as_of: datetime,
) -> Message:
    """Add an internal note; the person never sees it and no clock hears it.

    Whoever is called in it by name («@Berta Nieto») is told. The draft it grew from, at
    ``revision``, is gone. The same ``request_key`` twice makes one note.
    Raises NotPermitted, CaseMoved, NothingWritten, DraftMoved, DraftGone.
    """
    require(acting_user, Permission.ADD_NOTE, case.desk)
    if not text.strip():
        raise NothingWritten
    with transaction.atomic(durable=True):
        Case.objects.select_for_update().filter(pk=case.pk).first()
        key = f"note:{request_key}" if request_key else ""
        earlier = Message.objects.filter(case=case, message_id=key).first() if key else None
        if earlier is not None:
            return earlier
        drafting.use_up(
            case=case, kind=Draft.Kind.NOTE, text=text, revision=revision, acting_user=acting_user
        )
        message = register.add_message(
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
        calling.call(case=case, note=message, by_id=acting_user.id or 0, as_of=as_of)
        return message
