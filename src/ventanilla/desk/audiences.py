"""Who is told about a promise: the audiences that a pack names, as addresses of people of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from ventanilla.accounts.absences import absence_of
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.queries import active_addresses, staff_of_desk, staff_with_role
from ventanilla.policy.schema import Audience, Pack
from ventanilla.register.models import Case


def addresses_of(case: Case, audiences: Iterable[str], *, as_of: datetime) -> list[str]:
    """Where these audiences are reached, each address once.

    An audience without anybody in it passes to the next higher one, so a warning about a case
    that nobody took, or whose owner left, still reaches a person. Beside an owner who is absent
    whoever covers is told, or without a cover who stands above.
    """
    found: list[str] = []
    for audience in audiences:
        found += next(filter(None, (_HEARD_BY[each](case) for each in _CHAIN[audience])), [])
        if audience == Audience.ASSIGNEE:
            found += _instead_of_absent(case, as_of)
    return list(dict.fromkeys(found))


def on_call(case: Case, pack: Pack, as_of: datetime) -> list[str]:
    """Who is on call for this case now: for an emergency outside opening hours (G5), else nobody."""
    if pack.emergency is None or not case.emergency or pack.calendar.is_open(as_of):
        return []
    return list(pack.emergency.on_call)


def _assignee(case: Case) -> list[str]:
    return active_addresses([case.assignee] if case.assignee else [])


def _instead_of_absent(case: Case, as_of: datetime) -> list[str]:
    absence = absence_of(case.assignee_id, as_of) if case.assignee_id else None
    if absence is None:
        return []
    cover = active_addresses([absence.covered_by] if absence.covered_by else [])
    return cover or next(filter(None, (_HEARD_BY[each](case) for each in _UP)), [])


def _with_role(role: Role) -> Callable[[Case], list[str]]:
    def addresses(case: Case) -> list[str]:
        staff: Iterable[Staff] = staff_of_desk(case.desk, role=role)
        return active_addresses(staff)

    return addresses


def _everywhere(role: Role) -> Callable[[Case], list[str]]:
    return lambda _case: active_addresses(staff_with_role(role))


_ADMINISTRATOR = "administrator"
_HEARD_BY: dict[str, Callable[[Case], list[str]]] = {
    Audience.ASSIGNEE: _assignee,
    Audience.DESK: _with_role(Role.AGENT),
    Audience.LEAD: _with_role(Role.LEAD),
    Audience.DIRECTOR: _everywhere(Role.DIRECTOR),
    _ADMINISTRATOR: _everywhere(Role.ADMINISTRATOR),
}
_UP = (Audience.LEAD, Audience.DIRECTOR, _ADMINISTRATOR)
_CHAIN: dict[str, tuple[str, ...]] = {
    Audience.ASSIGNEE: (Audience.ASSIGNEE, *_UP),
    Audience.DESK: (Audience.DESK, *_UP),
    Audience.LEAD: _UP,
    Audience.DIRECTOR: (Audience.DIRECTOR, Audience.LEAD, _ADMINISTRATOR),
}
