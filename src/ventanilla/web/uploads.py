"""Files of people without an account: one by one into a slot, or with the form they belong to.

A slot is no row and no session: it is a signed word that says which content was uploaded under
which name. Who has it is who uploaded the file. A content nobody sends is cleared away in a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ventanilla.desk.asking import MOST_BYTES, MOST_FILES
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.uploading import HeldFile, hold
from ventanilla.web.presenters.moments import size
from ventanilla.web.views.errors import Trouble, page_of

SALT = "ventanilla.web.slot"
VALID = timedelta(hours=20)
"""Less than the day after which what nobody uses is cleared away."""
FORM_BYTES = MOST_BYTES + 2 * 1024 * 1024
"""The files of a form and everything that is written around them."""


def too_large() -> Trouble:
    """The page for a form that weighs too much."""
    return Trouble(
        413,
        _("Lo que envía pesa demasiado"),
        _("El formulario con sus archivos pasa de lo que podemos recibir de una vez."),
        _("No se envió nada. Al volver atrás, lo que escribió sigue en la página."),
        _(
            "Quite archivos o hágalos más livianos: entre todos pueden pesar 20 MB. Después podrá "
            "agregar más desde la página de seguimiento."
        ),
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


def held_in(tokens: Iterable[str]) -> list[HeldFile]:
    """The files of these words; forged and very old ones are left out, as is what is too many."""
    found = []
    for token in list(dict.fromkeys(tokens))[: MOST_FILES + 1]:
        try:
            facts: dict[str, Any] = signing.loads(token, salt=SALT, max_age=VALID)
        except signing.BadSignature:
            continue
        found.append(HeldFile(**facts))
    return found


def held_now(request: HttpRequest) -> list[HeldFile]:
    """Files that came with the form itself, where no script uploaded them before.

    Raises FileEmpty, TooManyFiles, NoRoomForEvidence, EvidenceFileTooLarge.
    """
    return [
        hold(
            upload=Upload(
                filename=each.name or "",
                content=each.read(),
                declared_type=each.content_type or "application/octet-stream",
            ),
            as_of=timezone.now(),
        )
        for each in request.FILES.getlist("archivos")[: MOST_FILES + 1]
        if each.name
    ]


View = Callable[..., HttpResponseBase]


def limited_form(view: View) -> View:
    """A view whose form may carry files: refused before it is read when it is too large.

    The protection against forged requests reads the form to find its token, so it must come after
    the look at the length: outside it the view is exempt, inside it is protected.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not _fits(request):
            return page_of(request, too_large())
        return protected(request, *args, **kwargs)

    return door


def _fits(request: HttpRequest) -> bool:
    if length_of(request, untold=FORM_BYTES + 1) > FORM_BYTES:
        return False
    try:
        _read = request.POST
    except RequestDataTooBig:
        return False
    return True


def length_of(request: HttpRequest, *, untold: int) -> int:
    """What the request says it weighs, in bytes; ``untold`` when it does not say."""
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told) if str(told).isdecimal() else untold
