"""The queues: open cases in the order in which they press, each page one index range scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from ventanilla.crm.queries import call_nameless
from ventanilla.register.models import Case
from ventanilla.register.queries.filtering import ANY, Filters
from ventanilla.register.rules.statuses import WAITING, Status

ORDER = (F("next_due_at").asc(nulls_last=True), F("id").asc())
SHOWN = (
    "folio", "subject", "status", "desk", "policy_version_id", "next_due_at", "resolved_at",
    "closed_at", "emergency", "ledger_seq", "person__name", "assignee__full_name",
    "assignee__email",
)  # fmt: skip
"""What a row of the queue says; the other columns are read when somebody asks for one."""
Key = tuple[datetime | None, int]


class View(StrEnum):
    """What part of the open cases somebody looks at."""

    ALL = "all"
    MINE = "mine"
    MY_DESK = "my_desk"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    OVERDUE = "overdue"
    RESOLVED = "resolved"
    WATCHED = "watched"


class AssigneeMissing(ValueError):
    """The view "mine" needs to be told whose."""


class MomentMissing(ValueError):
    """The view "overdue" needs to be told the moment."""


def queue(
    *,
    desks: Iterable[str] | None = None,
    assignee: int | None = None,
    view: str = View.ALL,
    filters: Filters = ANY,
    among: QuerySet[Any, int] | None = None,
    after: Key | None = None,
    limit: int = 50,
    as_of: datetime | None = None,
) -> list[Case]:
    """Open cases, most pressing first, then those without a running clock; a page of ``limit``.

    ``after`` is the key ``(next_due_at, id)`` of the last case of the page before. ``desks`` are
    the desks somebody may see, None for all. ``among`` are the ids of the cases in question; they
    are few, are fetched each by its id and sorted. Resolved cases show in their own view only,
    unless something is still owed or they are asked for. Raises AssigneeMissing, MomentMissing.
    """
    found = filters.narrow(_chosen(View(view), desks, assignee, as_of, filters))
    if among is not None:
        found = found.filter(pk__in=among)
    if after is None:
        return _page(found, limit)
    due_at, last_id = after
    behind = Q(next_due_at__isnull=True)
    if due_at is None:
        return _page(found.filter(behind, id__gt=last_id), limit)
    # Two ranges instead of one OR: the index can begin at a key, but not at "later or unknown".
    pressing = found.filter(TupleGreaterThan((F("next_due_at"), F("id")), (due_at, last_id)))
    cases = _page(pressing, limit)
    if len(cases) < limit and View(view) is not View.OVERDUE and not filters.bounds_due:
        cases += _page(found.filter(behind), limit - len(cases))
    return cases


def among(
    case_ids: Iterable[int], *, desks: Iterable[str] | None = None, limit: int = 100
) -> list[Case]:
    """These cases, open or not, in the order of the queue; those of other desks are left out."""
    cases = Case.objects.filter(pk__in=set(case_ids))
    if desks is not None:
        cases = _of_desks(cases, sorted(set(desks)))
    return _page(cases, limit)


def key_of(case: Case) -> Key:
    """The key behind which the next page begins."""
    return case.next_due_at, case.pk


def _page(cases: QuerySet[Case], limit: int) -> list[Case]:
    found = list(cases.select_related("person", "assignee").only(*SHOWN).order_by(*ORDER)[:limit])
    call_nameless(each.person for each in found)
    return found


def _chosen(
    view: View,
    desks: Iterable[str] | None,
    assignee: int | None,
    as_of: datetime | None,
    filters: Filters,
) -> QuerySet[Case]:
    cases = Case.objects.filter(closed_at__isnull=True)
    if desks is not None:
        cases = _of_desks(cases, sorted(set(desks)))
    if view is View.MINE and assignee is None:
        raise AssigneeMissing(AssigneeMissing.__doc__)
    if view is View.UNASSIGNED:
        cases = cases.filter(assignee__isnull=True)
    elif assignee is not None:
        cases = cases.filter(assignee_id=assignee)
    if view is View.OVERDUE:
        if as_of is None:
            raise MomentMissing(MomentMissing.__doc__)
        return cases.filter(next_due_at__lt=as_of)
    if view is View.WAITING:
        return cases.filter(status__in=sorted(WAITING))
    if view is View.RESOLVED:
        return cases.filter(status=Status.RESOLVED)
    if view is View.WATCHED or Status.RESOLVED in filters.statuses:
        return cases
    return cases.exclude(Q(status=Status.RESOLVED) & Q(next_due_at__isnull=True))


def _of_desks(cases: QuerySet[Case], desks: Sequence[str]) -> QuerySet[Case]:
    return cases.filter(desk=desks[0]) if len(desks) == 1 else cases.filter(desk__in=desks)
