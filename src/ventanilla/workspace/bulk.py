"""The book of what was done to several cases in one go: what stood before, what refused and why.

The doing itself is ``desk.bulk``. A deed is written down before the first case is touched, with
every case in ``refused`` under no reason, which means «not done yet». Whoever does it to a case
takes the deed first and notes how it ended in the same transaction, so a crash leaves a book that
says exactly which cases it never came to; doing and undoing go on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ventanilla.core.actors import Actor
from ventanilla.workspace.models import BulkDeed

PENDING = ""
SHOWN = 20

Before = dict[str, Any]
"""What it takes to restore one case, and under ``seq`` its ledger number right after the deed."""


def begin(
    *,
    noun: str,
    case_ids: Collection[int],
    request_key: UUID,
    acting_user: Actor,
    as_of: datetime,
) -> BulkDeed:
    """The deed with this key, written down now unless it was before."""
    pending = {str(case_id): PENDING for case_id in case_ids}
    deed, _ = BulkDeed.objects.get_or_create(
        request_key=request_key,
        staff_id=acting_user.id or 0,
        defaults={"noun": noun, "refused": pending, "done_at": as_of},
    )
    return deed


def taken(deed: BulkDeed) -> BulkDeed:
    """The deed as it stands now, held by this transaction until it ends."""
    return BulkDeed.objects.select_for_update().get(pk=deed.pk)


def not_done(deed: BulkDeed) -> list[int]:
    """The cases that the doing has not come to."""
    return [int(each) for each, reason in deed.refused.items() if reason == PENDING]


def not_undone(deed: BulkDeed) -> list[int]:
    """The cases that the undoing has not come to."""
    return [int(each) for each in deed.before if each not in deed.undone and each not in deed.kept]


def is_undone(deed: BulkDeed) -> bool:
    """Whether it was asked to be undone and the undoing has come to every case."""
    return deed.undone_at is not None and not not_undone(deed)


def note_done(deed: BulkDeed, case_id: int, before: Before) -> None:
    """It was done to this case."""
    deed.refused.pop(str(case_id), None)
    deed.before[str(case_id)] = before
    deed.save(update_fields=["before", "refused"])


def note_refused(deed: BulkDeed, case_id: int, reason: str) -> None:
    """It was not done to this case, and why."""
    deed.refused[str(case_id)] = reason
    deed.save(update_fields=["refused"])


def begin_undoing(deed: BulkDeed, *, as_of: datetime) -> None:
    """Note when the undoing was first asked for."""
    BulkDeed.objects.filter(pk=deed.pk, undone_at__isnull=True).update(undone_at=as_of)
    deed.refresh_from_db()


def note_undone(deed: BulkDeed, case_id: int, _outcome: object) -> None:
    """What stood before stands there again."""
    deed.undone.append(str(case_id))
    deed.save(update_fields=["undone"])


def note_kept(deed: BulkDeed, case_id: int, reason: str) -> None:
    """The undoing left this case as it is, and why."""
    deed.kept[str(case_id)] = reason
    deed.save(update_fields=["kept"])


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a deed or its undoing is written down, case by case."""

    left: Callable[[BulkDeed], list[int]]
    note_done: Callable[[BulkDeed, int, Any], None]
    note_refused: Callable[[BulkDeed, int, str], None]


DOING = Pages(not_done, note_done, note_refused)
UNDOING = Pages(not_undone, note_undone, note_kept)


def deed_of(staff_id: int, deed_id: int) -> BulkDeed | None:
    """One's own deed; those of colleagues are theirs to undo."""
    return BulkDeed.objects.filter(staff=staff_id, pk=deed_id).first()


def latest(staff_id: int) -> list[BulkDeed]:
    """One's own deeds, latest first."""
    return list(BulkDeed.objects.filter(staff=staff_id).order_by("-done_at", "-id")[:SHOWN])
