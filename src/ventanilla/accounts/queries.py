"""Which staff stand behind a desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ventanilla.accounts.models import Role, Staff


def staff_of_desk(desk: str, *, role: Role) -> QuerySet[Staff]:
    """The active members with this role who serve a desk; without desks in their file, every one."""
    serves = Q(desks__contains=[desk]) | Q(desks=[])
    return Staff.objects.filter(serves, role=role, is_active=True).order_by("id")


def staff_with_role(role: Role) -> QuerySet[Staff]:
    """The active members with this role."""
    return Staff.objects.filter(role=role, is_active=True).order_by("id")


def active_addresses(staff: Iterable[Staff]) -> list[str]:
    """Their e-mail addresses, each once, without those who left."""
    return list(dict.fromkeys(each.email for each in staff if each.is_active))


def serving(desk: str) -> list[Staff]:
    """The active members who can take a case of a desk, by name."""
    serves = Q(desks__contains=[desk]) | Q(desks=[])
    roles = (Role.AGENT, Role.LEAD, Role.DIRECTOR)
    rows = Staff.objects.filter(serves, role__in=roles, is_active=True)
    return list(rows.order_by("full_name", "id"))


def names_of(staff_ids: Iterable[int]) -> dict[int, str]:
    """The names of members, by id; also of those who left."""
    return {each.pk: str(each) for each in Staff.objects.filter(pk__in=set(staff_ids))}
