"""What sort of mail it is, seen from this desk."""

from __future__ import annotations

from ventanilla.channels.email.nature import NatureVerdict, nature
from ventanilla.channels.models import InboundItem
from ventanilla.desk import marks
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.policy.schema import Pack

WITH_ENVELOPE = frozenset({"smtp", "lmtp"})
"""Gateways that know the return path. A mailbox does not: there, empty means unknown."""


def verdict_of(arrival: Arrival) -> NatureVerdict:
    """Bounce, automatic, bulk, from ourselves or normal, with the facts it rests on."""
    return nature(
        arrival.mail,
        own_addresses=own_addresses(arrival.pack),
        envelope_from=envelope_sender(arrival.item),
    )


def came_from_us(arrival: Arrival) -> bool:
    """Whether this very mail left this house: its Message-ID carries our signature."""
    return marks.message_ids().read(arrival.mail.message_id) is not None


def own_addresses(pack: Pack) -> frozenset[str]:
    """The mailboxes of the desks."""
    return frozenset(each.lower() for desk in pack.desks for each in desk.addresses)


def envelope_sender(item: InboundItem) -> str | None:
    """The return path of the SMTP conversation, None where nobody told it."""
    return item.envelope_from if item.gateway in WITH_ENVELOPE else None
