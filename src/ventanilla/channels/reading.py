"""One item of the mail at a time, for the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.channels.models import DeliveryAttempt, InboundItem, OutboundMessage
from ventanilla.core.statements import execute

# As text: it stands on every page of a case, and the ORM takes longer to write it.
STATES = """
    SELECT record_message_id, state FROM channels_outboundmessage
     WHERE record_message_id = ANY(%s::bigint[])
"""


def outbound_item(item_id: int) -> OutboundMessage | None:
    """One message of the outbox with its case."""
    return OutboundMessage.objects.select_related("case").filter(pk=item_id).first()


def attempts_of(item: OutboundMessage) -> list[DeliveryAttempt]:
    """Every try to deliver it, oldest first."""
    return list(DeliveryAttempt.objects.filter(outbound=item).order_by("at", "id"))


def delivery_states(message_ids: Sequence[int]) -> dict[int, str]:
    """How the delivery of each of these messages stands, by message."""
    with execute(STATES, [list(message_ids)]) as cursor:
        return dict(cursor.fetchall())


def inbound_item(item_id: int) -> InboundItem | None:
    """One item that arrived, without its bytes."""
    found = InboundItem.objects.defer("raw").select_related("case", "duplicate_of")
    return found.filter(pk=item_id).first()


def raw_of(item_id: int) -> bytes | None:
    """The bytes exactly as they arrived."""
    raw = InboundItem.objects.filter(pk=item_id).values_list("raw", flat=True).first()
    return bytes(raw) if raw is not None else None
