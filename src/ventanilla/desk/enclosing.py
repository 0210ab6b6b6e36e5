"""The files that go along with a message of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ventanilla.channels.email.attachments import make
from ventanilla.channels.email.refusals import DEFAULT_LIMITS
from ventanilla.channels.email.values import Attachment
from ventanilla.core.actors import Actor
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.operations import keep
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that a colleague chose, not kept yet."""

    filename: str
    content: bytes = field(repr=False)
    declared_type: str = UNKNOWN_TYPE


def looked_at(upload: Upload) -> Attachment:
    """What an uploaded file is, whatever it says of itself; its name made safe."""
    return make(
        content=upload.content,
        name=upload.filename,
        declared_type=upload.declared_type,
        position=1,
        limits=DEFAULT_LIMITS,
    )


def attached(
    case: Case,
    message: Message,
    files: Sequence[EvidenceItem | Upload],
    *,
    acting_user: Actor,
    as_of: datetime,
) -> list[dict[str, str]]:
    """What the outbox needs to know of each file; uploads are kept as evidence first.

    Raises NoRoomForEvidence, EvidenceFileTooLarge, EvidenceOfCaseFull: then nothing is sent.
    """
    kept = [
        keep_upload(case, message, each, acting_user=acting_user, as_of=as_of)
        if isinstance(each, Upload)
        else each
        for each in files
    ]
    return [
        {
            "sha256": item.blob_id,
            "filename": item.filename,
            "media_type": item.blob.media_type,
        }
        for item in kept
    ]


def keep_upload(
    case: Case, message: Message | None, upload: Upload, *, acting_user: Actor, as_of: datetime
) -> EvidenceItem:
    """Keep an uploaded file under the folio, looked at like one that came by mail."""
    file = looked_at(upload)
    media_type = file.sniffed_type or UNKNOWN_TYPE
    item = keep(
        content=file.content,
        filename=file.filename,
        declared_type=file.declared_type,
        media_type=media_type,
        case=case,
        message=message,
        suspicion=file.suspicious[0] if file.suspicious else "",
        as_of=as_of,
    )
    register.note_fact(
        case=case,
        kind="evidence_added",
        payload={
            "sha256": file.sha256,
            "size": file.size,
            "media_type": media_type,
            "evidence_id": item.pk,
        },
        acting_user=acting_user,
        as_of=as_of,
    )
    return item
