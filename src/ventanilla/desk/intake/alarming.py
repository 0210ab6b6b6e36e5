"""Telling administrators, once a day, that mail waits and nothing moves it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from ventanilla.accounts.models import Role
from ventanilla.accounts.queries import active_addresses, staff_with_role
from ventanilla.channels.models import InboundItem, OutboundMessage
from ventanilla.channels.operations import enqueue
from ventanilla.channels.queries import pending_inbound
from ventanilla.desk import marks, queueing
from ventanilla.desk.policies import pack_in_force

STUCK_AFTER = timedelta(minutes=15)
KIND = "mail_stuck"
MOST_COUNTED = 10_000
MOST_REASONS = 5
NO_REASON = (
    "No son los correos mismos: falta algo pasajero, como espacio en disco o la base de datos. "
    "Lo dicen «ventanilla doctor» y los mensajes del trabajador."
)


def warn_of_stuck(*, as_of: datetime) -> int:
    """Mail every administrator when mail waits longer than STUCK_AFTER; how many mails wait.

    Once per day (UTC) and address. What waits is tried again all the same.
    """
    stuck = pending_inbound(received_before=as_of - STUCK_AFTER, limit=MOST_COUNTED)
    if stuck:
        with transaction.atomic(durable=True):
            for address in active_addresses(staff_with_role(Role.ADMINISTRATOR)):
                _tell(address, stuck, as_of)
    return len(stuck)


def _tell(address: str, stuck: Sequence[int], as_of: datetime) -> None:
    key = f"stuck:{as_of.date().isoformat()}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    if OutboundMessage.objects.filter(key=key).exists():
        return
    pack = pack_in_force(as_of)
    row = enqueue(
        key=key,
        kind=KIND,
        case=None,
        to=[address],
        subject=f"Correos recibidos que no avanzan: {len(stuck)}",
        text=_words(stuck),
        automatic=True,
        from_address=pack.desks[0].addresses[0],
        from_name=pack.mail.from_name,
        reply_to="",
        message_id=marks.message_ids().mint(case_ref="staff", delivery_key=key),
        as_of=as_of,
    )
    queueing.defer_deliver(row.pk)


def _words(stuck: Sequence[int]) -> str:
    minutes = int(STUCK_AFTER.total_seconds() // 60)
    told = InboundItem.objects.filter(pk__in=stuck).exclude(fate_detail="")
    found = told.order_by().values_list("fate_detail", flat=True).distinct()[:MOST_REASONS]
    reasons = [f"- {each}" for each in found] or [NO_REASON]
    head = (
        f"Esperan {len(stuck)} correos desde hace más de {minutes} minutos. Están guardados y se "
        "intentan de nuevo, pero aún no son casos."
    )
    return "\n".join((head, "", "Lo que se sabe:", *reasons))
