"""Reading what is kept under a folio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet

from ventanilla.core.statements import read
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.evidence.rules import Serving, how_to_serve
from ventanilla.register.models import Case

# As text: it stands on every page of a case, and the ORM takes longer to write it.
ITEMS = """
    SELECT i.*, b.size AS blob_size, b.media_type AS blob_type, m.channel AS message_channel
      FROM evidence_evidenceitem i JOIN evidence_blob b ON b.sha256 = i.blob_id
           LEFT JOIN register_message m ON m.id = i.message_id
     WHERE i.case_id = ANY(%s::bigint[]) ORDER BY i.id
"""


def items_of(case: Case) -> QuerySet[EvidenceItem]:
    """The files of a case with their contents' facts, in the order in which they came."""
    rows = EvidenceItem.objects.filter(case=case).select_related("blob")
    return rows.annotate(message_channel=F("message__channel")).order_by("id")


def items_of_all(case_ids: Sequence[int]) -> list[EvidenceItem]:
    """The same of a case and of those merged into it."""
    rows: list[Any] = list(read(EvidenceItem, ITEMS, [list(case_ids)]))
    found = []
    for row in rows:
        facts = (row.blob_id, row.blob_size, row.blob_type)
        row.blob = Blob.from_db(None, ("sha256", "size", "media_type"), facts)
        found.append(row)
    return found


def channel_of(item: EvidenceItem) -> str:
    """By which channel the message came that brought a file read here; empty where none did."""
    return getattr(item, "message_channel", None) or ""


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
