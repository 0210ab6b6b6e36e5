"""Which staff stand behind a desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import DESK_BOUND

SERVING = (Role.AGENT, Role.LEAD, Role.DIRECTOR)
"""The roles that take cases."""
MOST_SHOWN = 500


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
    return serving_all([desk])


def serving_all(desks: Iterable[str]) -> list[Staff]:
    """The active members who can take a case of each of these desks, by name."""
    serves = Q(desks__contains=sorted(set(desks))) | Q(desks=[])
    rows = Staff.objects.filter(serves, role__in=SERVING, is_active=True)
    return list(rows.order_by("full_name", "id"))


def team_of(desks: Iterable[str] | None, *, limit: int = MOST_SHOWN) -> list[Staff]:
    """The active members who take cases of these desks (None for all), by name."""
    rows = Staff.objects.filter(role__in=SERVING, is_active=True)
    if desks is not None:
        rows = rows.filter(Q(desks__overlap=list(desks)) | Q(desks=[]) | ~Q(role__in=DESK_BOUND))
    return list(rows.order_by("full_name", "id")[:limit])


def all_staff(*, limit: int = MOST_SHOWN) -> list[Staff]:
    """Every account, active ones first, by name; a house has hundreds, not thousands."""
    return list(Staff.objects.order_by("-is_active", "full_name", "id")[:limit])


def desk_bound(*, limit: int = MOST_SHOWN) -> list[Staff]:
    """The active members in roles that are bound to desks, by name."""
    rows = Staff.objects.filter(role__in=DESK_BOUND, is_active=True)
    return list(rows.order_by("full_name", "id")[:limit])


def staff_by_id(staff_id: int) -> Staff | None:
    """One account, active or not."""
    return Staff.objects.filter(pk=staff_id).first()


def names_of(staff_ids: Iterable[int]) -> dict[int, str]:
    """The names of members, by id; also of those who left."""
    return {each.pk: str(each) for each in Staff.objects.filter(pk__in=set(staff_ids))}
