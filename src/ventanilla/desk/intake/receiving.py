"""The way of one e-mail, from its stored bytes to its fate, in one transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.refusals import MailRefused
from ventanilla.channels.email.values import Nature
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import locked
from ventanilla.desk.intake import automatic, submission
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.bounces import take_bounce
from ventanilla.desk.intake.duplicates import duplicate
from ventanilla.desk.intake.fates import Settlement, quarantine, settle, settle_unread
from ventanilla.desk.intake.following import follow
from ventanilla.desk.intake.natures import came_from_us, verdict_of
from ventanilla.desk.intake.opening import open_asked, open_from
from ventanilla.desk.intake.routing import route
from ventanilla.desk.patience import is_temporary
from ventanilla.desk.policies import in_force
from ventanilla.register import policies
from ventanilla.register.models import PolicyVersion

log = logging.getLogger(__name__)

MOST_FAILURES = 5
"""Unexpected errors after which a mail is put aside, so that it does not block its worker."""


def receive(*, item_id: int, as_of: datetime) -> Fate:
    """Carry one stored mail the whole way and return its fate; a settled one keeps its own.

    One durable transaction: case, messages, files, history, acknowledgement and fate are all
    there or none is. Raises what is temporary (database away, disk full), so that the job is
    tried again; an unexpected error is raised too, but counted: after MOST_FAILURES the mail goes
    to quarantine with the error.
    """
    try:
        with transaction.atomic(durable=True):
            return _receive(item_id, as_of)
    except Exception as error:
        if is_temporary(error):  # the mail stays pending, however often it happens
            raise
        fate = _count_failure(item_id, error, as_of)
        if fate is Fate.PENDING:
            raise
        log.exception("mail put into quarantine", extra={"item_id": item_id})
        return fate


class WorkerDied(Exception):
    """El proceso que atendía este correo terminó de golpe."""


def note_death(*, item_id: int, as_of: datetime) -> Fate:
    """Count that a worker died while it had this mail in hand; it ends like an unexpected error.

    Nobody can count that before it happens without one more commit for every mail, so whoever
    finds the job of a dead worker does it before the mail is tried again.
    """
    return _count_failure(item_id, WorkerDied(WorkerDied.__doc__), as_of)


def _receive(item_id: int, as_of: datetime) -> Fate:
    item = locked(InboundItem, item_id)
    if item.fate != Fate.PENDING:
        return Fate(item.fate)
    try:
        mail = parse(bytes(item.raw), received_at=item.received_at)
    except MailRefused as refused:
        return settle_unread(item, reason=refused.code, detail=str(refused), as_of=as_of)
    version = in_force(item.received_at)
    arrival = Arrival(
        item=item,
        mail=mail,
        pack=policies.pack_of(version),
        as_of=as_of,
        trusted=item.replays > 0,
        form=submission.read(mail) if item.gateway == submission.GATEWAY else None,
    )
    decide = _decide if arrival.form is None else open_asked
    return settle(arrival, duplicate(arrival) or decide(arrival, version))


def _decide(arrival: Arrival, version: PolicyVersion) -> Settlement:
    """What sort of mail it is, and everything that follows from it."""
    if came_from_us(arrival):
        return automatic.own_loop()
    verdict = verdict_of(arrival)
    if verdict.nature is Nature.BOUNCE:
        return take_bounce(arrival)
    if arrival.sender is None:
        return quarantine("no_sender", "El correo no dice quién lo envía; no se puede contestar.")
    if not arrival.trusted:
        if verdict.nature is Nature.AUTOMATIC:
            return automatic.set_aside(arrival, verdict.reasons[0])
        if verdict.nature is Nature.OWN:
            return quarantine(
                "impersonation",
                "El remitente es una dirección nuestra, pero el correo no salió de aquí.",
            )
    return _place(arrival, version)


def _place(arrival: Arrival, version: PolicyVersion) -> Settlement:
    way = route(arrival)
    if way.case is None:
        return open_from(arrival, version, mentioned=way.mentioned)
    if way.unproven:
        return quarantine(
            "dmarc_failed",
            f"Parece del caso {way.case.folio}, pero el dominio del remitente dice que este correo "
            "no es suyo. Si una persona comprueba que es auténtico, puede procesarlo de nuevo.",
        )
    return follow(arrival, version, way)


def _count_failure(item_id: int, error: Exception, as_of: datetime) -> Fate:
    """Remember an unexpected error on the item; the last straw puts it into quarantine."""
    detail = f"{type(error).__name__}: {error}"[:1000]
    with transaction.atomic(durable=True):
        item = InboundItem.objects.select_for_update(of=("self",)).defer("raw").get(pk=item_id)
        if item.fate != Fate.PENDING:
            return Fate(item.fate)
        item.failures += 1
        item.fate_detail = detail
        item.save(update_fields=["failures", "fate_detail"])
        # A refusal of our own rules will be the same next time.
        if item.failures < MOST_FAILURES and not isinstance(error, Refusal):
            return Fate.PENDING
        return settle_unread(item, reason=_reason(error), detail=detail, as_of=as_of)


def _reason(error: Exception) -> str:
    if isinstance(error, WorkerDied):
        return "worker_died"
    return error.code if isinstance(error, Refusal) else "unexpected_error"
