"""What somebody has read and what they watch: marks beside the record, never in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import QuerySet

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute
from ventanilla.crm.queries import call_nameless
from ventanilla.register.entries.base import Entry
from ventanilla.register.entries.facts import Fact
from ventanilla.register.models import Case
from ventanilla.workspace.models import Mention, ReadMark, Watch

MOST_WATCHED = 300
"""More than one can keep an eye on; and what keeps the queue of them a handful of probes."""
UNREAD = 0
"""The mark of a case that was put back to unread by hand; the record begins at 1."""

# Something was written by somebody else since: what machines note (receipts, deliveries, alerts)
# and what one did oneself is no news.
UNREAD_AMONG = """
    SELECT wanted.id
      FROM unnest(%(cases)s::bigint[]) AS wanted (id)
      LEFT JOIN workspace_readmark r ON r.case_id = wanted.id AND r.staff_id = %(staff)s
     WHERE r.seq = 0 OR EXISTS (
           SELECT 1 FROM register_ledgerentry e
            WHERE e.case_id = wanted.id AND e.seq > coalesce(r.seq, 0) AND e.actor_kind <> 'system'
              AND NOT (e.actor_kind = 'staff' AND e.actor_id = %(staff)s)
              AND e.kind <> ALL (%(quiet)s::text[]))
"""
# One statement for everything that opening a page notes and asks. It does not wait for the disk: a
# mark that a crash takes back shows one row bold once more. Nothing is written where all is known.
OPENED = """
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    seen AS (
        UPDATE workspace_mention SET seen_at = %(at)s
         WHERE staff_id = %(staff)s AND case_id = %(case)s AND seen_at IS NULL),
    marked AS (
        INSERT INTO workspace_readmark (staff_id, case_id, seq, read_at)
        SELECT %(staff)s, %(case)s, %(seq)s, %(at)s FROM quick
         WHERE NOT EXISTS (SELECT 1 FROM workspace_readmark
                            WHERE staff_id = %(staff)s AND case_id = %(case)s AND seq >= %(seq)s)
        ON CONFLICT (staff_id, case_id)
        DO UPDATE SET seq = greatest(workspace_readmark.seq, excluded.seq),
                      read_at = excluded.read_at)
    SELECT EXISTS (SELECT 1 FROM workspace_watch WHERE staff_id = %(staff)s AND case_id = %(case)s)
"""


class WatchesTooMany(Refusal):
    """Usted ya sigue {most} casos, que es lo más que se puede. Deje de seguir alguno primero."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the page of a case says about its reader."""

    watched: bool


def open_case(*, case: Case, acting_user: Actor, as_of: datetime) -> Opened:
    """Note that somebody has the case before them: read up to here, called no longer.

    One statement, outside of any transaction, whose durability it lowers.
    """
    asked = {"case": case.pk, "seq": case.ledger_seq, "staff": acting_user.id, "at": as_of}
    with execute(OPENED, asked) as cursor:
        (watched,) = cursor.fetchone()
    return Opened(watched=watched)


def unread_among(case_ids: Iterable[int], *, staff_id: int) -> frozenset[int]:
    """Those in which somebody else wrote or did something that this person has not opened since."""
    asked = {"cases": list(case_ids), "staff": staff_id, "quiet": _quiet_kinds()}
    with execute(UNREAD_AMONG, asked) as cursor:
        return frozenset(case_id for (case_id,) in cursor.fetchall())


def is_watched(case: Case, *, staff_id: int) -> bool:
    """Whether this person watches the case."""
    return Watch.objects.filter(staff=staff_id, case=case).exists()


def watched_ids(staff_id: int) -> QuerySet[Watch, int]:
    """The cases this person watches, to be asked for inside another question."""
    return Watch.objects.filter(staff=staff_id).values_list("case_id", flat=True)


def watch(*, case: Case, acting_user: Actor, as_of: datetime) -> None:
    """Follow a case. Doing it twice is doing it once. Raises WatchesTooMany."""
    watch_all(case_ids=[case.pk], acting_user=acting_user, as_of=as_of)


def unwatch(*, case: Case, acting_user: Actor, as_of: datetime) -> None:
    """Follow it no longer."""
    unwatch_all(case_ids=[case.pk], acting_user=acting_user, as_of=as_of)


@transaction.atomic
def watch_all(*, case_ids: Collection[int], acting_user: Actor, as_of: datetime) -> frozenset[int]:
    """Follow several cases; those that were not followed before. Raises WatchesTooMany."""
    mine = set(Watch.objects.filter(staff=acting_user.id).values_list("case_id", flat=True))
    fresh = frozenset(case_ids) - mine
    if len(mine) + len(fresh) > MOST_WATCHED:
        raise WatchesTooMany(most=MOST_WATCHED)
    rows = [Watch(staff_id=_id(acting_user), case_id=each, since=as_of) for each in sorted(fresh)]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)
    return fresh


def unwatch_all(
    *, case_ids: Collection[int], acting_user: Actor, as_of: datetime
) -> frozenset[int]:
    """Follow them no longer; those that were followed before. ``as_of`` is when it was asked."""
    rows = Watch.objects.filter(staff=acting_user.id, case_id__in=case_ids, since__lte=as_of)
    gone = frozenset(rows.values_list("case_id", flat=True))
    rows.delete()
    return gone


def marks_of(case_ids: Collection[int], *, staff_id: int) -> dict[int, int]:
    """How far each was read, by case; those never opened are missing."""
    rows = ReadMark.objects.filter(staff=staff_id, case_id__in=case_ids)
    return dict(rows.values_list("case_id", "seq"))


@transaction.atomic
def set_marks(
    *, marks: Mapping[int, int | None], acting_user: Actor, as_of: datetime
) -> dict[int, int | None]:
    """Set how far each case was read, UNREAD for not at all, None for never opened.

    Returns what stood before.
    """
    before = marks_of(marks.keys(), staff_id=_id(acting_user))
    never = [case_id for case_id, seq in marks.items() if seq is None]
    ReadMark.objects.filter(staff=acting_user.id, case_id__in=never).delete()
    rows = [
        ReadMark(staff_id=_id(acting_user), case_id=case_id, seq=seq, read_at=as_of)
        for case_id, seq in sorted(marks.items())
        if seq is not None
    ]
    ReadMark.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["staff", "case"],
        update_fields=["seq", "read_at"],
    )
    return {case_id: before.get(case_id) for case_id in marks}


def mentions(
    staff_id: int,
    *,
    desks: Collection[str] | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Mention]:
    """The calls this person has not followed yet, latest first, each with its case and its note.

    ``after`` is the key ``(at, id)`` of the last one of the page before.
    """
    rows = Mention.objects.filter(staff=staff_id, seen_at__isnull=True)
    if desks is not None:
        rows = rows.filter(case__desk__in=desks)
    if after is not None:
        rows = rows.filter(at__lte=after[0]).exclude(at=after[0], id__gte=after[1])
    related = rows.select_related("by", "message", "case", "case__person", "case__assignee")
    found = list(related.defer("message__html").order_by("-at", "-id")[:limit])
    call_nameless(each.case.person for each in found)
    return found


def _id(actor: Actor) -> int:
    assert actor.id is not None  # marks are kept by members of staff only
    return actor.id


@cache
def _quiet_kinds() -> list[str]:
    return sorted(kind for kind, found in Entry.kinds.items() if issubclass(found, Fact))
