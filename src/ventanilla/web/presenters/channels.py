"""What arrived and what went out, as lists and as single items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from ventanilla.channels.models import (
    Delivery,
    DeliveryAttempt,
    Fate,
    InboundItem,
    OutboundMessage,
)
from ventanilla.core.words import screen
from ventanilla.web.addresses import address
from ventanilla.web.presenters.fates import reason_words

from .moments import Moment, moment, size
from .queue import NO_SUBJECT
from .signs import Sign

FATES: dict[str, Sign] = {
    Fate.PENDING: Sign("plain", "clock", screen("por procesar")),
    Fate.CASE: Sign("kept", "plus-circle", screen("caso nuevo")),
    Fate.FOLLOW_UP: Sign("kept", "chat-bubble-left-right", screen("seguimiento")),
    Fate.BOUNCE: Sign("near", "arrow-uturn-left", screen("rebote")),
    Fate.AUTOMATIC: Sign("plain", "cog-6-tooth", screen("automático")),
    Fate.DUPLICATE: Sign("plain", "square-2-stack", screen("duplicado")),
    Fate.QUARANTINE: Sign("broken", "shield-exclamation", screen("cuarentena")),
}
STATES: dict[str, Sign] = {
    Delivery.QUEUED: Sign("plain", "clock", screen("en cola")),
    Delivery.SENT: Sign("kept", "check", screen("enviado")),
    Delivery.FAILED: Sign("broken", "exclamation-triangle", screen("no entregado")),
    Delivery.HELD: Sign("near", "pause", screen("retenido")),
    Delivery.SUPPRESSED: Sign("near", "no-symbol", screen("no se envía")),
}
OUTCOMES: dict[str, Sign] = {
    DeliveryAttempt.Outcome.ACCEPTED: Sign("kept", "check", screen("aceptado")),
    DeliveryAttempt.Outcome.TEMPORARY: Sign("near", "arrow-path", screen("rechazo temporal")),
    DeliveryAttempt.Outcome.PERMANENT: Sign("broken", "x-mark", screen("rechazo definitivo")),
    DeliveryAttempt.Outcome.UNREACHABLE: Sign("near", "signal-slash", screen("sin conexión")),
}
GATEWAYS = {
    "smtp": "SMTP",
    "lmtp": "LMTP",
    "imap": screen("buzón IMAP"),
    "ingest": screen("archivo"),
    "web": screen("formulario"),
}


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
        detail=item.state_reason
        or (_("automático") if item.automatic else _("escrito por el equipo")),
        folio=item.case.folio if item.case else "",
        at=moment(item.sent_at or item.created_at, zone, as_of),
        sign=STATES[item.state],
    )


def inbound_row(item: InboundItem, zone: tzinfo, as_of: datetime) -> MailRow:
    """An item that arrived."""
    return MailRow(
        url=address("inbound-item", item.pk),
        subject=item.subject or NO_SUBJECT,
        who=item.sender or item.envelope_from or _("remitente desconocido"),
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
    yield Fact(_("De"), sender)
    yield Fact(_("Para"), ", ".join(item.to))
    if item.cc:
        yield Fact(_("Con copia"), ", ".join(item.cc))
    if item.case:
        yield Fact(_("Caso"), item.case.folio, address("case", item.case.folio), mono=True)
    yield Fact(_("Creado"), moment(item.created_at, zone, as_of).full)
    if item.sent_at:
        yield Fact(_("Enviado"), moment(item.sent_at, zone, as_of).full)
    if item.next_attempt_at and item.state == Delivery.QUEUED:
        yield Fact(_("Próximo intento"), moment(item.next_attempt_at, zone, as_of).full)
    for file in item.attachments:
        yield Fact(_("Adjunto"), str(file["filename"]))
    yield Fact("Message-ID", item.message_id, mono=True)


def inbound_facts(item: InboundItem, zone: tzinfo, as_of: datetime) -> Iterator[Fact]:
    """What there is to know about an item besides its bytes."""
    if item.sender or item.fate != Fate.PENDING:
        yield Fact(_("De"), item.sender or _("no se pudo leer"))
    yield Fact(_("Remitente del sobre"), item.envelope_from or _("vacío"))
    yield Fact(_("Para"), ", ".join(item.recipients) or _("nadie"))
    yield Fact(_("Llegó"), moment(item.received_at, zone, as_of).full)
    yield Fact(_("Por"), f"{GATEWAYS.get(item.gateway, item.gateway)} {item.remote}".strip())
    if item.case:
        yield Fact(_("Caso"), item.case.folio, address("case", item.case.folio), mono=True)
    if item.duplicate_of_id:
        first = address("inbound-item", item.duplicate_of_id)
        yield Fact(
            _("Es copia de"), _("entrada %(number)s") % {"number": item.duplicate_of_id}, first
        )
    yield Fact(_("Tamaño"), size(item.size))
    yield Fact("SHA-256", item.sha256, mono=True)
    if item.replays:
        yield Fact(_("Repeticiones"), str(item.replays))
