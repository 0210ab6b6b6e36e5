"""Keeping files. Called inside the transaction of the desk."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile

from ventanilla.evidence.contents import (
    EvidenceDamaged,
    EvidenceMissing,
    hold_content,
    load,
    open_file,
    store,
)
from ventanilla.evidence.limits import (
    EvidenceFileTooLarge,
    EvidenceOfCaseFull,
    require_room,
    require_size,
)
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.evidence.rules import name_of, safe_filename
from ventanilla.evidence.storage import NoRoomForEvidence
from ventanilla.register.models import Case, Message

TYPE_LIMIT = 120
SUSPICION_LIMIT = 60
CONTENT_ID_LIMIT = 250


def keep(
    *,
    content: bytes,
    filename: str,
    declared_type: str,
    media_type: str,
    case: Case,
    message: Message | None = None,
    content_id: str = "",
    inline: bool = False,
    suspicion: str = "",
    as_of: datetime,
) -> EvidenceItem:
    """Keep one file under the folio; equal contents are stored once.

    ``media_type`` is what the content looks like, ``declared_type`` what the sender said. The file
    is on the disk before its row exists; if the transaction fails, ``orphans`` clears it away.
    Raises NoRoomForEvidence, EvidenceFileTooLarge, EvidenceOfCaseFull.
    """
    name = safe_filename(filename)
    require_room(case, name, len(content))
    return EvidenceItem.objects.create(
        case=case,
        message=message,
        blob=_store(content, media_type=media_type, as_of=as_of),
        filename=name,
        declared_type=declared_type[:TYPE_LIMIT],
        content_id=content_id.strip("<> ")[:CONTENT_ID_LIMIT],
        inline=inline,
        suspicion=suspicion[:SUSPICION_LIMIT],
        added_at=as_of,
    )


def keep_content(*, content: bytes, filename: str, media_type: str, as_of: datetime) -> Blob:
    """Keep a content that belongs to no case yet, such as a file of a draft.

    Whoever keeps it says so to ``upkeep.forget_unused``, or it is gone after a day.
    Raises NoRoomForEvidence, EvidenceFileTooLarge.
    """
    require_size(filename=safe_filename(filename), size=len(content))
    blob = _store(content, media_type=media_type, as_of=as_of)
    # A content that was here before waits its day anew.
    Blob.objects.filter(pk=blob.pk).update(stored_at=as_of)
    return blob


def _store(content: bytes, *, media_type: str, as_of: datetime) -> Blob:
    sha256 = hashlib.sha256(content).hexdigest()
    hold_content(sha256, shared=True)
    name = name_of(sha256)
    if not store().exists(name):
        store().save(name, ContentFile(content))
    row = Blob(
        sha256=sha256, size=len(content), media_type=media_type[:TYPE_LIMIT], stored_at=as_of
    )
    # Another worker may keep the same content at this moment; whose row it is does not matter.
    Blob.objects.bulk_create([row], ignore_conflicts=True)
    return row


__all__ = [
    "EvidenceDamaged",
    "EvidenceFileTooLarge",
    "EvidenceMissing",
    "EvidenceOfCaseFull",
    "NoRoomForEvidence",
    "keep",
    "keep_content",
    "load",
    "open_file",
    "store",
]
