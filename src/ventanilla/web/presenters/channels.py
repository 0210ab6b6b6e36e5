"""What arrived and what went out, as lists and as single items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from ventanilla.channels.models import (
    Delivery,
    DeliveryAttempt,
    Fate,
    InboundItem,
    OutboundMessage,
)
from ventanilla.web.addresses import address
from ventanilla.web.presenters.fates import reason_words

from .moments import Moment, moment, size
from .queue import NO_SUBJECT
from .signs import Sign

FATES: dict[str, Sign] = {
    Fate.PENDING: Sign("plain", "clock", "por procesar"),
    Fate.CASE: Sign("kept", "plus-circle", "caso nuevo"),
    Fate.FOLLOW_UP: Sign("kept", "chat-bubble-left-right", "seguimiento"),
    Fate.BOUNCE: Sign("near", "arrow-uturn-left", "rebote"),
    Fate.AUTOMATIC: Sign("plain", "cog-6-tooth", "automático"),
    Fate.DUPLICATE: Sign("plain", "square-2-stack", "duplicado"),
    Fate.QUARANTINE: Sign("broken", "shield-exclamation", "cuarentena"),
}
STATES: dict[str, Sign] = {
    Delivery.QUEUED: Sign("plain", "clock", "en cola"),
    Delivery.SENT: Sign("kept", "check", "enviado"),
    Delivery.FAILED: Sign("broken", "exclamation-triangle", "no entregado"),
    Delivery.HELD: Sign("near", "pause", "retenido"),
    Delivery.SUPPRESSED: Sign("near", "no-symbol", "no se envía"),
}
OUTCOMES: dict[str, Sign] = {
    DeliveryAttempt.Outcome.ACCEPTED: Sign("kept", "check", "aceptado"),
    DeliveryAttempt.Outcome.TEMPORARY: Sign("near", "arrow-path", "rechazo temporal"),
    DeliveryAttempt.Outcome.PERMANENT: Sign("broken", "x-mark", "rechazo definitivo"),
    DeliveryAttempt.Outcome.UNREACHABLE: Sign("near", "signal-slash", "sin conexión"),
}
GATEWAYS = {"smtp": "SMTP", "lmtp": "LMTP", "imap": "buzón IMAP", "ingest": "archivo"}


@dataclass(frozen=True, slots=True)
class MailRow:
    """One row of the list."""

    url: str
    subject: str
    who: str
    detail: str
    folio: str
    at: Moment
    sign: Sign


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, a value, and where it leads."""

    name: str
    value: str
    url: str = ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One try of delivery."""

    at: Moment
    sign: Sign
    code: int | None
    reply: str


def outbound_row(item: OutboundMessage, zone: tzinfo, as_of: datetime) -> MailRow:
    """A message of the outbox."""
    return MailRow(
        url=address("outbound", item.pk),
        subject=item.subject or NO_SUBJECT,
        who=", ".join(item.to),
        detail=item.state_reason or ("automático" if item.automatic else "escrito por el equipo"),
        folio=item.case.folio if item.case else "",
        at=moment(item.sent_at or item.created_at, zone, as_of),
        sign=STATES[item.state],
    )


def inbound_row(item: InboundItem, zone: tzinfo, as_of: datetime) -> MailRow:
    """An item that arrived."""
    return MailRow(
        url=address("inbound-item", item.pk),
        subject=item.subject or NO_SUBJECT,
        who=item.sender or item.envelope_from or "remitente desconocido",
        detail=item.fate_detail or reason_words(item.fate_reason),
        folio=item.case.folio if item.case else "",
        at=moment(item.received_at, zone, as_of),
        sign=FATES[item.fate],
    )


def attempt_view(attempt: DeliveryAttempt, zone: tzinfo, as_of: datetime) -> AttemptView:
    """A try in words."""
    sign = OUTCOMES[attempt.outcome]
    return AttemptView(moment(attempt.at, zone, as_of), sign, attempt.code, attempt.response)


def outbound_facts(item: OutboundMessage, zone: tzinfo, as_of: datetime) -> Iterator[Fact]:
    """What there is to know about a message besides its text."""
    sender = f"{item.from_name} <{item.from_address}>" if item.from_name else item.from_address
    yield Fact("De", sender)
    yield Fact("Para", ", ".join(item.to))
    if item.cc:
        yield Fact("Con copia", ", ".join(item.cc))
    if item.case:
        yield Fact("Caso", item.case.folio, address("case", item.case.folio), mono=True)
    yield Fact("Creado", moment(item.created_at, zone, as_of).full)
    if item.sent_at:
        yield Fact("Enviado", moment(item.sent_at, zone, as_of).full)
    if item.next_attempt_at and item.state == Delivery.QUEUED:
        yield Fact("Próximo intento", moment(item.next_attempt_at, zone, as_of).full)
    for file in item.attachments:
        yield Fact("Adjunto", str(file["filename"]))
    yield Fact("Message-ID", item.message_id, mono=True)


def inbound_facts(item: InboundItem, zone: tzinfo, as_of: datetime) -> Iterator[Fact]:
    """What there is to know about an item besides its bytes."""
    yield Fact("De", item.sender or "no se pudo leer")
    yield Fact("Remitente del sobre", item.envelope_from or "vacío")
    yield Fact("Para", ", ".join(item.recipients) or "nadie")
    yield Fact("Llegó", moment(item.received_at, zone, as_of).full)
    yield Fact("Por", f"{GATEWAYS.get(item.gateway, item.gateway)} {item.remote}".strip())
    if item.case:
        yield Fact("Caso", item.case.folio, address("case", item.case.folio), mono=True)
    if item.duplicate_of_id:
        first = address("inbound-item", item.duplicate_of_id)
        yield Fact("Es copia de", f"entrada {item.duplicate_of_id}", first)
    yield Fact("Tamaño", size(item.size))
    yield Fact("SHA-256", item.sha256, mono=True)
    if item.replays:
        yield Fact("Repeticiones", str(item.replays))
