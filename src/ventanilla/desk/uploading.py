"""Files that somebody without an account uploads before they send what they write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ventanilla.core.refusals import Refusal
from ventanilla.desk.asking import MOST_BYTES, TooManyFiles
from ventanilla.desk.enclosing import Upload, looked_at
from ventanilla.evidence.contents import EvidenceMissing, load, store
from ventanilla.evidence.holding import HoldingFull, release, reserve, settle
from ventanilla.evidence.operations import keep_content
from ventanilla.evidence.rules import name_of
from ventanilla.evidence.storage import NoRoomForEvidence
from ventanilla.evidence.upkeep import let_held_go
from ventanilla.workspace.drafting import contents_held


class FileGone(Refusal):
    """El archivo «{filename}» ya no está guardado, porque pasó mucho tiempo. Agréguelo de nuevo."""


class FileUnknown(Refusal):
    """No reconocimos uno de los archivos que había agregado, así que no se envió nada. Revise la
    lista y agregue el que falte."""


class FileEmpty(Refusal):
    """El archivo «{filename}» está vacío. Revise que sea el que quería enviar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """A file that waits in the store of evidence, under its SHA-256, for what it belongs to."""

    sha256: str
    filename: str
    size: int
    declared_type: str


def hold(*, upload: Upload, source: str, as_of: datetime) -> HeldFile:
    """Keep an uploaded file for a day; what nothing uses by then is cleared away.

    ``source`` is a digest of where it comes from. Raises FileEmpty, TooManyFiles, HoldingFull,
    TooMuchHeld, EvidenceFileTooLarge.
    """
    file = looked_at(upload)
    if not file.size:
        raise FileEmpty(filename=file.filename)
    if file.size > MOST_BYTES:
        raise TooManyFiles(most=1, limit_mb=MOST_BYTES // 1024 // 1024)
    room = reserve(
        sha256=file.sha256, size=file.size, filename=file.filename, source=source, as_of=as_of
    )
    try:
        with transaction.atomic(durable=True):
            keep_content(
                content=file.content,
                filename=file.filename,
                media_type=file.sniffed_type or file.declared_type,
                as_of=as_of,
            )
    except NoRoomForEvidence as full:
        release(room)
        raise HoldingFull(filename=file.filename) from full
    except Exception:
        release(room)
        raise
    settle(room)
    return HeldFile(
        sha256=file.sha256,
        filename=file.filename,
        size=file.size,
        declared_type=file.declared_type,
    )


def is_here(held: HeldFile) -> bool:
    """Whether the content still waits."""
    return store().exists(name_of(held.sha256))


def taken(held: Sequence[HeldFile]) -> list[Upload]:
    """The files with their contents. Raises FileGone, EvidenceDamaged, TooManyFiles."""
    if sum(each.size for each in held) > MOST_BYTES:
        raise TooManyFiles(most=len(held), limit_mb=MOST_BYTES // 1024 // 1024)
    return [_taken(each) for each in held]


def _taken(held: HeldFile) -> Upload:
    try:
        content = load(held.sha256)
    except EvidenceMissing as missing:
        raise FileGone(filename=held.filename) from missing
    return Upload(filename=held.filename, content=content, declared_type=held.declared_type)


def clear(*, as_of: datetime) -> None:
    """Every hour: make room again where somebody uploaded and never sent."""
    let_held_go(held=[contents_held()], as_of=as_of)
