"""Accounts of colleagues and what follows for mail and cases."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ventanilla.accounts import invitations
from ventanilla.accounts import operations as accounts
from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, require
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import queueing
from ventanilla.desk.account_mail import write_about_account
from ventanilla.desk.sweeping import one_by_one
from ventanilla.register import operations as register
from ventanilla.register.models import Case
from ventanilla.register.operations import CaseMoved
from ventanilla.register.rules.statuses import Status

INVITATION_PATH = "/invitacion/{uid}/{token}/"
"""The page to choose a password; the same as in the URLs of the pages, kept so by a test there."""
RELEASED_AT_ONCE = 1_000


class NotActive(Refusal):
    """La cuenta de {name} está desactivada. Actívela antes de enviarle un enlace."""


def invite(
    *,
    email: str,
    full_name: str,
    role: str,
    desks: Iterable[str],
    language: str,
    acting_user: Actor,
    as_of: datetime,
) -> tuple[Staff, OutboundMessage]:
    """Open an account and mail its owner a link to choose a password.

    Nobody else ever knows a password. Raises NotPermitted, StaffInvalid.
    """
    with transaction.atomic(durable=True):
        staff = accounts.create_staff(
            email=email,
            full_name=full_name,
            role=role,
            desks=desks,
            language=language,
            password=None,
            acting_user=acting_user,
            as_of=as_of,
        )
        return staff, _send_link(staff, acting_user, as_of)


def invite_again(*, staff_id: int, acting_user: Actor, as_of: datetime) -> OutboundMessage:
    """Mail a new link, for who lost the first one or the password. Raises NotPermitted,
    StaffUnknown, NotActive."""
    require(acting_user, Permission.MANAGE_STAFF)
    with transaction.atomic(durable=True):
        staff = Staff.objects.filter(pk=staff_id).first()
        if staff is None:
            raise accounts.StaffUnknown
        if not staff.is_active:
            raise NotActive(name=staff)
        return _send_link(staff, acting_user, as_of)


def deactivate(*, staff_id: int, acting_user: Actor, as_of: datetime) -> Staff:
    """End an account; a job gives its open cases back to the queue, each recorded.

    Raises as ``accounts.deactivate_staff``.
    """
    with transaction.atomic(durable=True):
        staff = accounts.deactivate_staff(staff_id=staff_id, acting_user=acting_user, as_of=as_of)
        queueing.defer_release(staff.pk)
    return staff


def release_cases(*, staff_id: int, as_of: datetime) -> int:
    """Give the open cases of an ended account back to the queue; how many there were.

    Carried out as often as one likes: what was released is not found again, and an account that
    was opened anew meanwhile keeps its cases.
    """
    ended = Staff.objects.filter(pk=staff_id, is_active=False)
    released = 0
    while done := _release_some(ended, as_of=as_of):
        released += done
    return released


def sweep(*, as_of: datetime) -> int:
    """Give back what any ended account holds, RELEASED_AT_ONCE at most; how many.

    A case can come to one after its cases were released: it was resolved and is opened again, it
    was given to a colleague in the very moment in which they left, or the job was lost.
    """
    return _release_some(Staff.objects.filter(is_active=False), as_of=as_of)


def _release_some(ended: QuerySet[Staff], *, as_of: datetime) -> int:
    """What ends is left with whoever ended it."""
    ids = list(ended.values_list("pk", flat=True))
    held = Case.objects.filter(assignee__in=ids, closed_at=None, merged_into=None)
    rows = held.exclude(status=Status.RESOLVED).order_by("id").values_list("pk", "ledger_seq")
    return one_by_one(
        rows[:RELEASED_AT_ONCE],
        lambda *row: _release(*row, as_of=as_of),
        limit=RELEASED_AT_ONCE,
    )


def _release(case_id: int, seq: int, *, as_of: datetime) -> int:
    """One that moved this very moment is looked at again: it may have a new owner."""
    with contextlib.suppress(CaseMoved), transaction.atomic(durable=True):
        register.assign(
            case=Case(pk=case_id),
            assignee_id=None,
            expected_seq=seq,
            acting_user=SYSTEM,
            as_of=as_of,
        )
        return 1
    return 0


def _send_link(staff: Staff, acting_user: Actor, as_of: datetime) -> OutboundMessage:
    uid, token = invitations.marks_of(staff)
    days = invitations.valid_for().days
    link = settings.VENTANILLA.public_url + INVITATION_PATH.format(uid=uid, token=token)
    text = (
        f"Buen día, {staff.full_name}:\n\n"
        "Tiene una cuenta en Ventanilla, donde se atienden las solicitudes. Para entrar, escoja "
        "su contraseña en esta página:\n\n"
        f"{link}\n\n"
        f"El enlace sirve una sola vez, durante {days} días, y es solo para usted: no lo reenvíe. "
        "Después entre con esta dirección de correo.\n\n"
        "Si no esperaba este mensaje, avise a quien administra el sistema.\n"
    )
    sent = write_about_account(
        to=staff.email, subject="Escoja su contraseña de Ventanilla", text=text, as_of=as_of
    )
    facts = {"outbound_id": sent.pk}
    record(Act.INVITATION_SENT, facts, about=staff, acting_user=acting_user, as_of=as_of)
    return sent
