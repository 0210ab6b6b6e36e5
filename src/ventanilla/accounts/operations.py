"""Every write of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal


class StaffInvalid(Refusal):
    """No se creó la cuenta. {reasons}"""


def create_staff(
    *,
    email: str,
    full_name: str,
    role: str,
    desks: Iterable[str] = (),
    password: str,
    acting_user: Actor,
    as_of: datetime,
) -> Staff:
    """Open an account for a colleague. Raises NotPermitted and StaffInvalid."""
    require(acting_user, Permission.MANAGE_STAFF)
    staff = Staff(
        email=email.strip().lower(),
        full_name=full_name.strip(),
        role=role,
        desks=list(desks),
        joined_at=as_of,
    )
    staff.set_password(password)
    try:
        validate_password(password, staff)
        staff.full_clean()
    except ValidationError as error:
        raise StaffInvalid(reasons=" ".join(error.messages)) from error
    staff.save(force_insert=True)
    return staff
