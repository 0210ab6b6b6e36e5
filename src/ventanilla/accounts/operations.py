"""Every write to accounts, but for absences and invitations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import DESK_BOUND, Permission, require
from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal

STAFFING_LOCK = 0x56454E54_53544146  # "VENTSTAF": one change of who may do what at a time
CHANGEABLE = ("full_name", "role", "desks", "language")


class StaffInvalid(Refusal):
    """No se creó la cuenta. {reasons}"""


class AddressTaken(StaffInvalid):
    """No se creó la cuenta: el correo {email} ya es de {name}. Su ficha está en «Personal»; si
    está desactivada, se activa allí."""


class StaffUnknown(Refusal):
    """Esa persona no está en el equipo."""


class NotYourself(Refusal):
    """Nadie cambia su propia función ni desactiva su propia cuenta. Pídalo a otra persona que
    administre el sistema."""


class LastAdministrator(Refusal):
    """{name} es la única persona activa con la función «Administración». Dé antes esa función a
    otra: sin ella nadie podría administrar las cuentas."""


class WouldServeAll(Refusal):
    """{name} quedaría sin ninguna mesa, y sin mesas se atienden todas. Cambie sus mesas en su
    ficha, o desactive la cuenta."""


def create_staff(
    *,
    email: str,
    full_name: str,
    role: str,
    desks: Iterable[str] = (),
    language: str = "es",
    password: str | None,
    acting_user: Actor,
    as_of: datetime,
) -> Staff:
    """Open an account for a colleague; without a password they choose one by invitation.

    Raises NotPermitted, StaffInvalid and AddressTaken.
    """
    require(acting_user, Permission.MANAGE_STAFF)
    staff = Staff(
        email=email.strip().lower(),
        full_name=full_name.strip(),
        role=role,
        desks=list(desks),
        language=language,
        joined_at=as_of,
    )
    staff.set_password(password)
    with transaction.atomic():
        _lock_staffing()
        if (bearer := Staff.objects.filter(email=staff.email).first()) is not None:
            raise AddressTaken(email=staff.email, name=bearer)
        try:
            if password is not None:
                validate_password(password, staff)
            staff.full_clean()
        except ValidationError as error:
            raise StaffInvalid(reasons=" ".join(error.messages)) from error
        staff.save(force_insert=True)
        facts = {"role": staff.role, "desks": staff.desks}
        record(Act.STAFF_CREATED, facts, about=staff, acting_user=acting_user, as_of=as_of)
    return staff


def change_staff(
    *,
    staff_id: int,
    full_name: str,
    role: str,
    desks: Iterable[str],
    language: str,
    acting_user: Actor,
    as_of: datetime,
) -> Staff:
    """Change name, role, desks and language of a colleague; one's own role stays as it is.

    Raises NotPermitted, StaffUnknown, NotYourself, LastAdministrator, StaffInvalid.
    """
    with transaction.atomic():
        staff = _locked(staff_id, acting_user)
        wanted = {
            "full_name": full_name.strip(),
            "role": Role(role).value,
            "desks": sorted(set(desks)),
            "language": language,
        }
        if wanted["role"] != staff.role:
            _refuse_oneself(staff, acting_user)
            _keep_an_administrator(staff)
        if changes := _apply(staff, wanted):
            renamed = changes.pop("full_name", None)
            # Nothing of a person stands where it can never be removed: that a name changed is enough.
            facts = {"changes": changes} | ({"changed": ["full_name"]} if renamed else {})
            record(Act.STAFF_CHANGED, facts, about=staff, acting_user=acting_user, as_of=as_of)
    return staff


def deactivate_staff(*, staff_id: int, acting_user: Actor, as_of: datetime) -> Staff:
    """End an account: its sessions are refused from the next page on.

    The cases it holds are given back to the queue by who calls this (``desk.staffing``). Twice is
    once. Raises NotPermitted, StaffUnknown, NotYourself, LastAdministrator.
    """
    with transaction.atomic():
        staff = _locked(staff_id, acting_user)
        _refuse_oneself(staff, acting_user)
        if staff.is_active:
            _keep_an_administrator(staff)
            _switch(staff, Act.STAFF_DEACTIVATED, acting_user, as_of, is_active=False)
    return staff


def reactivate_staff(*, staff_id: int, acting_user: Actor, as_of: datetime) -> Staff:
    """Open an ended account again, with the role and desks it had.

    Raises NotPermitted, StaffUnknown.
    """
    with transaction.atomic():
        staff = _locked(staff_id, acting_user)
        if not staff.is_active:
            _switch(staff, Act.STAFF_REACTIVATED, acting_user, as_of, is_active=True)
    return staff


def set_desk_members(
    *, desk: str, members: Iterable[int], acting_user: Actor, as_of: datetime
) -> list[Staff]:
    """Say which of the people bound to desks serve this one; those whose desks changed.

    People without desks in their file serve all and are left alone. Raises NotPermitted,
    WouldServeAll.
    """
    wanted = set(members)
    with transaction.atomic():
        _lock_staffing()
        require(acting_user, Permission.MANAGE_STAFF)
        bound = Staff.objects.select_for_update().filter(role__in=DESK_BOUND, is_active=True)
        moved = [
            each
            for each in bound.exclude(desks=[]).order_by("id")
            if (desk in each.desks) is not (each.pk in wanted)
        ]
        for each in moved:
            _move(each, desk)
        if moved:
            facts = {
                "desk": desk,
                "added": [each.pk for each in moved if desk in each.desks],
                "removed": [each.pk for each in moved if desk not in each.desks],
            }
            record(Act.DESK_MEMBERS_CHANGED, facts, acting_user=acting_user, as_of=as_of)
    return moved


def _locked(staff_id: int, acting_user: Actor) -> Staff:
    """The account, with nobody else changing any; permission is asked when that is so."""
    _lock_staffing()
    require(acting_user, Permission.MANAGE_STAFF)
    staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
    if staff is None:
        raise StaffUnknown
    return staff


def _lock_staffing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STAFFING_LOCK])


def _refuse_oneself(staff: Staff, acting_user: Actor) -> None:
    if acting_user.kind is ActorKind.STAFF and acting_user.id == staff.pk:
        raise NotYourself


def _keep_an_administrator(staff: Staff) -> None:
    if staff.role != Role.ADMINISTRATOR or not staff.is_active:
        return
    others = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=staff.pk)
    if not others.exists():
        raise LastAdministrator(name=staff)


def _apply(staff: Staff, wanted: dict[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; the values before and after, by field. Raises StaffInvalid."""
    changes = {
        name: [getattr(staff, name), wanted[name]]
        for name in CHANGEABLE
        if getattr(staff, name) != wanted[name]
    }
    for name, (_, value) in changes.items():
        setattr(staff, name, value)
    try:
        staff.full_clean()
    except ValidationError as error:
        raise StaffInvalid(reasons=" ".join(error.messages)) from error
    if changes:
        staff.save(update_fields=list(changes))
    return changes


def _switch(
    staff: Staff, act: Act, acting_user: Actor, as_of: datetime, *, is_active: bool
) -> None:
    staff.is_active = is_active
    staff.save(update_fields=["is_active"])
    record(act, {}, about=staff, acting_user=acting_user, as_of=as_of)


def _move(staff: Staff, desk: str) -> None:
    rest = [each for each in staff.desks if each != desk]
    if desk in staff.desks and not rest:
        raise WouldServeAll(name=staff)
    staff.desks = rest if desk in staff.desks else sorted([*rest, desk])
    staff.save(update_fields=["desks"])
