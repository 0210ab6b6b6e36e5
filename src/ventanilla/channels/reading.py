"""One item of the mail at a time, for the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import BinaryField
from django.db.models.functions import Substr

from ventanilla.channels.email.parsing import words_of
from ventanilla.channels.email.refusals import DEFAULT_LIMITS, KIB, MailRefused
from ventanilla.channels.models import DeliveryAttempt, InboundItem, OutboundMessage
from ventanilla.channels.reach import inbound_of, outbound_of
from ventanilla.core.statements import execute
from ventanilla.register.models import Message

TEXT_SHOWN = 20_000
BYTES_READ = 512 * KIB
"""So much of a mail is read to show what it says: its words stand before its files."""
LIMITS = replace(DEFAULT_LIMITS, html_bytes=128 * KIB, html_depth=100)
# As text: it stands on every page of a case, and the ORM takes longer to write it.
STATES = """
    SELECT record_message_id, state FROM channels_outboundmessage
     WHERE record_message_id = ANY(%s::bigint[])
"""


def outbound_item(item_id: int, *, desks: Sequence[str] | None) -> OutboundMessage | None:
    """One message of the outbox with its case, None outside these desks."""
    return outbound_of(desks).select_related("case").filter(pk=item_id).first()


def attempts_of(item: OutboundMessage) -> list[DeliveryAttempt]:
    """Every try to deliver it, oldest first."""
    return list(DeliveryAttempt.objects.filter(outbound=item).order_by("at", "id"))


def delivery_states(message_ids: Sequence[int]) -> dict[int, str]:
    """How the delivery of each of these messages stands, by message."""
    with execute(STATES, [list(message_ids)]) as cursor:
        return dict(cursor.fetchall())


def inbound_item(item_id: int, *, desks: Sequence[str] | None) -> InboundItem | None:
    """One item that arrived, without its bytes, None outside these desks."""
    found = inbound_of(desks).select_related("case")
    return found.filter(pk=item_id).first()


def raw_of(item: InboundItem) -> bytes:
    """The bytes exactly as they arrived."""
    return bytes(InboundItem.objects.values_list("raw", flat=True).get(pk=item.pk))


def text_of(item: InboundItem) -> str:
    """What the mail says as text, quotes included, at most TEXT_SHOWN characters.

    Of a mail in a case it is what the record keeps; of another one the beginning is read, without
    its files. Empty where nothing can be read from it.
    """
    kept = None if item.case_id is None else _kept_of(item.case_id, item)
    if kept is not None:
        whole = "".join(each["text"] for each in kept.segments)
        return (whole or kept.text)[:TEXT_SHOWN]
    beginning = Substr("raw", 1, BYTES_READ, output_field=BinaryField())
    raw = InboundItem.objects.values_list(beginning, flat=True).get(pk=item.pk)
    try:
        return words_of(bytes(raw), limits=LIMITS)[:TEXT_SHOWN]
    except MailRefused:
        return ""


def _kept_of(case_id: int, item: InboundItem) -> Message | None:
    """What the record of its case keeps of it."""
    told = Message.objects.filter(case_id=case_id, inbound_item_id=item.pk)
    return told.only("text", "segments").order_by("id").first()
