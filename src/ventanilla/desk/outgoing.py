"""What leaves the desk: recorded in the conversation, put into the outbox, its delivery deferred.

All of it happens in the transaction of the change it tells about: a case is never changed without
its mail waiting to go out, and no mail goes out about a change that was rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ventanilla.channels.email.composing import thread_references
from ventanilla.channels.models import OutboundMessage
from ventanilla.channels.operations import enqueue
from ventanilla.channels.queries import AutomaticMail, automatic_mail
from ventanilla.channels.rules import Caps, Circumstances, Suppression, suppression
from ventanilla.core.actors import SYSTEM, Actor, ActorKind
from ventanilla.crm.queries import bounced_among
from ventanilla.desk import context, marks, queueing
from ventanilla.desk.enclosing import Upload, attached
from ventanilla.evidence.models import EvidenceItem
from ventanilla.policy.clock import Term
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn

SUBJECT_LENGTH = 300
_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|rv|fw|fwd|aw|sv|res)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The message that is answered: its Message-ID and the ones it answered itself."""

    message_id: str = ""
    references: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Case) -> Thread:
        """The last message of the person, so that the answer stands below it in their mailbox."""
        heard = Message.objects.filter(case=case, direction=Message.Direction.IN, automatic=False)
        last = heard.exclude(message_id="").order_by("-at", "-id").first()
        if last is None:
            return cls()
        return cls(message_id=last.message_id, references=tuple(last.references))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to the people of a case, before it has its headers.

    ``key`` names what it is for, so that it is sent once. ``text`` is what goes out; ``said`` and
    ``signature`` tell its parts apart for the record, when there are any. ``substantive``: a person's answer,
    which can meet a promise; a status change or a receipt cannot. ``answers_automatic``: the mail
    it answers must not be answered by a machine. ``is_first``: the case is being opened in
    this very transaction; ``to_stranger``: nobody was ever written to there. ``facts`` go into the record together with the message.
    """

    kind: str
    key: str
    subject: str
    text: str
    automatic: bool
    substantive: bool = False
    said: str = ""
    signature: str = ""
    copies: tuple[str, ...] = ()
    files: Sequence[EvidenceItem | Upload] = ()
    thread: Thread | None = None
    answers_automatic: bool = False
    is_first: bool = False
    to_stranger: bool = False
    facts: Mapping[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Post:
    """The headers of one letter."""

    to: str
    from_address: str
    from_name: str
    reply_to: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A letter with its headers; without a ``message`` it was ``stopped``, and ``facts`` say why."""

    letter: Letter
    post: Post
    message: MessageIn | None = None
    stopped: Suppression | None = None
    facts: Mapping[str, dict[str, object]] = field(default_factory=dict)


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
    stopped = _stopped(case, pack, letter, to, as_of)
    post = _post(case, pack, letter, to)
    if stopped is not None:
        return Prepared(letter=letter, post=post, stopped=stopped, facts=_why_stopped(stopped))
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
    as_of: datetime,
) -> list[OutboundMessage]:
    """Tell colleagues about a case by mail, each alone, once per ``key`` and address.

    Not part of the conversation, so not recorded as a message of it. No Reply-To and no mark of
    the case: an answer to it must not reach the customer's case by accident.
    """
    queued = []
    for address in dict.fromkeys(to):
        own_key = f"{key}:{address}"
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


def reply_subject(case: Case) -> str:
    """«Re: asunto [folio]», each of them once, however often the mail went to and fro."""
    bare = _REPLY_PREFIX.sub("", case.subject).strip()
    return with_folio(f"Re: {bare}" if bare else "Re:", case.folio)


def with_folio(subject: str, folio: str) -> str:
    """The subject with the folio in it once, cut so that the folio is never what is lost."""
    if folio in subject:
        return subject[:SUBJECT_LENGTH]
    mark = f" [{folio}]"
    return subject[: SUBJECT_LENGTH - len(mark)].rstrip() + mark


def caps_of(pack: Pack) -> Caps:
    """How much automatic mail the policy allows."""
    return Caps(
        per_address_per_day=pack.sender_caps.per_address_per_day,
        per_case=pack.sender_caps.per_case,
        case_window=_span(pack.sender_caps.per_case_window),
    )


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


def _stopped(
    case: Case, pack: Pack, letter: Letter, to: str, as_of: datetime
) -> Suppression | None:
    """Why this letter must not go out. What a colleague writes is hardly ever stopped."""
    own = pack.desk_for_address(to) is not None
    caps = caps_of(pack)
    if not letter.automatic:
        return suppression(Circumstances(automatic=False, own_address=own), caps)
    counted = AutomaticMail(0, 0)
    if not letter.to_stranger:
        case_id = None if letter.is_first else case.pk
        counted = automatic_mail(address=to, case_id=case_id, caps=caps, as_of=as_of)
    return suppression(
        Circumstances(
            automatic=True,
            answers_automatic=letter.answers_automatic,
            own_address=own,
            # Whoever has just written from an address can be reached at it.
            address_bounced=not letter.is_first and bool(bounced_among([to])),
            sent_to_address=counted.to_address,
            sent_in_case=counted.in_case,
        ),
        caps,
    )


def _why_stopped(stopped: Suppression) -> dict[str, dict[str, object]]:
    word = stopped.name.lower()
    if stopped in (Suppression.ADDRESS_CAP, Suppression.CASE_CAP):
        return {"cap_reached": {"cap": word}}
    return {"sending_suppressed": {"reason": word}}


def _requester_address(case: Case) -> str:
    requester = context.requester_of(case)
    return requester.address if requester else ""


def _span(term: Term) -> timedelta:
    """A window as plain time; one counted in days is read as days of 24 hours."""
    return timedelta(days=term.quantity) if term.basis.counts_days else term.duration
