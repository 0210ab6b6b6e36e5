"""What leaves the desk: recorded in the conversation, put into the outbox, its delivery deferred.

All of it happens in the transaction of the change it tells about: a case is never changed without
its mail waiting to go out, and no mail goes out about a change that was rolled back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from ventanilla.channels.email.composing import thread_references
from ventanilla.channels.models import OutboundMessage
from ventanilla.channels.operations import enqueue
from ventanilla.core.actors import SYSTEM, Actor, ActorKind
from ventanilla.desk import context, marks, queueing
from ventanilla.desk.enclosing import attached
from ventanilla.desk.letters import SUBJECT_LENGTH, Letter, Post, Prepared, Thread, with_folio
from ventanilla.desk.stopping import facts_of, is_told_enough, stopped_by
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn

KEY_OF_ADDRESS = 24
"""Hexadecimal digits: 96 bits tell the colleagues of one case apart."""


def send_template(
    *,
    case: Case,
    template: str,
    kind: str,
    key: str,
    values: Mapping[str, str] | None = None,
    automatic: bool,
    substantive: bool = False,
    due_at: datetime | None = None,
    expected_seq: int | None = None,
    acting_user: Actor = SYSTEM,
    as_of: datetime,
) -> OutboundMessage | None:
    """Tell the person something in the words of the pack; None when there is no address to write to.

    ``values`` complete or replace those of the case; ``due_at`` is the moment printed as due, by
    default that of the promise the person was told. Sent once per ``key``: the second time the
    first message is returned.
    """
    pack = context.pack_of(case)
    if due_at is None and (main := context.main_promise(case, pack)) is not None:
        due_at = main.due_at
    known = context.values_of(case, pack, due_at=due_at)
    subject, text = context.render(pack, template, {**known, **(values or {})})
    letter = Letter(
        kind=kind,
        key=key,
        subject=with_folio(subject, case.folio),
        text=text,
        automatic=automatic,
        substantive=substantive,
    )
    return send(
        case=case,
        pack=pack,
        letter=letter,
        expected_seq=expected_seq,
        acting_user=acting_user,
        as_of=as_of,
    )


def send(
    *,
    case: Case,
    pack: Pack,
    letter: Letter,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> OutboundMessage | None:
    """Record a letter as part of the conversation and queue it; None without an address.

    What must not be sent (a loop, a bounced address, a cap) is stored with its reason, and the
    record says so.
    """
    earlier = OutboundMessage.objects.filter(key=letter.key).first()
    if earlier is not None:
        return earlier
    to = _requester_address(case)
    if not to:
        return None
    prepared = prepare(
        case=case, pack=pack, letter=letter, to=to, acting_user=acting_user, as_of=as_of
    )
    if prepared.message is None:
        for kind, payload in prepared.facts.items():
            register.note_fact(
                case=case, kind=kind, payload=payload, acting_user=SYSTEM, as_of=as_of
            )
        return queue(case=case, prepared=prepared, message=None, as_of=as_of)
    message = register.add_message(
        case=case,
        message=prepared.message,
        facts=prepared.facts,
        expected_seq=expected_seq,
        acting_user=acting_user,
        as_of=as_of,
    )
    files = attached(case, message, letter.files, acting_user=acting_user, as_of=as_of)
    return queue(case=case, prepared=prepared, message=message, files=files, as_of=as_of)


def prepare(
    *, case: Case, pack: Pack, letter: Letter, to: str, acting_user: Actor, as_of: datetime
) -> Prepared:
    """A letter with its headers, and what the record keeps of it; nothing is written yet."""
    stopped = stopped_by(case, pack, letter, to, as_of)
    post = _post(case, pack, letter, to)
    if stopped is not None:
        return Prepared(letter=letter, post=post, stopped=stopped, facts=facts_of(stopped))
    message = _recorded(letter, post, acting_user, as_of)
    return Prepared(letter=letter, post=post, message=message, facts=letter.facts)


def queue(
    *,
    case: Case,
    prepared: Prepared,
    message: Message | None,
    files: Sequence[Mapping[str, str]] = (),
    as_of: datetime,
) -> OutboundMessage:
    """Put a prepared letter, recorded as ``message``, into the outbox and defer its delivery."""
    row = _enqueue(case, prepared, files, message=message, as_of=as_of)
    if prepared.stopped is None:
        queueing.defer_deliver(row.pk)
    return row


def tell_staff(
    *,
    case: Case,
    pack: Pack,
    kind: str,
    key: str,
    to: Sequence[str],
    subject: str,
    text: str,
    is_capped: bool = False,
    as_of: datetime,
) -> list[OutboundMessage]:
    """Tell colleagues about a case by mail, each alone, once per ``key`` and address.

    ``is_capped``: a mail from outside causes it, so the caps of the pack hold as for customers;
    those who are told enough are left out. Reminders and escalations are never capped.
    Not part of the conversation, so not recorded as a message of it. No Reply-To and no mark of
    the case: an answer to it must not reach the customer's case by accident.
    """
    queued = []
    for address in dict.fromkeys(to):
        if is_capped and is_told_enough(case, pack, kind, address, as_of):
            continue
        # The digest, because an address may be longer than a key.
        own_key = f"{key}:{hashlib.sha256(address.encode()).hexdigest()[:KEY_OF_ADDRESS]}"
        row = enqueue(
            key=own_key,
            kind=kind,
            case=case,
            to=[address],
            subject=subject[:SUBJECT_LENGTH],
            text=text,
            automatic=True,
            from_address=desk_address(case, pack),
            from_name=pack.mail.from_name,
            reply_to="",
            message_id=marks.message_ids().mint(case_ref="staff", delivery_key=own_key),
            as_of=as_of,
        )
        queueing.defer_deliver(row.pk)
        queued.append(row)
    return queued


def desk_address(case: Case, pack: Pack) -> str:
    """The address of the desk that serves the case: what people see as the sender."""
    return pack.desk(case.desk).addresses[0]


def _post(case: Case, pack: Pack, letter: Letter, to: str) -> Post:
    thread = letter.thread or Thread.of(case)
    address = desk_address(case, pack)
    reference = marks.reference_of(case)
    return Post(
        to=to,
        from_address=address,
        from_name=pack.mail.from_name,
        reply_to=marks.reply_tokens().address(base_address=address, case_ref=reference),
        message_id=marks.message_ids().mint(case_ref=reference, delivery_key=letter.key),
        in_reply_to=thread.message_id,
        references=thread_references(thread.references, thread.message_id or None),
    )


def _recorded(letter: Letter, post: Post, acting_user: Actor, as_of: datetime) -> MessageIn:
    is_staff = acting_user.kind is ActorKind.STAFF
    return MessageIn(
        direction=Message.Direction.OUT,
        channel="email",
        subject=letter.subject,
        text=letter.said or letter.text,
        segments=_segments(letter),
        message_id=post.message_id,
        in_reply_to=post.in_reply_to,
        references=post.references,
        automatic=letter.automatic,
        substantive=letter.substantive,
        author_staff_id=acting_user.id if is_staff else None,
        author_name="" if is_staff else post.from_name,
        author_address=post.from_address,
        at=as_of,
    )


def _segments(letter: Letter) -> list[dict[str, str]]:
    pieces = [{"kind": "new", "text": letter.said or letter.text}]
    return (
        [*pieces, {"kind": "signature", "text": letter.signature}] if letter.signature else pieces
    )


def _enqueue(
    case: Case,
    prepared: Prepared,
    files: Sequence[Mapping[str, str]],
    *,
    message: Message | None,
    as_of: datetime,
) -> OutboundMessage:
    letter, post = prepared.letter, prepared.post
    return enqueue(
        key=letter.key,
        kind=letter.kind,
        case=case,
        to=[post.to],
        cc=letter.copies,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        automatic=letter.automatic,
        from_address=post.from_address,
        from_name=post.from_name,
        reply_to=post.reply_to,
        message_id=post.message_id,
        in_reply_to=post.in_reply_to,
        references=post.references,
        attachments=files,
        message=message,
        suppressed=prepared.stopped,
        is_new=letter.is_first,
        as_of=as_of,
    )


def _requester_address(case: Case) -> str:
    requester = context.requester_of(case)
    return requester.address if requester else ""
