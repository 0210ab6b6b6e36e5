"""Files of people without an account: one by one into a slot, or with the form they belong to.

A slot is no row and no session: it is a signed word that says which content was uploaded under
which name. Who has it is who uploaded the file. A content nobody sends is cleared away in a day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.desk.asking import MOST_BYTES, MOST_FILES, TooManyFiles
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.uploading import (
    FileEmpty,
    FileGone,
    FileUnknown,
    HeldFile,
    hold,
    is_here,
    taken,
)
from ventanilla.web.form_tokens import FormToken
from ventanilla.web.forms.asking import is_trapped
from ventanilla.web.limits import UPLOADS_PER_ADDRESS, digest_of, is_over, network_of
from ventanilla.web.presenters.moments import size

SALT = "ventanilla.web.slot"
VALID = timedelta(hours=20)
"""Less than the day after which what nobody uses is cleared away."""

MANY_BYTES = screen(
    "Desde su conexión llegaron muchos archivos en poco tiempo. Espere un rato, o envíelo sin "
    "archivos y agréguelos después desde la página de seguimiento."
)


@dataclass(frozen=True, slots=True)
class SlotView:
    """A file that is already with us, in a form."""

    token: str
    name: str
    size: str


def slot_of(held: HeldFile) -> SlotView:
    """The signed word for a file, with what a person sees of it."""
    return SlotView(signing.dumps(asdict(held), salt=SALT), held.filename, size(held.size))


@dataclass(frozen=True, slots=True)
class FormFiles:
    """The files of a form that was sent: some are with us, some came with it and are kept nowhere.

    ``gone`` are the names of those that were with us too long ago; without a name, a word that
    is not of ours.
    """

    held: tuple[HeldFile, ...]
    gone: tuple[str, ...]
    fresh: tuple[Upload, ...]

    def __bool__(self) -> bool:
        return bool(self.held or self.gone or self.fresh)

    @property
    def bytes(self) -> int:
        """What they weigh together."""
        return sum(each.size for each in self.held) + sum(len(each.content) for each in self.fresh)

    def taken(self) -> list[Upload]:
        """All of them with their contents, or none.

        Raises FileGone, FileUnknown, FileEmpty, EvidenceDamaged, TooManyFiles.
        """
        if names := list(filter(None, self.gone)):
            raise FileGone(filename="», «".join(names))
        if self.gone:
            raise FileUnknown
        for each in self.fresh:
            if not each.content:
                raise FileEmpty(filename=each.filename)
        if len(self.held) + len(self.fresh) > MOST_FILES or self.bytes > MOST_BYTES:
            raise TooManyFiles(most=MOST_FILES, limit_mb=MOST_BYTES // 1024 // 1024)
        return [*taken(self.held), *self.fresh]


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """What is with us when a form goes back to be corrected, and the words about what is not."""

    slots: tuple[SlotView, ...]
    lost: str


def files_of(request: HttpRequest) -> FormFiles:
    """The files of a form, as they came; nothing is kept by looking."""
    held: list[HeldFile] = []
    gone: list[str] = []
    for token in list(dict.fromkeys(request.POST.getlist("archivo")))[: MOST_FILES + 1]:
        file, is_valid = _slot_in(token)
        if is_valid and file is not None and is_here(file):
            held.append(file)
        else:
            gone.append(file.filename if file else "")
    fresh = [each for each in request.FILES.getlist("archivos")[: MOST_FILES + 1] if each.name]
    return FormFiles(tuple(held), tuple(gone), tuple(map(_upload, fresh)))


def kept_for_later(
    request: HttpRequest, files: FormFiles, token: FormToken | None, told: Refusal | None = None
) -> KeptFiles:
    """Keep what came with a form that goes back, so that nobody has to choose it twice.

    Only for a form of ours that a person may have filled in, and within what one place may leave
    here unsent. What is not kept is named, unless the refusal ``told`` names it already.
    """
    held = list(files.held)
    unkept = [] if isinstance(told, FileGone) else list(filter(None, files.gone))
    may_keep = token is not None and not token.too_fast and not is_trapped(request.POST)
    for each in files.fresh:
        fits = len(held) < MOST_FILES and files.bytes <= MOST_BYTES
        try:
            if not (may_keep and fits) or is_over(UPLOADS_PER_ADDRESS, network_of(request)):
                unkept.append(each.filename)
                continue
            held.append(hold(upload=each, source=source_of(request), as_of=timezone.now()))
        except Refusal:
            unkept.append(each.filename)
    return KeptFiles(tuple(slot_of(each) for each in held), _add_again(unkept))


def source_of(request: HttpRequest) -> str:
    """Where a request comes from, as the store of evidence counts it: a digest, no address."""
    return digest_of(network_of(request))


def _add_again(names: list[str]) -> str:
    if not names:
        return ""
    return _("Estos archivos no quedaron guardados; agréguelos de nuevo: %(names)s.") % {
        "names": ", ".join(f"«{each}»" for each in names)
    }


def _slot_in(token: str) -> tuple[HeldFile | None, bool]:
    """The file of a signed word and whether it still holds; None for a word that is not ours."""
    try:
        return HeldFile(**signing.loads(token, salt=SALT, max_age=VALID)), True
    except signing.SignatureExpired:
        return HeldFile(**signing.loads(token, salt=SALT)), False
    except signing.BadSignature:
        return None, False


def _upload(file: UploadedFile[bytes]) -> Upload:
    return Upload(
        filename=file.name or "",
        content=file.read(),
        declared_type=file.content_type or "application/octet-stream",
    )
