"""What arrived and what goes out."""

from ventanilla.channels.models.inbound import Fate, InboundItem, MailboxCursor
from ventanilla.channels.models.outbound import Delivery, DeliveryAttempt, OutboundMessage

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "Fate",
    "InboundItem",
    "MailboxCursor",
    "OutboundMessage",
]
