"""Every write to what arrived and what goes out, but for the tries to deliver (``delivery``)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ventanilla.channels.models import Delivery, Fate, InboundItem, MailboxCursor, OutboundMessage
from ventanilla.channels.rules import Suppression
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute, insert
from ventanilla.register.models import Case, Message

REPLAYABLE = (Fate.QUARANTINE, Fate.DUPLICATE, Fate.AUTOMATIC)
SUBJECT_LENGTH = 300
ADDRESS_LENGTH = 320

SETTLE = """
UPDATE channels_inbounditem
   SET fate = %(fate)s, fate_reason = %(fate_reason)s, fate_detail = %(fate_detail)s,
       fate_at = %(fate_at)s, case_id = %(case_id)s, duplicate_of_id = %(duplicate_of_id)s,
       subject = %(subject)s, sender = %(sender)s, desk = %(desk)s, dedupe_key = %(dedupe_key)s
 WHERE id = %(id)s AND fate = 'pending'
"""


def store_inbound(
    *,
    gateway: str,
    raw: bytes,
    envelope_from: str,
    recipients: Sequence[str],
    remote: str,
    source_key: str | None = None,
    as_of: datetime,
) -> InboundItem:
    """Keep what arrived, before anything else is done with it.

    ``source_key`` names its place in a mailbox: what was taken from there before is returned
    instead of being stored again.
    """
    item = InboundItem(
        gateway=gateway,
        received_at=as_of,
        envelope_from=envelope_from,
        recipients=list(recipients),
        remote=remote,
        source_key=source_key,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        raw=raw,
    )
    return _insert_once(item) if source_key else _insert(item)


def _insert(item: InboundItem) -> InboundItem:
    insert(item)
    return item


def _insert_once(item: InboundItem) -> InboundItem:
    taken = InboundItem.objects.defer("raw").filter(source_key=item.source_key)
    if (earlier := taken.first()) is not None:
        return earlier
    try:
        with transaction.atomic():
            return _insert(item)
    except IntegrityError:  # another poller was faster
        return taken.get()


def quarantine_unfetched(
    *,
    gateway: str,
    headers: bytes,
    remote: str,
    source_key: str,
    reason: str,
    detail: str,
    as_of: datetime,
) -> InboundItem:
    """Record a mail of a mailbox that was not fetched whole, in quarantine at once.

    Of one beyond the size limit the headers are kept, so that people see who wrote; the mail
    itself stays in its mailbox.
    """
    with transaction.atomic():
        item = store_inbound(
            gateway=gateway,
            raw=headers,
            envelope_from="",
            recipients=(),
            remote=remote,
            source_key=source_key,
            as_of=as_of,
        )
        if item.fate == Fate.PENDING:
            settle_inbound(
                item=item, fate=Fate.QUARANTINE, reason=reason, detail=detail, as_of=as_of
            )
    return item


class FateDecided(Refusal):
    """Este correo ya se atendió ({fate}): no se cambia lo que fue de él."""


def settle_inbound(
    *,
    item: InboundItem,
    fate: Fate,
    reason: str,
    detail: str = "",
    case: Case | None = None,
    duplicate_of: InboundItem | None = None,
    subject: str = "",
    sender: str = "",
    desk: str = "",
    dedupe_key: str = "",
    as_of: datetime,
) -> None:
    """Decide the fate of an item that has none yet. Raises FateDecided.

    Raises IntegrityError (constraint ``inbound_effect_once``) when the same mail had its effect
    through another item in the meantime; the caller's transaction then starts again.
    """
    values = {
        "fate": fate,
        "fate_reason": reason,
        "fate_detail": detail,
        "fate_at": as_of,
        "case_id": case.pk if case else None,
        "duplicate_of_id": duplicate_of.pk if duplicate_of else None,
        "subject": subject[:SUBJECT_LENGTH],
        "sender": sender[:ADDRESS_LENGTH],
        "desk": desk,
        "dedupe_key": dedupe_key,
    }
    if not execute(SETTLE, {"id": item.pk, **values}).rowcount:
        raise FateDecided(fate=_current_fate(item))
    for name, value in values.items():
        setattr(item, name, value)


def _current_fate(item: InboundItem) -> str:
    return str(Fate(InboundItem.objects.values_list("fate", flat=True).get(pk=item.pk)).label)


class NothingToReplay(Refusal):
    """Este correo tuvo efecto ({fate}): volver a procesarlo lo repetiría."""


def reopen_inbound(*, item: InboundItem, as_of: datetime) -> None:
    """Make an item pending again, so that it is processed anew. Raises NothingToReplay.

    Until it is settled ``fate_at`` is the moment it was asked for.
    """
    waiting = InboundItem.objects.filter(pk=item.pk, fate__in=[*REPLAYABLE, Fate.PENDING])
    replays = item.replays + 1
    if not waiting.update(fate=Fate.PENDING, fate_at=as_of, duplicate_of=None, replays=replays):
        raise NothingToReplay(fate=_current_fate(item))
    item.refresh_from_db(fields=["fate", "fate_at", "duplicate_of", "replays"])


class NobodyToWriteTo(Refusal):
    """El mensaje no tiene destinatario. Indique al menos una dirección."""


def enqueue(
    *,
    key: str,
    kind: str,
    case: Case | None,
    to: Sequence[str],
    cc: Sequence[str] = (),
    subject: str,
    text: str,
    html: str = "",
    automatic: bool,
    from_address: str,
    from_name: str,
    reply_to: str,
    message_id: str,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    attachments: Sequence[Mapping[str, Any]] = (),
    message: Message | None = None,
    send_at: datetime | None = None,
    suppressed: Suppression | None = None,
    is_new: bool = False,
    as_of: datetime,
) -> OutboundMessage:
    """Put a message into the outbox, once per ``key``: the first one is returned ever after.

    ``is_new``: the caller knows that the key cannot be there yet (it holds a folio given in this
    transaction), so nobody looks; were it there all the same, the database refuses.
    ``suppressed`` (from ``rules.suppression``) stores it with its reason instead of sending it.
    ``send_at`` is the earliest moment of the first try. Raises NobodyToWriteTo.
    """
    if not to:
        raise NobodyToWriteTo
    values = {
        "kind": kind,
        "channel": "email",
        "case": case,
        "record_message": message,
        "automatic": automatic,
        "from_name": from_name,
        "from_address": from_address,
        "reply_to": reply_to,
        "to": list(to),
        "cc": list(cc),
        "subject": subject[:SUBJECT_LENGTH],
        "text": text,
        "html": html,
        "message_id": message_id,
        "in_reply_to": in_reply_to,
        "references": list(references),
        "attachments": [dict(each) for each in attachments],
        "created_at": as_of,
        "state": Delivery.SUPPRESSED if suppressed else Delivery.QUEUED,
        "state_reason": suppressed.value if suppressed else "",
        "next_attempt_at": None if suppressed else send_at or as_of,
    }
    return _queued(key, values, is_new=is_new)


def _queued(key: str, values: dict[str, Any], *, is_new: bool) -> OutboundMessage:
    if is_new:
        row = OutboundMessage(key=key, **values)
        insert(row)
        return row
    row, _ = OutboundMessage.objects.get_or_create(key=key, defaults=values)
    return row


class NothingToRetry(Refusal):
    """Este mensaje no espera otro intento: está «{state}»."""


def retry(*, outbound: OutboundMessage, as_of: datetime) -> OutboundMessage:
    """Queue a failed or held message again, for the recipients that have not got it.

    Raises NothingToRetry.
    """
    with transaction.atomic():
        row = OutboundMessage.objects.select_for_update().get(pk=outbound.pk)
        if row.state not in (Delivery.FAILED, Delivery.HELD):
            raise NothingToRetry(state=Delivery(row.state).label)
        row.settled = {who: how for who, how in row.settled.items() if how["accepted"]}
        row.state, row.state_reason, row.next_attempt_at = Delivery.QUEUED, "", as_of
        row.attempts = 0
        row.save(update_fields=["attempts", "settled", "state", "state_reason", "next_attempt_at"])
    return row


def release_held(*, as_of: datetime, limit: int = 500) -> list[int]:
    """Queue what was held while there was no relay; the ids of up to ``limit`` rows."""
    with transaction.atomic():
        held = OutboundMessage.objects.filter(state=Delivery.HELD).order_by("id")
        ids = list(held.select_for_update(skip_locked=True).values_list("id", flat=True)[:limit])
        OutboundMessage.objects.filter(id__in=ids).update(
            state=Delivery.QUEUED, state_reason="", next_attempt_at=as_of
        )
    return ids


def cursor_within(*, mailbox: str, uidvalidity: int, as_of: datetime) -> MailboxCursor:
    """How far a mailbox has been read within this numbering; in a new one, not at all."""
    cursor = _cursor_of(mailbox)
    if cursor.uidvalidity != uidvalidity:
        cursor.uidvalidity, cursor.last_uid, cursor.polled_at = uidvalidity, 0, as_of
        cursor.save(update_fields=["uidvalidity", "last_uid", "polled_at"])
    return cursor


def _cursor_of(mailbox: str) -> MailboxCursor:
    """0 as UIDVALIDITY, which no server uses, means never read."""
    cursor, _ = MailboxCursor.objects.get_or_create(mailbox=mailbox, defaults={"uidvalidity": 0})
    return cursor


def advance_cursor(*, cursor: MailboxCursor, last_uid: int, as_of: datetime) -> None:
    """Remember that everything up to ``last_uid`` is stored."""
    cursor.last_uid, cursor.polled_at = last_uid, as_of
    cursor.save(update_fields=["last_uid", "polled_at"])


def note_poll(*, mailbox: str, error: str = "", as_of: datetime) -> None:
    """Remember how the last look into a mailbox went; ``error`` is empty when it went well."""
    cursor = _cursor_of(mailbox)
    cursor.last_error, cursor.polled_at = error, cursor.polled_at if error else as_of
    cursor.save(update_fields=["last_error", "polled_at"])
