"""The files that came with a mail go to the evidence store, under the folio."""

from __future__ import annotations

from ventanilla.channels.email.values import Attachment
from ventanilla.core.actors import SYSTEM
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.evidence.operations import EvidenceFileTooLarge, EvidenceOfCaseFull, keep
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message


def keep_files(arrival: Arrival, case: Case, message: Message) -> None:
    """Keep every file, suspicious ones flagged; each is an entry in the record (S4).

    One that is over a limit is refused and the record says so: the mail goes on without it, and
    its bytes are still in the raw item. Raises NoRoomForEvidence: then nothing of this mail has
    happened, and it is tried again.
    """
    for file in arrival.files:
        try:
            _keep(arrival, case, message, file)
        except (EvidenceFileTooLarge, EvidenceOfCaseFull) as refusal:
            register.note_fact(
                case=case,
                kind="evidence_refused",
                payload={"sha256": file.sha256, "size": file.size, "reason": refusal.code},
                acting_user=SYSTEM,
                as_of=arrival.as_of,
            )


def _keep(arrival: Arrival, case: Case, message: Message, file: Attachment) -> None:
    suspicion = file.suspicious[0] if file.suspicious else ""
    media_type = file.sniffed_type or "application/octet-stream"
    kept = keep(
        content=file.content,
        filename=file.filename,
        declared_type=file.declared_type,
        media_type=media_type,
        case=case,
        message=message,
        content_id=file.content_id or "",
        inline=file.inline,
        suspicion=suspicion,
        as_of=arrival.as_of,
    )
    register.note_fact(
        case=case,
        kind="evidence_added",
        payload={
            "sha256": file.sha256,
            "size": file.size,
            "media_type": media_type,
            "evidence_id": kept.pk,
            "suspicion": suspicion,
        },
        acting_user=SYSTEM,
        as_of=arrival.as_of,
    )
