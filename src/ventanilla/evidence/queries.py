"""Reading what is kept under a folio."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.rules import Serving, how_to_serve
from ventanilla.register.models import Case


def items_of(case: Case) -> QuerySet[EvidenceItem]:
    """The files of a case with their contents' facts, in the order in which they came."""
    return items_of_all([case.pk])


def items_of_all(case_ids: Sequence[int]) -> QuerySet[EvidenceItem]:
    """The same of a case and of those merged into it."""
    items = EvidenceItem.objects.filter(case_id__in=case_ids)
    return items.select_related("blob").order_by("id")


def item_for(case: Case, item_id: int) -> EvidenceItem | None:
    """One file of this case, or None: an id of another case's file opens nothing."""
    return items_of(case).filter(pk=item_id).first()


def serving_of(item: EvidenceItem) -> Serving:
    """How this file may leave the house."""
    return how_to_serve(media_type=item.blob.media_type, suspicion=item.suspicion)


def attachments_of(items: list[EvidenceItem]) -> list[dict[str, str]]:
    """The files as an outbound message refers to them."""
    return [
        {
            "sha256": each.blob_id,
            "filename": each.filename,
            "media_type": each.blob.media_type,
        }
        for each in items
    ]
