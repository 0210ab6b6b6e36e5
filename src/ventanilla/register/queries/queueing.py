"""The queues: open cases in the order in which they press, each page one index range scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from ventanilla.core.statements import read
from ventanilla.crm.models import Person
from ventanilla.crm.queries import call_nameless
from ventanilla.register.models import Case
from ventanilla.register.queries.filtering import ANY, Filters
from ventanilla.register.queries.showing import named_staff
from ventanilla.register.rules.statuses import WAITING, Status

ORDER = (F("next_due_at").asc(nulls_last=True), F("id").asc())
SHOWN = (
    "folio", "secret_generation", "subject", "status", "desk", "policy_version_id", "next_due_at",
    "resolved_at", "closed_at", "emergency", "ledger_seq", "person__name", "assignee__full_name",
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
    if filters == ANY and among is None and after is None and View(view) is not View.OVERDUE:
        return _first_page(View(view), None if desks is None else frozenset(desks), assignee, limit)
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
    found = list(_rows(cases, limit))
    call_nameless(each.person for each in found)
    return found


def _rows(cases: QuerySet[Case], limit: int) -> QuerySet[Case]:
    return cases.select_related("person", "assignee").only(*SHOWN).order_by(*ORDER)[:limit]


def _first_page(
    view: View, desks: frozenset[str] | None, assignee: int | None, limit: int
) -> list[Case]:
    """What is opened a hundred times a day: the beginning of a queue that nobody narrowed."""
    try:
        statement = _first_statement(view, desks, assignee, limit)
    except EmptyResultSet:  # of no desk there is nothing to ask
        return []
    found: list[Any] = list(read(Case, *statement))
    for each in found:
        each.person = Person.from_db(None, ("id", "name"), (each.person_id, each.name))
        each.assignee = named_staff(each.assignee_id, each.full_name, each.email)
    call_nameless(each.person for each in found)
    return found


@lru_cache(maxsize=256)
def _first_statement(
    view: View, desks: frozenset[str] | None, assignee: int | None, limit: int
) -> tuple[str, tuple[Any, ...]]:
    """Its text and parameters: the ORM takes longer to compose them than the server to answer."""
    found = _rows(_chosen(view, desks, assignee, None, ANY), limit)
    text, parameters = found.query.sql_with_params()
    return text, tuple(parameters)


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
