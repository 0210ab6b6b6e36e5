"""Who is told about a promise: the audiences that a pack names, as people of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from ventanilla.accounts.absences import absence_of
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.queries import active_addresses, staff_of_desk, staff_with_role
from ventanilla.policy.schema import Audience, Pack
from ventanilla.register.models import Case


def addresses_of(case: Case, audiences: Iterable[str], *, as_of: datetime) -> list[str]:
    """Where these audiences are reached, each address once; see ``people_of``."""
    return active_addresses(people_of(case, audiences, as_of=as_of))


def people_of(case: Case, audiences: Iterable[str], *, as_of: datetime) -> list[Staff]:
    """The active members of these audiences, each once.

    An audience without anybody in it passes to the next higher one, so a warning about a case
    that nobody took, or whose owner left, still reaches a person. Beside an owner who is absent
    whoever covers is told, or without a cover who stands above.
    """
    found: list[Staff] = []
    for audience in audiences:
        found += next(filter(None, (_HEARD_BY[each](case) for each in _CHAIN[audience])), [])
        if audience == Audience.ASSIGNEE:
            found += _instead_of_absent(case, as_of)
    return list({each.pk: each for each in found}.values())


def on_call(case: Case, pack: Pack, as_of: datetime) -> list[str]:
    """Who is on call for this case now: for an emergency outside opening hours (G5), else nobody."""
    if pack.emergency is None or not case.emergency or pack.calendar.is_open(as_of):
        return []
    return list(pack.emergency.on_call)


def _active(people: Iterable[Staff | None]) -> list[Staff]:
    return [each for each in people if each is not None and each.is_active]


def _assignee(case: Case) -> list[Staff]:
    return _active([case.assignee])


def _instead_of_absent(case: Case, as_of: datetime) -> list[Staff]:
    absence = absence_of(case.assignee_id, as_of) if case.assignee_id else None
    if absence is None:
        return []
    return _active([absence.covered_by]) or next(
        filter(None, (_HEARD_BY[each](case) for each in _UP)), []
    )


def _with_role(role: Role) -> Callable[[Case], list[Staff]]:
    return lambda case: _active(staff_of_desk(case.desk, role=role))


def _everywhere(role: Role) -> Callable[[Case], list[Staff]]:
    return lambda _case: _active(staff_with_role(role))


_ADMINISTRATOR = "administrator"
_HEARD_BY: dict[str, Callable[[Case], list[Staff]]] = {
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
