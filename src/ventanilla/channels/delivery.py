"""Trying to hand an outbox message over, and writing down how it went."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ventanilla.channels.email.composing import (
    AddressNotDeliverable,
    AutoSubmitted,
    HeaderInjection,
    MessageIdInvalid,
    MomentWithoutZone,
    OutgoingEmail,
    OutgoingFile,
    compose,
)
from ventanilla.channels.email.values import Address
from ventanilla.channels.models import Delivery, DeliveryAttempt, OutboundMessage
from ventanilla.channels.ports import Envelope, HeldPort, NotTried, Outcome, Port, Reply
from ventanilla.channels.relay import RelayPort
from ventanilla.channels.rules import next_attempt
from ventanilla.core.config import Config, config
from ventanilla.core.refusals import Refusal

UNWRITABLE = (HeaderInjection, AddressNotDeliverable, MessageIdInvalid, MomentWithoutZone)
"""What makes a message impossible to write: trying again changes nothing."""

SENDABLE_ID = re.compile(r"<[!-;=?A-~]{1,400}@[!-;=?A-~]{1,250}>")
REASON_LENGTH = 300
CHANGED_BY_TRY = ("attempts", "settled", "state", "state_reason", "next_attempt_at", "sent_at")

LoadAttachment = Callable[[str], bytes]


def port_for(config: Config) -> Port:
    """The relay of the settings, or the port that holds everything."""
    if config.relay is None:
        return HeldPort()
    return RelayPort(config.relay, helo_name=config.mail_domain)


def deliver(
    *, outbound_id: int, load_attachment: LoadAttachment, port: Port | None = None, as_of: datetime
) -> DeliveryAttempt | None:
    """Try once to hand a message over, if it is due; the stored attempt, or None.

    ``port`` is the one of the settings unless another is given.

    None: the row is gone, not due, no longer queued, being sent by another worker, or there is
    no relay (then it is held, and ``state_reason`` says so). The row stays locked while the relay
    talks, so no second worker sends it. A crash between the relay's "250" and our commit sends
    the very same bytes again under the same Message-ID.
    """
    with transaction.atomic():
        row = _take(outbound_id, as_of)
        if row is None:
            return None
        replies = _hand_over(row, load_attachment, port or port_for(config()))
        if isinstance(replies, NotTried):
            _hold(row, replies.reason)
            return None
        return _record(row, replies, as_of)


def unfollowed(outbound_id: int) -> list[DeliveryAttempt]:
    """The tries of a message whose consequences are still open, in order; the message is locked."""
    still_open = DeliveryAttempt.objects.filter(outbound_id=outbound_id, followed_at=None)
    if not still_open.exists():  # a lock would have to be written: a message that is held has none
        return []
    rows = OutboundMessage.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.get(pk=outbound_id)
    tries = list(still_open.order_by("id"))
    for each in tries:
        each.outbound = row  # one object, for all of them
    return tries


def mark_followed(attempts: Sequence[DeliveryAttempt], *, as_of: datetime) -> None:
    """Remember that what follows from these tries was done."""
    ids = [each.pk for each in attempts]
    DeliveryAttempt.objects.filter(pk__in=ids).update(followed_at=as_of)


def _take(outbound_id: int, as_of: datetime) -> OutboundMessage | None:
    due = OutboundMessage.objects.filter(
        pk=outbound_id, state=Delivery.QUEUED, next_attempt_at__lte=as_of
    )
    return due.select_for_update(skip_locked=True).first()


def unsettled(row: OutboundMessage) -> list[str]:
    """Whoever of To and Cc has neither got the message nor been refused for good."""
    return [each for each in dict.fromkeys([*row.to, *row.cc]) if each not in row.settled]


def _hand_over(
    row: OutboundMessage, load_attachment: LoadAttachment, port: Port
) -> Mapping[str, Reply] | NotTried:
    recipients = unsettled(row)
    try:
        content = compose_row(row, load_attachment)
    except UNWRITABLE as error:
        return dict.fromkeys(recipients, Reply(Outcome.PERMANENT, None, str(error)))
    except (OSError, Refusal) as error:  # an attachment cannot be read just now
        return dict.fromkeys(recipients, Reply(Outcome.TEMPORARY, None, str(error)))
    sender = row.reply_to or row.from_address  # a bounce comes back under the case's own address
    answer = port.hand_over(Envelope(sender=sender, recipients=recipients, content=content))
    return answer if isinstance(answer, NotTried) else answer.replies


def compose_row(row: OutboundMessage, load_attachment: LoadAttachment) -> bytes:
    """The mail of an outbox row; the same bytes at every try.

    Raises the errors in ``UNWRITABLE``, and what ``load_attachment`` raises.
    """
    return compose(
        OutgoingEmail(
            message_id=row.message_id,
            date=row.created_at,
            from_=Address(row.from_name, row.from_address),
            to=tuple(Address("", each) for each in row.to),
            cc=tuple(Address("", each) for each in row.cc),
            reply_to=(Address(row.from_name, row.reply_to),) if row.reply_to else (),
            subject=row.subject,
            text=row.text,
            html=row.html or None,
            in_reply_to=row.in_reply_to if _is_message_id(row.in_reply_to) else None,
            references=tuple(filter(_is_message_id, row.references)),
            auto_submitted=_auto_submitted(row),
            folio=row.case.folio if row.case else None,
            attachments=tuple(_file(each, load_attachment) for each in row.attachments),
        )
    )


def _is_message_id(value: str) -> bool:
    """Real mail carries Message-IDs that may not be sent again; the others still thread it."""
    return SENDABLE_ID.fullmatch(value) is not None


def _auto_submitted(row: OutboundMessage) -> AutoSubmitted | None:
    """RFC 3834 (5): replied to a mail of theirs, or generated by a timer of ours."""
    if not row.automatic:
        return None
    return "auto-replied" if row.in_reply_to else "auto-generated"


def _file(attachment: Mapping[str, str], load_attachment: LoadAttachment) -> OutgoingFile:
    return OutgoingFile(
        filename=attachment["filename"],
        media_type=attachment["media_type"],
        content=load_attachment(attachment["sha256"]),
    )


def _hold(row: OutboundMessage, reason: str) -> None:
    row.state, row.state_reason, row.next_attempt_at = Delivery.HELD, reason[:REASON_LENGTH], None
    row.save(update_fields=["state", "state_reason", "next_attempt_at"])


def _record(row: OutboundMessage, replies: Mapping[str, Reply], as_of: datetime) -> DeliveryAttempt:
    """Store the attempt and what follows from it for the message."""
    worst = _telling(replies)
    attempt = DeliveryAttempt.objects.create(
        outbound=row, at=as_of, outcome=worst.outcome, code=worst.code, response=describe(replies)
    )
    row.attempts += 1
    row.settled |= {who: _settlement(each, as_of) for who, each in replies.items() if each.is_final}
    if unsettled(row):
        _plan_next(row, replies, as_of)
    else:
        _finish(row, as_of)
    row.save(update_fields=CHANGED_BY_TRY)
    return attempt


def _telling(replies: Mapping[str, Reply]) -> Reply:
    """The reply that the attempt as a whole is remembered by.

    What will be tried again comes first; a refusal for good counts only when nobody accepted.
    """
    order = (Outcome.UNREACHABLE, Outcome.TEMPORARY, Outcome.ACCEPTED, Outcome.PERMANENT)
    return min(replies.values(), key=lambda each: order.index(each.outcome))


def _settlement(reply: Reply, as_of: datetime) -> dict[str, Any]:
    return {
        "accepted": reply.is_accepted,
        "code": reply.code,
        "response": reply.text,
        "at": as_of.isoformat(),
    }


def _plan_next(row: OutboundMessage, replies: Mapping[str, Reply], as_of: datetime) -> None:
    # A retry asked for by a person starts the count, and with it the three days, afresh.
    moments = row.delivery_attempts.order_by("-id").values_list("at", flat=True)
    first = moments[row.attempts - 1]
    row.next_attempt_at = next_attempt(tries=row.attempts, first_at=first, as_of=as_of)
    row.state_reason = describe(replies)[:REASON_LENGTH]
    if row.next_attempt_at is None:
        given_up = {who: _settlement(replies[who], as_of) for who in unsettled(row)}
        row.settled |= given_up
        _finish(row, as_of)


def _finish(row: OutboundMessage, as_of: datetime) -> None:
    """Everybody has the message or never will: sent when at least one has it."""
    reached = any(how["accepted"] for how in row.settled.values())
    row.state = Delivery.SENT if reached else Delivery.FAILED
    row.sent_at = as_of if reached else None
    row.next_attempt_at = None
    reasons = "; ".join(f"{who}: {text}" for who, text in refused_recipients(row).items())
    row.state_reason = reasons[:REASON_LENGTH]


def refused_recipients(row: OutboundMessage) -> dict[str, str]:
    """Who will not get the message, with the last answer about each."""
    return {who: how["response"] for who, how in row.settled.items() if not how["accepted"]}


def describe(replies: Mapping[str, Reply]) -> str:
    """The distinct answers, one a line, each with the recipients it is about."""
    lines: dict[tuple[int | None, str], list[str]] = {}
    for recipient, reply in replies.items():
        lines.setdefault((reply.code, reply.text), []).append(recipient)
    return "\n".join(
        f"{', '.join(who)}: {f'{code} ' if code else ''}{text}"
        for (code, text), who in lines.items()
    )
