"""One item of the mail at a time, for the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.refusals import MailRefused
from ventanilla.channels.models import DeliveryAttempt, InboundItem, OutboundMessage
from ventanilla.channels.reach import inbound_of, outbound_of
from ventanilla.core.statements import execute

TEXT_SHOWN = 20_000
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

    Empty where nothing can be read from it.
    """
    try:
        mail = parse(raw_of(item), received_at=item.received_at)
    except MailRefused:
        return ""
    return mail.text[:TEXT_SHOWN]
