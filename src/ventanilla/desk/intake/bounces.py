"""A mail of ours that came back: the address is marked and the owner of the case is told."""

from __future__ import annotations

import hashlib

from ventanilla.channels.email.bounces import Bounce, parse_bounce
from ventanilla.channels.models import Fate, OutboundMessage
from ventanilla.core.actors import SYSTEM
from ventanilla.crm.operations import mark_bounce
from ventanilla.desk import telling
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.fates import Settlement
from ventanilla.desk.intake.natures import own_addresses
from ventanilla.register import operations as register
from ventanilla.register.models import Case


def take_bounce(arrival: Arrival) -> Settlement:
    """Mark the address that cannot be reached and write it down on the case it was about.

    Never opens a case. Anybody can send something that looks like a bounce, so an address is
    marked for good only when the report returns a Message-ID of ours that went to that address;
    otherwise it counts as one of several temporary ones.
    """
    report = parse_bounce(arrival.mail, own_addresses=own_addresses(arrival.pack))
    ours = _original(report)
    address = _unreached(report, ours)
    hard = ours is not None and report.severity == "hard"
    if address:
        reason = report.diagnostic or report.status or arrival.mail.subject
        mark_bounce(value=address, hard=hard, reason=reason, as_of=arrival.as_of)
    case = ours.case if ours else None
    if ours is not None and case is not None:
        _note(arrival, case, address, hard=hard)
        if ours.record_message_id is not None:
            _tell(arrival, case, report, address)
    return Settlement(
        fate=Fate.BOUNCE,
        reason=report.severity,
        detail=_told_in(report, address),
        case=case,
    )


def _told_in(report: Bounce, address: str) -> str:
    """What the other server said; without words of its own, its code and whom it is about."""
    if report.diagnostic:
        return report.diagnostic
    if not report.status:
        return "El aviso no dice por qué."
    return f"Código {report.status} para {address or report.failed_recipient or 'su destinatario'}."


def _original(report: Bounce) -> OutboundMessage | None:
    if not report.original_message_id:
        return None
    rows = OutboundMessage.objects.filter(message_id=report.original_message_id)
    return rows.select_related("case").first()


def _unreached(report: Bounce, ours: OutboundMessage | None) -> str:
    """The address the report is about, if our mail went there; our only recipient, if it is silent."""
    told = report.failed_recipient or ""
    if ours is None:
        return told
    recipients = [*ours.to, *ours.cc]
    if told in recipients:
        return told
    return recipients[0] if len(recipients) == 1 else ""


def _note(arrival: Arrival, case: Case, address: str, *, hard: bool) -> None:
    register.note_fact(
        case=case,
        kind="bounce_received",
        payload={
            "inbound_item_id": arrival.item.pk,
            "hard": hard,
            "address_digest": hashlib.sha256(address.encode()).hexdigest() if address else "",
        },
        acting_user=SYSTEM,
        as_of=arrival.as_of,
    )


def _tell(arrival: Arrival, case: Case, report: Bounce, address: str) -> None:
    """Only about mail to customers: a bounce of a notice to staff would chase its own tail."""
    telling.tell_owner(
        case=case,
        kind="bounce_notice",
        key=f"bounce:{arrival.item.pk}",
        subject=f"No llegó un correo del caso {case.folio}",
        text=(
            f"Un correo del caso {case.folio} no llegó a {address or 'su destinatario'}.\n\n"
            f"Lo que dijo el otro servidor: {_told_in(report, address)}\n\n"
            "Si la persona tiene otro medio de contacto, úselo: el plazo del caso sigue corriendo."
        ),
        as_of=arrival.as_of,
    )
