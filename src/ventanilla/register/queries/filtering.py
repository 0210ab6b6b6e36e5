"""What somebody narrows a queue to.

Each condition is checked while the index of the queue is walked in its order, so a page never
sorts. A rare filter walks past every open case it does not want; that is bounded by how many cases
are open, not by how many the register holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet

from ventanilla.register.models import Case


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that all have to hold; an empty one is none, of several values one is enough.

    ``due_from`` and ``due_before`` bound the next due moment, half-open; with one of them cases
    without a running clock are left out. ``nobody`` stands among the ``assignees``. ``words`` are
    part of the subject, whatever accents and capitals.
    """

    desks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    assignees: tuple[int, ...] = ()
    nobody: bool = False
    emergency: bool = False
    complex: bool = False
    due_from: datetime | None = None
    due_before: datetime | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def bounds_due(self) -> bool:
        """Whether only cases with a running clock are wanted."""
        return self.due_from is not None or self.due_before is not None

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """The cases that fulfil every condition."""
        for column, values in (
            ("desk", self.desks),
            ("category", self.categories),
            ("priority", self.priorities),
            ("status", self.statuses),
            ("channel", self.channels),
        ):
            cases = _among(cases, column, values)
        return self._by_words(self._by_moment(self._by_person(self._by_mark(cases))))

    def _by_person(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        if self.nobody and self.assignees:
            return cases.filter(Q(assignee__isnull=True) | Q(assignee_id__in=self.assignees))
        if self.nobody:
            return cases.filter(assignee__isnull=True)
        return _among(cases, "assignee_id", self.assignees)

    def _by_mark(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        if self.emergency:
            cases = cases.filter(emergency=True)
        return cases.filter(complex_since__isnull=False) if self.complex else cases

    def _by_moment(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        if self.due_from is not None:
            cases = cases.filter(next_due_at__gte=self.due_from)
        if self.due_before is not None:
            cases = cases.filter(next_due_at__lt=self.due_before)
        return cases

    def _by_words(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        return cases.filter(subject__unaccent__icontains=self.words) if self.words else cases


ANY = Filters()


def _among(cases: QuerySet[Case], column: str, values: Collection[object]) -> QuerySet[Case]:
    """One value is compared and not looked up in a list: only then an index keeps its order."""
    if not values:
        return cases
    if len(values) == 1:
        return cases.filter(**{column: next(iter(values))})
    return cases.filter(**{f"{column}__in": sorted(values, key=str)})
