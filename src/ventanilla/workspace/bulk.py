"""The book of what was done to several cases in one go: what stood before, what refused and why.

The doing itself is ``desk.bulk``. A deed is written down before the first case is touched, with
every case in ``refused`` under no reason, which means «not done yet»: what a crash leaves behind
says which cases it never came to, and the second of two clicks finds the first.
"""

from __future__ import annotations

from collections.abc import Collection
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
) -> tuple[BulkDeed, bool]:
    """The deed with this key, and whether it begins now; the same request twice begins once."""
    pending = {str(case_id): PENDING for case_id in case_ids}
    return BulkDeed.objects.get_or_create(
        request_key=request_key,
        staff_id=acting_user.id or 0,
        defaults={"noun": noun, "refused": pending, "done_at": as_of},
    )


def note_done(deed: BulkDeed, case_id: int, before: Before) -> None:
    """It was done to this case."""
    deed.refused.pop(str(case_id), None)
    deed.before[str(case_id)] = before
    deed.save(update_fields=["before", "refused"])


def note_refused(deed: BulkDeed, case_id: int, reason: str) -> None:
    """It was not done to this case, and why."""
    deed.refused[str(case_id)] = reason
    deed.save(update_fields=["refused"])


def claim_undoing(deed: BulkDeed, *, as_of: datetime) -> bool:
    """Whether the undoing begins now; False when it was asked for before."""
    rows = BulkDeed.objects.filter(pk=deed.pk, undone_at__isnull=True)
    is_first = rows.update(undone_at=as_of) == 1
    deed.refresh_from_db()
    return is_first


def note_kept(deed: BulkDeed, case_id: int, reason: str) -> None:
    """The undoing left this case as it is, and why."""
    deed.kept[str(case_id)] = reason
    deed.save(update_fields=["kept"])


def deed_of(staff_id: int, deed_id: int) -> BulkDeed | None:
    """One's own deed; those of colleagues are theirs to undo."""
    return BulkDeed.objects.filter(staff=staff_id, pk=deed_id).first()


def latest(staff_id: int) -> list[BulkDeed]:
    """One's own deeds, latest first."""
    return list(BulkDeed.objects.filter(staff=staff_id).order_by("-done_at", "-id")[:SHOWN])
