"""Accounts in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import DESK_BOUND
from ventanilla.policy.schema.pack import Pack
from ventanilla.web.addresses import address

from .moments import moment
from .signs import Sign
from .team import Reader


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One account."""

    id: int
    url: str
    name: str
    email: str
    role: str
    desks: str
    state: Sign
    away: str
    last_seen: str
    is_active: bool


def staff_rows(staff: Iterable[Staff], pack: Pack, reader: Reader) -> list[StaffRow]:
    """Every account, in the order given."""
    return [staff_view(each, pack, reader) for each in staff]


def staff_view(staff: Staff, pack: Pack, reader: Reader) -> StaffRow:
    """One account."""
    seen = staff.last_login
    return StaffRow(
        id=staff.pk,
        url=address("staff-member", staff.pk),
        name=str(staff),
        email=staff.email,
        role=str(Role(staff.role).label),
        desks=desks_words(staff, pack),
        state=state_of(staff),
        away=reader.away_words(staff.pk),
        last_seen=moment(seen, reader.zone, reader.as_of).short if seen else _("nunca"),
        is_active=staff.is_active,
    )


def state_of(staff: Staff) -> Sign:
    """Whether the account is open, and whether its owner ever came in or chose a password."""
    if not staff.is_active:
        return Sign("plain", "no-symbol", _("desactivada"))
    if staff.is_only_invited:
        return Sign("near", "envelope", _("invitada, sin contraseña"))
    return Sign("kept", "check", _("activa"))


def desks_words(staff: Staff, pack: Pack) -> str:
    """«Todas», or the names of the desks somebody is bound to."""
    if Role(staff.role) not in DESK_BOUND or not staff.desks:
        return _("todas")
    names = {each.key: each.name for each in pack.desks}
    return ", ".join(names.get(each, each) for each in staff.desks)
