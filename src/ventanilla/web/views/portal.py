"""The entrance of those who follow a case without an account.

The access code opens it once, by form or by the link of a mail, and is exchanged at once for a
signed cookie that works only for this case (``portal_pass``). Folio unknown and code wrong get the
same answer.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.desk import portal
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.web.forms.portal import FollowForm, LostForm
from ventanilla.web.limits import LINKS_PER_ADDRESS, LINKS_PER_MAILBOX, is_over, network_of
from ventanilla.web.pages.portal import pack_now, private, show_private
from ventanilla.web.portal_code import try_code
from ventanilla.web.portal_pass import close_portal, open_portal
from ventanilla.web.presenters.menu import screen_words
from ventanilla.web.views.errors import TOO_MANY, page_of
from ventanilla.web.views.receipt import void_receipt


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
    tried = try_code(request, pack, folio_text, secret)
    if tried.case is None:
        if tried.is_one_too_many:
            return private(page_of(request, TOO_MANY))
        told = _mistyped(tried.mistyped) if tried.mistyped else _no_match()
        return _front(request, pack, form, refused=told, status=422)
    response = redirect("portal-case", folio=tried.case.folio)
    open_portal(response, tried.case)
    void_receipt(response)
    return private(response)


def _mistyped(message: str) -> dict[str, str]:
    """Only arithmetic on what was typed: it says nothing about which folios exist."""
    return {"tone": "near", "title": _("Revise lo que escribió"), "message": message}


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
        context = {"form": form, "refused": _mistyped(mistyped.message)}
        return show_private(request, pack, "web/portal/lost.html", context, status=422)
    mailbox = form.cleaned_data["email"]
    is_many = is_over(LINKS_PER_ADDRESS, network_of(request))
    if is_many or is_over(LINKS_PER_MAILBOX, f"{folio or ''}\n{mailbox}"):
        return private(page_of(request, TOO_MANY))
    _send_link(folio, mailbox)
    context = {"folio": folio or folio_text, "address": mailbox}
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
@require_POST
def leave(request: HttpRequest, folio: str) -> HttpResponse:
    """Forget the code on this device."""
    response = redirect("portal")
    close_portal(response, folio)
    void_receipt(response)
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
