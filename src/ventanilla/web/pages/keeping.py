"""Keeping on the server what a form brought that could not be done, so that nothing typed is lost."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from ventanilla.core.refusals import Refusal
from ventanilla.desk import drafting as files
from ventanilla.desk.enclosing import UNKNOWN_TYPE, Upload
from ventanilla.evidence.limits import require_size
from ventanilla.register.models import Case
from ventanilla.web.doing import was_sent
from ventanilla.web.forms.case import Reply
from ventanilla.web.forms.fields import LONGEST_TEXT, plain
from ventanilla.web.pages.composer import KINDS
from ventanilla.web.parameters import revision_in
from ventanilla.web.visit import Visit
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft, DraftFile

STEPS = frozenset(value for value, _words in Reply.AFTERWARDS)


class TextTooLong(Refusal):
    """El texto tiene más de {limit} caracteres y así no se puede guardar ni enviar. Divídalo."""


class TextDeceptive(Refusal):
    """El texto trae caracteres invisibles que cambian el orden en que se lee. Escríbalo de nuevo o
    péguelo sin formato."""


def typed(request: HttpRequest) -> str:
    """The text of a request, without what nobody sees. Raises TextTooLong, TextDeceptive."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(limit=LONGEST_TEXT)
    if not text.strip():
        return ""
    try:
        plain(text)  # refuses what deceives; what is kept while writing keeps its last line break
    except ValidationError as error:
        raise TextDeceptive from error
    return text.replace("\0", "")


def keep(request: HttpRequest, visit: Visit, case: Case, kind: str) -> Draft:
    """Save the draft that a request brings.

    Raises DraftMoved, DraftGone, NotPermitted and as ``typed``.
    """
    if not request.POST.get("revision", "").strip("0") and was_sent(request):
        raise drafting.DraftGone
    return _keep(request, visit, case, kind=kind, revision=revision_in(request.POST))


def _keep(request: HttpRequest, visit: Visit, case: Case, *, kind: str, revision: int = 0) -> Draft:
    then = request.POST.get("then", "")
    return drafting.save(
        case=case,
        kind=kind,
        text=typed(request),
        then=then if then in STEPS else "",
        revision=revision,
        acting_user=visit.actor,
        as_of=visit.as_of,
    )


def attach(visit: Visit, case: Case, file: UploadedFile[bytes]) -> DraftFile:
    """Put an uploaded file on the reply; what is too large is not even read.

    Raises EvidenceFileTooLarge, TooManyFiles, NoRoomForEvidence, NotPermitted.
    """
    name = file.name or "archivo"
    require_size(filename=name, size=file.size or 0)
    upload = Upload(
        filename=name, content=file.read(), declared_type=file.content_type or UNKNOWN_TYPE
    )
    return files.attach(case=case, upload=upload, acting_user=visit.actor, as_of=visit.as_of)


def keep_refused(request: HttpRequest, visit: Visit, case: Case, noun: str) -> Draft | None:
    """Keep text and files of a form that was refused: the browser sends files only once.

    Gives the draft of another tab that must not be overwritten, for the page to show beside it.
    """
    if noun not in KINDS:
        return None
    clash = None
    # The page tells the first refusal; the text stands in it all the same.
    with suppress(Refusal):
        if typed(request).strip():  # an empty form must not take the place of a saved text
            clash = _kept_or_clash(request, visit, case, KINDS[noun])
    with suppress(Refusal):
        for each in request.FILES.getlist("attachments"):
            each.seek(0)
            attach(visit, case, each)
    return clash


def _kept_or_clash(request: HttpRequest, visit: Visit, case: Case, kind: str) -> Draft | None:
    try:
        keep(request, visit, case, kind)
    except drafting.DraftMoved as moved:
        return moved.draft
    except drafting.DraftGone:
        # The page tells that it was not sent as it stands: these are words of their own now.
        _keep(request, visit, case, kind=kind)
    return None
