"""Putting files into a case that came some other way than with a message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk.enclosing import Upload, keep_upload
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.rules import safe_filename
from ventanilla.register.models import Case
from ventanilla.register.operations import CaseIsMerged


class NoFiles(Refusal):
    """No llegó ningún archivo. Elija al menos uno."""


def add_evidence(
    *, case: Case, uploads: Sequence[Upload], acting_user: Actor, as_of: datetime
) -> list[EvidenceItem]:
    """Keep files under the folio; each is an entry of the record. All of them, or none.

    Nothing else about the case changes, so it does not matter what others did meanwhile. A file
    that was put in already, with the same content and name, is given back: the second of two
    clicks adds nothing. Raises NotPermitted, NoFiles, CaseIsMerged, and what the evidence store
    refuses: NoRoomForEvidence, EvidenceFileTooLarge, EvidenceOfCaseFull.
    """
    require(acting_user, Permission.ADD_EVIDENCE, case.desk)
    if not uploads:
        raise NoFiles
    with transaction.atomic(durable=True):
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if held.merged_into_id is not None:
            raise CaseIsMerged(folio=held.folio)
        return [
            _put_in(held, each)
            or keep_upload(held, None, each, acting_user=acting_user, as_of=as_of)
            for each in uploads
        ]


def _put_in(case: Case, upload: Upload) -> EvidenceItem | None:
    """The same file, if a colleague put it in before."""
    sha256 = hashlib.sha256(upload.content).hexdigest()
    name = safe_filename(upload.filename)
    found = EvidenceItem.objects.filter(case=case, message=None, blob=sha256, filename=name)
    return found.first()
