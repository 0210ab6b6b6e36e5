"""Who takes part in the tests of accounts."""

from __future__ import annotations

from datetime import UTC, datetime

from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor

NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def staff(mailbox: str, role: Role = Role.AGENT, *desks: str) -> Staff:
    return Staff.objects.create_user(
        f"{mailbox}@generasoft.example",
        "una clave larga 7",
        full_name=mailbox.capitalize(),
        role=role,
        desks=list(desks),
    )


def acting(member: Staff) -> Actor:
    return Actor.staff(member.pk)
