"""What a team leader looks at: promises at risk and of a day, load per person, what nobody took.

Each read is bounded: by a page, by one day, or by ``MOST_COUNTED`` cases a person. None of them
grows with the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from ventanilla.core.statements import execute
from ventanilla.crm.queries import call_nameless
from ventanilla.register.models import Case, Commitment
from ventanilla.register.rules.statuses import WAITING, Status

MOST_COUNTED = 1_000
"""Open cases of one person that are counted; who has more has too many, whatever the number."""
DAY_COUNTED = 20_000
SHOWN_OF_CASE = (
    "case__folio", "case__subject", "case__desk", "case__status", "case__assignee_id",
    "case__policy_version_id", "case__person__name", "case__assignee__full_name",
    "case__assignee__email", "case__assignee__is_active",
)  # fmt: skip

LOAD = """
    SELECT wanted.id, held.open, held.overdue, held.today, held.waiting
      FROM unnest(%(people)s::bigint[]) AS wanted (id)
     CROSS JOIN LATERAL (
           SELECT count(*),
                  count(*) FILTER (WHERE next_due_at < %(as_of)s::timestamptz),
                  count(*) FILTER (WHERE next_due_at >= %(as_of)s::timestamptz
                                     AND next_due_at < %(day_end)s::timestamptz),
                  count(*) FILTER (WHERE status = ANY(%(waiting)s::text[]))
             FROM (SELECT next_due_at, status FROM register_case
                    WHERE assignee_id = wanted.id AND closed_at IS NULL
                      AND status <> 'resolved'
                      AND (%(desks)s::text[] IS NULL OR desk = ANY(%(desks)s::text[]))
                    LIMIT %(most)s::int) AS theirs) AS held (open, overdue, today, waiting)
"""
# One range of the index per person, so that the planner cannot choose to read every open case.


@dataclass(frozen=True, slots=True)
class Load:
    """How many cases a person has open, and of these: overdue, due later today, waiting."""

    open: int = 0
    overdue: int = 0
    today: int = 0
    waiting: int = 0

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.open >= MOST_COUNTED


@dataclass(frozen=True, slots=True)
class DayOfPromises:
    """How the promises due on one day stand."""

    kept: int
    open: int
    broken: int

    @property
    def all(self) -> int:
        """How many there are."""
        return self.kept + self.open + self.broken


def running_promises(case_ids: Iterable[int], *, due_before: datetime) -> list[Commitment]:
    """The promises of these cases that run and fall due before a moment, most pressing first."""
    rows = Commitment.objects.filter(
        case__in=list(case_ids),
        met_at__isnull=True,
        cancelled_at__isnull=True,
        paused_since__isnull=True,
        due_at__lt=due_before,
    )
    return list(rows.order_by("due_at", "id"))


def load_of(
    people: Iterable[int], *, desks: Sequence[str] | None, as_of: datetime, day_end: datetime
) -> dict[int, Load]:
    """The load of each person on these desks (None for all), in one statement."""
    facts = {
        "people": list(people),
        "desks": list(desks) if desks is not None else None,
        "as_of": as_of,
        "day_end": day_end,
        "waiting": sorted(WAITING),
        "most": MOST_COUNTED,
    }
    return {row[0]: Load(*row[1:]) for row in execute(LOAD, facts).fetchall()}


def held_by(staff_id: int, *, desks: Sequence[str] | None, limit: int = MOST_COUNTED) -> list[Case]:
    """The open cases of one person, most pressing first; resolved ones rest and are left out."""
    rows = Case.objects.filter(assignee=staff_id, closed_at__isnull=True)
    rows = _of_desks(rows.exclude(status=Status.RESOLVED), desks)
    order = (F("next_due_at").asc(nulls_last=True), F("id").asc())
    return _called(rows.select_related("person").order_by(*order)[:limit])


def promises_of_day(
    start: datetime,
    end: datetime,
    *,
    desks: Sequence[str] | None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Commitment]:
    """What is promised for ``[start, end)``, in the order of its moments; a page of ``limit``.

    ``after`` is the key ``(due_at, id)`` of the last one of the page before.
    """
    rows = _promised(start, end, desks)
    if after is not None:
        rows = rows.filter(TupleGreaterThan((F("due_at"), F("id")), after))
    joined = rows.select_related("case", "case__person", "case__assignee")
    own = [each.attname for each in Commitment._meta.concrete_fields]  # noqa: SLF001 - Django's documented name
    found = list(joined.only(*own, *SHOWN_OF_CASE).order_by("due_at", "id")[:limit])
    call_nameless(each.case.person for each in found)
    return found


def count_of_day(
    start: datetime, end: datetime, *, desks: Sequence[str] | None, as_of: datetime
) -> DayOfPromises:
    """How many promises of ``[start, end)`` were kept, are still open, were broken.

    One that was kept too late was broken all the same.
    """
    day = _promised(start, end, desks).order_by("due_at", "id")[:DAY_COUNTED]
    within = Commitment.objects.filter(pk__in=day.values("pk"))
    in_time = Q(met_at__lte=F("due_at"))
    waits = Q(met_at__isnull=True, due_at__gte=as_of) | Q(
        met_at__isnull=True, paused_since__isnull=False
    )
    counted = within.aggregate(
        all=Count("pk"), kept=Count("pk", filter=in_time), open=Count("pk", filter=waits)
    )
    kept, left = counted["kept"], counted["open"]
    return DayOfPromises(kept=kept, open=left, broken=counted["all"] - kept - left)


def unassigned_since(
    received_before: datetime, *, desks: Sequence[str] | None, limit: int = 20
) -> list[Case]:
    """Cases that nobody took though they came before a moment, longest waiting first."""
    rows = _unassigned(desks).filter(received_at__lt=received_before)
    return _called(rows.select_related("person").order_by("received_at", "id")[:limit])


def count_unassigned(*, desks: Sequence[str] | None) -> int:
    """How many cases wait for somebody to take them; not counted beyond MOST_COUNTED."""
    return _unassigned(desks)[:MOST_COUNTED].count()


def _unassigned(desks: Sequence[str] | None) -> QuerySet[Case]:
    rows = Case.objects.filter(closed_at__isnull=True, assignee__isnull=True)
    return _of_desks(rows.exclude(status=Status.RESOLVED), desks)


def _called(cases: QuerySet[Case]) -> list[Case]:
    found = list(cases)
    call_nameless(each.person for each in found)
    return found


def _promised(start: datetime, end: datetime, desks: Sequence[str] | None) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(due_at__gte=start, due_at__lt=end, cancelled_at__isnull=True)
    if desks is None:
        return rows
    return rows.filter(case__desk__in=sorted(set(desks)))


def _of_desks(cases: QuerySet[Case], desks: Sequence[str] | None) -> QuerySet[Case]:
    return cases if desks is None else cases.filter(desk__in=sorted(set(desks)))
