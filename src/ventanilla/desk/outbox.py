"""Handing the outbox over, and what follows for the case when a message does not arrive."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.permissions import Permission, desks_of, require
from ventanilla.channels import delivery
from ventanilla.channels.models import Delivery, DeliveryAttempt, OutboundMessage
from ventanilla.channels.operations import NothingToRetry, release_held
from ventanilla.channels.operations import retry as requeue
from ventanilla.channels.ports import Port
from ventanilla.channels.queries import due_outbound, in_trouble
from ventanilla.channels.reach import outbound_of
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.crm.operations import mark_bounce
from ventanilla.desk import queueing, telling
from ventanilla.evidence.contents import load
from ventanilla.register import operations as register
from ventanilla.register.models import Case

SWEPT_AT_ONCE = 500
RETRIED_AT_ONCE = 200
_NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.[0-9]+\b")


def deliver(
    *, outbound_id: int, port: Port | None = None, as_of: datetime
) -> DeliveryAttempt | None:
    """Try once to hand a message over; on a final failure mark the address and tell the owner.

    Two durable transactions: what the relay said is written down first, so whatever goes wrong
    with the consequences never sends the mail again. They are done once for each try, at the
    latest when the job is tried again. ``port`` is the relay of the settings unless another is
    given.
    """
    with transaction.atomic(durable=True):
        attempt = delivery.deliver(
            outbound_id=outbound_id, load_attachment=load, port=port, as_of=as_of
        )
    _follow_up(outbound_id, as_of)
    return attempt


def _follow_up(outbound_id: int, as_of: datetime) -> None:
    with transaction.atomic(durable=True):
        attempts = delivery.unfollowed(outbound_id)
        for attempt in attempts:
            _mark_refused(attempt, as_of)
        if attempts:
            _record_outcome(attempts[-1], as_of)
            delivery.mark_followed(attempts, as_of=as_of)


def sweep(*, as_of: datetime) -> int:
    """Defer the deliveries whose next try is due, and those held while there was no relay."""
    with transaction.atomic(durable=True):
        if settings.VENTANILLA.relay is not None:
            release_held(as_of=as_of)
        return queueing.defer_deliver(*due_outbound(as_of=as_of, limit=SWEPT_AT_ONCE))


def retry(*, outbound_id: int, acting_user: Actor, as_of: datetime) -> OutboundMessage:
    """Try a failed or held message again, for those who have not got it.

    Raises NotPermitted, NothingToRetry, and OutboundMessage.DoesNotExist, also for a message
    outside the desks of who asks.
    """
    require(acting_user, Permission.RETRY_DELIVERY)
    with transaction.atomic(durable=True):
        outbound = outbound_of(desks_of(acting_user)).get(pk=outbound_id)
        row = requeue(outbound=outbound, as_of=as_of)
        queueing.defer_deliver(row.pk)
        facts = {"outbound_ids": [row.pk]}
        record(Act.DELIVERIES_RETRIED, facts, acting_user=acting_user, as_of=as_of)
    return row


def retry_all(*, state: Delivery, acting_user: Actor, as_of: datetime) -> int:
    """Try what failed or is held on one's desks again, oldest first, at most RETRIED_AT_ONCE; how many.

    What somebody else retried in the meantime is left out. Raises NotPermitted.
    """
    require(acting_user, Permission.RETRY_DELIVERY)
    done: list[int] = []
    with transaction.atomic(durable=True):
        desks = desks_of(acting_user)
        for outbound_id in in_trouble(desks=desks, state=state, limit=RETRIED_AT_ONCE):
            with contextlib.suppress(NothingToRetry):
                row = requeue(outbound=OutboundMessage(pk=outbound_id), as_of=as_of)
                done.append(row.pk)
        queueing.defer_deliver(*done)
        if done:
            facts = {"outbound_ids": done}
            record(Act.DELIVERIES_RETRIED, facts, acting_user=acting_user, as_of=as_of)
    return len(done)


def _mark_refused(attempt: DeliveryAttempt, as_of: datetime) -> None:
    """A relay that refuses an address for good is a bounce that came early.

    Only the codes that say "no such mailbox" count as final: most others refuse the message.
    """
    row = attempt.outbound
    for address, reason in delivery.refused_recipients(row).items():
        if datetime.fromisoformat(row.settled[address]["at"]) != attempt.at:
            continue
        hard = _NO_SUCH_MAILBOX.search(reason) is not None
        mark_bounce(value=address, hard=hard, reason=reason, as_of=as_of)


def _record_outcome(attempt: DeliveryAttempt, as_of: datetime) -> None:
    """What is no part of the conversation is mail to colleagues: the record does not speak of it.

    Nor is anybody told by mail that it failed, or two broken mailboxes would never rest.
    """
    row, case = attempt.outbound, attempt.outbound.case
    if case is None or row.record_message_id is None:
        return
    payload = {"outbound_id": row.pk, "code": attempt.code}
    if row.state == Delivery.SENT:
        _note(case, "delivery_succeeded", payload, as_of)
    elif row.state == Delivery.FAILED:
        case = _note(case, "delivery_failed", payload | {"reason": attempt.outcome}, as_of)
        _tell_owner(case, row, as_of)


def _note(case: Case, kind: str, payload: dict[str, Any], as_of: datetime) -> Case:
    return register.note_fact(
        case=case, kind=kind, payload=payload, acting_user=SYSTEM, as_of=as_of
    )


def _tell_owner(case: Case, row: OutboundMessage, as_of: datetime) -> None:
    telling.tell_owner(
        case=case,
        kind="delivery_failed",
        key=f"failed:{row.pk}",
        subject=f"No se pudo entregar un mensaje de {case.folio}",
        text=(
            f"Un mensaje de {case.folio} no llegó a su destino.\n\n"
            f"Asunto: {row.subject}\n"
            f"Para: {', '.join(row.to)}\n"
            f"Respuesta del servidor: {row.state_reason}\n\n"
            "El texto está guardado en el caso. Puede corregir la dirección o comunicarse por "
            "otro medio y volver a intentarlo desde la bandeja de salida.\n"
        ),
        as_of=as_of,
    )
