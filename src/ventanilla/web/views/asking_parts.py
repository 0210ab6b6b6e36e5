"""The small answers a form of the portal asks for while it is filled in."""

from __future__ import annotations

from urllib.parse import unquote

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    UnreadablePostError,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.desk import asking, uploading
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.holding import HoldingFull, TooMuchHeld
from ventanilla.intranet import queries as knowledge
from ventanilla.web.form_tokens import read_token
from ventanilla.web.limits import READS_PER_ADDRESS, UPLOADS_PER_ADDRESS, is_over, network_of
from ventanilla.web.pages.portal import pack_now, private, words_of
from ventanilla.web.presenters.asking import category_at, promise_view
from ventanilla.web.presenters.help import offer_views
from ventanilla.web.uploads import slot_of, source_of
from ventanilla.web.weight import length_of

STATUS_OF: dict[type[Refusal], int] = {TooMuchHeld: 429, HoldingFull: 507}
"""Refusals that are about the moment, not about the file: with the form itself it may go."""


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file into a slot. It needs the token of a form of ours, no session and no cookie.

    Exempt from the usual protection, which is about cookies: nothing here acts for anybody.
    """
    if read_token(request.headers.get("X-Formulario", "")) is None:
        return _not_uploaded(_("Recargue la página y agregue el archivo de nuevo."), 403)
    if is_over(UPLOADS_PER_ADDRESS, network_of(request)):
        return _not_uploaded(_("Son muchos archivos seguidos. Espere unos minutos."), 429)
    if length_of(request.META) > asking.MOST_BYTES:
        return _not_uploaded(_("El archivo pesa más de 20 MB."), 413)
    try:
        held = uploading.hold(
            upload=_raw_upload(request), source=source_of(request), as_of=timezone.now()
        )
    except UnreadablePostError:  # the line broke: nobody hears this
        return _not_uploaded(_("El archivo no llegó completo. Agréguelo de nuevo."), 400)
    except Refusal as refusal:
        return _not_uploaded(refusal.message, STATUS_OF.get(type(refusal), 422))
    slot = slot_of(held)
    return JsonResponse({"token": slot.token, "name": slot.name, "size": slot.size}, status=201)


def _raw_upload(request: HttpRequest) -> Upload:
    return Upload(
        filename=unquote(request.headers.get("X-Archivo", "")),
        content=request.read(asking.MOST_BYTES + 1),  # one more, to see that it is too much
        declared_type=(request.content_type or "application/octet-stream")[:100],
    )


def _not_uploaded(why: str, status: int) -> HttpResponse:
    return JsonResponse({"message": why}, status=status)


@never_cache
@require_safe
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """Region: by when what is sent now is answered."""
    pack = pack_now()
    category = category_at(pack, slug)
    if category is None:
        raise Http404
    context = {**words_of(pack), "promise": promise_view(pack, category, timezone.now())}
    return private(render(request, "web/portal/promise.html", context))


@never_cache
@require_safe
def offers(request: HttpRequest, slug: str) -> HttpResponse:
    """Region: articles that may answer what is being written."""
    pack = pack_now()
    category = category_at(pack, slug)
    if category is None or is_over(READS_PER_ADDRESS, network_of(request)):
        raise Http404
    found = knowledge.offered_for(request.GET.get("q", ""), public=True, category=category.key)
    context = {**words_of(pack), "offers": offer_views(found)}
    return private(render(request, "web/portal/offers.html", context))
