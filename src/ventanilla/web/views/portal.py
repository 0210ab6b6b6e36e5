"""The page on which a person follows a case, without an account.

The access code opens it once, by form or by the link of a mail, and is exchanged at once for a
signed cookie that works only for this case (``portal_pass``). Folio unknown and code wrong get the
same answer.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.desk import portal
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.form_tokens import FormToken, read_token
from ventanilla.web.forms.portal import FollowForm, LostForm, PersonMessage
from ventanilla.web.limits import (
    LINKS_PER_ADDRESS,
    LINKS_PER_FOLIO,
    MESSAGES_PER_FOLIO,
    PER_ADDRESS,
    PER_FOLIO,
    SENT_BYTES_PER_ADDRESS,
    is_over,
    network_of,
)
from ventanilla.web.pages.following import following_page
from ventanilla.web.pages.portal import pack_now, private, show_private
from ventanilla.web.portal_pass import close_portal, holders_only, open_portal
from ventanilla.web.presenters.menu import screen_words
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.uploads import MANY_BYTES, FormFiles, files_of, kept_for_later, limited_form
from ventanilla.web.views.errors import TOO_MANY, page_of

STOOD_OPEN = screen(
    "La página estuvo abierta mucho tiempo. Revise lo que escribió y envíe de nuevo."
)


def _no_match() -> dict[str, str]:
    """The same for an unknown folio and for a wrong code: neither tells which folios exist."""
    return {
        "tone": "refused",
        "title": _("No encontramos una solicitud con esos datos"),
        "message": _(
            "Los datos no coinciden con ninguna. Cópielos tal como están en el correo que le "
            "enviamos, o abra el enlace de ese correo."
        ),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """The form; sent, it opens the case or says kindly that it does not."""
    pack = pack_now()
    if request.method != "POST":
        return _front(request, pack, FollowForm(screen_words(pack).Folio))
    form = FollowForm(screen_words(pack).Folio, request.POST)
    if not form.is_valid():
        return _front(request, pack, form, status=422)
    return _open(request, pack, form, form.cleaned_data["folio"], form.cleaned_data["secret"])


@never_cache
@require_safe
def enter(request: HttpRequest, folio: str, secret: str) -> HttpResponse:
    """The link of a mail: exchanged for the cookie, then on to the address without the code.

    It changes nothing, so a mail scanner that follows it does no harm.
    """
    pack = pack_now()
    return _open(request, pack, FollowForm(screen_words(pack).Folio), folio, secret)


def _open(
    request: HttpRequest, pack: Pack, form: FollowForm, folio_text: str, secret: str
) -> HttpResponse:
    if is_over(PER_ADDRESS, network_of(request)):
        return private(page_of(request, TOO_MANY))
    try:
        folio = folios.normalise(folio_text, pack)
    except folios.FolioMistyped as mistyped:
        return _front(request, pack, form, refused=_mistyped(mistyped), status=422)
    if is_over(PER_FOLIO, folio or folio_text):
        return private(page_of(request, TOO_MANY))
    case = queries.case_by_folio(folio) if folio else None
    if case is None or not folios.matches_secret(case, secret):
        return _front(request, pack, form, refused=_no_match(), status=422)
    response = redirect("portal-case", folio=case.folio)
    open_portal(response, case)
    return private(response)


def _mistyped(mistyped: folios.FolioMistyped) -> dict[str, str]:
    """Only arithmetic on what was typed: it says nothing about which folios exist."""
    return {"tone": "near", "title": _("Revise lo que escribió"), "message": mistyped.message}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Have the link sent anew. The answer is the same whether or not anything fits."""
    pack = pack_now()
    form = LostForm(screen_words(pack).Folio, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return show_private(request, pack, "web/portal/lost.html", {"form": form}, status=status)
    folio_text = form.cleaned_data["folio"]
    try:
        folio = folios.normalise(folio_text, pack)
    except folios.FolioMistyped as mistyped:
        context = {"form": form, "refused": _mistyped(mistyped)}
        return show_private(request, pack, "web/portal/lost.html", context, status=422)
    is_many = is_over(LINKS_PER_ADDRESS, network_of(request))
    if is_many or is_over(LINKS_PER_FOLIO, folio or folio_text):
        return private(page_of(request, TOO_MANY))
    _send_link(folio, form.cleaned_data["email"])
    context = {"folio": folio or folio_text, "address": form.cleaned_data["email"]}
    return show_private(request, pack, "web/portal/link_sent.html", context)


def _send_link(folio: str | None, mailbox: str) -> None:
    case = queries.case_by_folio(folio) if folio else None
    if case is None:
        return
    as_of = timezone.now()
    # One an hour and address: the second click of an impatient person is the same mail.
    key = as_of.strftime("%Y%m%d%H")
    portal.send_link(case=case, address=mailbox, request_key=key, as_of=as_of)


@never_cache
@require_safe
@holders_only
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """The case, for whoever holds its cookie."""
    return following_page(request, case, PersonMessage())


@never_cache
@require_POST
@limited_form
@holders_only
def add_message(request: HttpRequest, case: Case) -> HttpResponse:
    """Something more from the person: words, files, or both."""
    form = PersonMessage(request.POST)
    token, files = read_token(request.POST.get("formulario", "")), files_of(request)
    if form.is_valid() and not form.cleaned_data["text"] and not files:
        form.add_error("text", _("Escriba lo que quiere decirnos o agregue un archivo."))
    if token is None:
        form.add_error(None, STOOD_OPEN)
    if form.errors or token is None:
        return _back(request, case, form, files, token)
    if is_over(MESSAGES_PER_FOLIO, case.folio):
        return private(page_of(request, TOO_MANY))
    if files and is_over(SENT_BYTES_PER_ADDRESS, network_of(request), files.bytes):
        form.add_error(None, MANY_BYTES)
        return _back(request, case, form, files, token, status=429)
    try:
        portal.add_message(
            case=case,
            text=form.cleaned_data["text"],
            files=files.taken(),
            request_key=token.key,
            as_of=timezone.now(),
        )
    except Refusal as refusal:
        return _back(request, case, form, files, token, refusal=refusal, status=409)
    messages.success(
        request, _("Recibimos su mensaje; ya está en su solicitud."), extra_tags="kept"
    )
    return private(redirect("portal-case", folio=case.folio))


def _back(
    request: HttpRequest,
    case: Case,
    form: PersonMessage,
    files: FormFiles,
    token: FormToken | None,
    *,
    refusal: Refusal | None = None,
    status: int = 422,
) -> HttpResponse:
    """The page with what was typed, and why it came back. Only now are its new files kept."""
    kept = kept_for_later(request, files, token, refusal)
    told = refusal_view(refusal, kept=f"{TYPED_KEPT} {kept.lost}".strip()) if refusal else None
    if kept.lost and not refusal:
        form.add_error(None, kept.lost)
    return following_page(request, case, form, slots=kept.slots, refusal=told, status=status)


@never_cache
@require_POST
def leave(request: HttpRequest, folio: str) -> HttpResponse:
    """Forget the code on this device."""
    response = redirect("portal")
    close_portal(response, folio)
    return private(response)


def _front(
    request: HttpRequest,
    pack: Pack,
    form: FollowForm,
    *,
    refused: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "refused": refused}
    return show_private(request, pack, "web/portal/front.html", context, status=status)
