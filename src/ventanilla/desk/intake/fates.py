"""What became of a mail, and why, in words people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ventanilla.channels.models import Fate, InboundItem
from ventanilla.channels.operations import settle_inbound
from ventanilla.desk.intake.arrival import Arrival, desk_addressed
from ventanilla.desk.policies import pack_in_force
from ventanilla.register.models import Case
from ventanilla.register.policies import NoPolicyInForce

REASON_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The fate decided for a mail. ``reason`` is a code, ``detail`` a Spanish sentence."""

    fate: Fate
    reason: str
    detail: str = ""
    case: Case | None = None
    duplicate_of: InboundItem | None = None


def quarantine(reason: str, detail: str) -> Settlement:
    """The mail waits for a person to look at it; nothing else happened."""
    return Settlement(fate=Fate.QUARANTINE, reason=reason, detail=detail)


def settle(arrival: Arrival, settlement: Settlement) -> Fate:
    """Write the fate of a mail that was understood."""
    mail = arrival.mail
    # The key belongs to the mail that had its effect first; one that waits has had none.
    keyless = settlement.fate is Fate.QUARANTINE or arrival.is_wanted_again
    settle_inbound(
        item=arrival.item,
        fate=settlement.fate,
        reason=settlement.reason[:REASON_LENGTH],
        detail=settlement.detail,
        case=settlement.case,
        duplicate_of=settlement.duplicate_of,
        subject=mail.subject,
        sender=mail.from_.email if mail.from_ else "",
        desk=arrival.desk.key,
        dedupe_key="" if keyless else arrival.dedupe_key,
        as_of=arrival.as_of,
    )
    return settlement.fate


def settle_unread(item: InboundItem, *, reason: str, detail: str, as_of: datetime) -> Fate:
    """Quarantine a mail that could not be read; its envelope alone says for which desk it is."""
    settle_inbound(
        item=item,
        fate=Fate.QUARANTINE,
        reason=reason[:REASON_LENGTH],
        detail=detail,
        desk=_desk_of_envelope(item),
        as_of=as_of,
    )
    return Fate.QUARANTINE


def _desk_of_envelope(item: InboundItem) -> str:
    """Empty where it names none of ours, or where the trouble is that no policy is in force."""
    try:
        desk = desk_addressed(pack_in_force(item.received_at), item.recipients)
    except NoPolicyInForce:
        return ""
    return desk.key if desk else ""
