"""What pages bring of a draft: its text, and its files, which are kept by content at once and put
under the folio only when the answer leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.desk.enclosing import UNKNOWN_TYPE, Upload, looked_at
from ventanilla.evidence.contents import load
from ventanilla.evidence.operations import keep_content
from ventanilla.evidence.upkeep import forget_unused
from ventanilla.register.models import Case
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft, DraftFile


def attach(*, case: Case, upload: Upload, acting_user: Actor, as_of: datetime) -> DraftFile:
    """Put a file on the answer that somebody is writing.

    Raises NotPermitted, TooManyFiles, EvidenceFileTooLarge, NoRoomForEvidence.
    """
    require(acting_user, Permission.REPLY_TO_PERSON, case.desk)
    kept = stored(upload, as_of=as_of)
    with transaction.atomic(durable=True):
        draft = drafting.own(case, Draft.Kind.REPLY, acting_user, as_of=as_of)
        return put(draft, kept, as_of=as_of)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A content that is kept, and how it was called; for a day it needs no row of its own."""

    sha256: str
    size: int
    filename: str
    declared_type: str


def stored(upload: Upload, *, as_of: datetime) -> Stored:
    """Keep a content in a transaction of its own: a slow disk must not hold a case meanwhile.

    Raises EvidenceFileTooLarge, NoRoomForEvidence.
    """
    file = looked_at(upload)
    with transaction.atomic(durable=True):
        blob = keep_content(
            content=upload.content,
            filename=file.filename,
            media_type=file.sniffed_type or UNKNOWN_TYPE,
            as_of=as_of,
        )
    return Stored(
        sha256=blob.sha256,
        size=blob.size,
        filename=file.filename,
        declared_type=upload.declared_type,
    )


def put(draft: Draft, kept: Stored, *, as_of: datetime) -> DraftFile:
    """Give a kept content its place on a locked draft, in the caller's transaction."""
    return drafting.add_file(
        draft=draft,
        sha256=kept.sha256,
        filename=kept.filename,
        declared_type=kept.declared_type,
        size=kept.size,
        as_of=as_of,
    )


def uploads_of(draft: Draft) -> Sequence[Upload]:
    """The files of a draft with their contents, in the order in which they were put on it.

    Raises EvidenceMissing, EvidenceDamaged.
    """
    return [
        Upload(
            filename=each.filename,
            content=load(each.sha256),
            declared_type=each.declared_type or UNKNOWN_TYPE,
        )
        for each in draft.files.order_by("id")
    ]


def clear(*, as_of: datetime) -> None:
    """Once a night: drafts nobody will miss, and contents that nothing uses any more."""
    drafting.clear(as_of=as_of)
    forget_unused(held=[drafting.contents_held()], as_of=as_of)
