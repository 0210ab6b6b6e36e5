"""Who takes part in the desk's tests, with fixed roles, and the policy they work under."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.policy import packs
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import PolicyVersion

BOGOTA = ZoneInfo("America/Bogota")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FRIDAY_3PM = datetime(2026, 12, 4, 15, 0, tzinfo=BOGOTA)
"""Open: GeneraSoft works until 16:00. The Tuesday after it, 2026-12-08, is a holiday."""
SATURDAY_10AM = datetime(2026, 11, 21, 10, 0, tzinfo=BOGOTA)
"""Closed."""

ANA = "Ana Pérez <ana@cliente.example>"
ANA_ADDRESS = "ana@cliente.example"
STRANGER = "Zoe Extraña <zoe@otra.example>"
CUSTOMERS = "clientes@generasoft.example"
SUPPORT = "soporte@generasoft.example"


@lru_cache
def pack(key: str = "generasoft") -> Pack:
    return packs.load(key)


def policy() -> PolicyVersion:
    """The pack of the settings, in force for ever."""
    return register.publish_policy(
        pack=pack(settings.VENTANILLA.pack),
        effective_from=LONG_AGO,
        acting_user=SYSTEM,
        as_of=LONG_AGO,
    )


def berta() -> Actor:
    """An agent of every desk."""
    return _acting("berta@generasoft.example", "Berta Nieto", Role.AGENT)


def carlos() -> Actor:
    """An agent of support only."""
    return _acting("carlos@generasoft.example", "Carlos Amaya", Role.AGENT, desks=["soporte"])


def elena() -> Actor:
    """The lead."""
    return _acting("elena@generasoft.example", "Elena Rojas", Role.LEAD)


def lucia() -> Actor:
    """The lead of support only."""
    return _acting("lucia@generasoft.example", "Lucía Mesa", Role.LEAD, desks=["soporte"])


def marcos() -> Actor:
    """The lead of the desk that customers write to, only."""
    return _acting("marcos@generasoft.example", "Marcos Gil", Role.LEAD, desks=["atencion"])


def octavio() -> Actor:
    """An auditor: sees everything, does nothing."""
    return _acting("octavio@generasoft.example", "Octavio Mora", Role.AUDITOR)


def _acting(email: str, name: str, role: Role, desks: list[str] | None = None) -> Actor:
    staff = Staff.objects.filter(email=email).first() or Staff.objects.create_user(
        email, full_name=name, role=role, desks=desks or []
    )
    return Actor.staff(staff.pk)
