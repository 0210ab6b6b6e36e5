"""The page on which a person follows a case, without an account.

The access code opens it once, by form or by the link of a mail, and is exchanged at once for a
signed cookie that works only for this case: so it stands in no address that is visited, logged by
a later page or sent as a referrer. Folio unknown and code wrong get the same answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.desk import portal
from ventanilla.evidence.queries import items_of
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.policies import pack_of, policy_in_force
from ventanilla.web.addresses import address
from ventanilla.web.forms.portal import FollowForm, PersonMessage
from ventanilla.web.grouping import files_by_message
from ventanilla.web.limits import MESSAGES_PER_FOLIO, PER_ADDRESS, PER_FOLIO, address_of, is_over
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.menu import screen_words
from ventanilla.web.presenters.portal import portal_case, portal_stream
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.views.errors import TOO_MANY, page_of

COOKIE = "seguimiento"
SALT = "ventanilla.web.portal"
OPEN_SECONDS = 2 * 60 * 60
NO_MATCH = {
    "tone": "refused",
    "title": "No encontramos una solicitud con esos datos",
    "message": "Los datos no coinciden con ninguna. Cópielos tal como están en el correo que le "
    "enviamos, o abra el enlace de ese correo.",
}
"""The same for an unknown folio and for a wrong code: neither tells which folios exist."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """The form; sent, it opens the case or says kindly that it does not."""
    pack = _pack_now()
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
    pack = _pack_now()
    return _open(request, pack, FollowForm(screen_words(pack).Folio), folio, secret)


def _open(
    request: HttpRequest, pack: Pack, form: FollowForm, folio_text: str, secret: str
) -> HttpResponse:
    if is_over(PER_ADDRESS, address_of(request)):
        return private(page_of(request, TOO_MANY))
    try:
        folio = folios.normalise(folio_text, pack)
    except folios.FolioMistyped as mistyped:
        # Only arithmetic on what was typed: it says nothing about which folios exist.
        told = {"tone": "near", "title": "Revise lo que escribió", "message": mistyped.message}
        return _front(request, pack, form, refused=told, status=422)
    if is_over(PER_FOLIO, folio or folio_text):
        return private(page_of(request, TOO_MANY))
    case = queries.case_by_folio(folio) if folio else None
    if case is None or not folios.matches_secret(case, secret):
        return _front(request, pack, form, refused=NO_MATCH, status=422)
    response = redirect("portal-case", folio=case.folio)
    _remember(response, case)
    return private(response)


@never_cache
@require_safe
def page(request: HttpRequest, folio: str) -> HttpResponse:
    """The case, for whoever holds its cookie."""
    case = _opened_case(request, folio)
    if case is None:
        return private(redirect("portal"))
    return _page(request, case, PersonMessage())


@never_cache
@require_POST
def add_message(request: HttpRequest, folio: str) -> HttpResponse:
    """Something more from the person."""
    case = _opened_case(request, folio)
    if case is None:
        return private(redirect("portal"))
    form = PersonMessage(request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    if is_over(MESSAGES_PER_FOLIO, case.folio):
        return private(page_of(request, TOO_MANY))
    given = form.cleaned_data
    try:
        portal.add_message(
            case=case,
            text=given["text"],
            request_key=str(given["request_key"]),
            as_of=timezone.now(),
        )
    except Refusal as refusal:
        told = refusal_view(refusal, kept=TYPED_KEPT)
        return _page(request, case, form, refusal=told, status=409)
    messages.success(request, "Recibimos su mensaje; ya está en su solicitud.", extra_tags="kept")
    return private(redirect("portal-case", folio=case.folio))


@never_cache
@require_POST
def leave(request: HttpRequest, folio: str) -> HttpResponse:
    """Forget the code on this device."""
    response = redirect("portal")
    response.delete_cookie(COOKIE, path=address("portal-case", folio))
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Not indexed, not cached, not named to any other site.

    ``no-referrer`` would be stricter and break every form here: browsers then send
    ``Origin: null``, which the protection against forged requests must refuse.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _front(
    request: HttpRequest,
    pack: Pack,
    form: FollowForm,
    *,
    refused: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "refused": refused, **_words(pack)}
    return private(render(request, "web/portal/front.html", context, status=status))


def _page(
    request: HttpRequest,
    case: Case,
    form: PersonMessage,
    *,
    refusal: Any = None,
    status: int = 200,
) -> HttpResponse:
    pack, as_of = pack_for(case), timezone.now()
    context = {
        "case": portal_case(case, queries.commitments(case), pack, as_of),
        "stream": _stream(case, pack, as_of),
        "form": form,
        "refusal": refusal,
        **_words(pack),
    }
    return private(render(request, "web/portal/case.html", context, status=status))


def _stream(case: Case, pack: Pack, as_of: datetime) -> list[Any]:
    files = files_by_message(items_of(case))
    return list(portal_stream(queries.messages(case), files, pack, as_of))


def _words(pack: Pack) -> dict[str, Any]:
    return {"company": pack.company.name, "words": screen_words(pack), "lang": pack.locale}


def _pack_now() -> Pack:
    return pack_of(policy_in_force(settings.VENTANILLA.pack, timezone.now()))


def _remember(response: HttpResponse, case: Case) -> None:
    """The cookie names folio and generation, never the code; renewing the code voids it."""
    response.set_signed_cookie(
        COOKIE,
        _pass_of(case),
        salt=SALT,
        max_age=OPEN_SECONDS,
        path=address("portal-case", case.folio),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _pass_of(case: Case) -> str:
    return f"{case.folio}~{case.secret_generation}"


def _opened_case(request: HttpRequest, folio: str) -> Case | None:
    """The case of the address, if the cookie is for it."""
    given = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=OPEN_SECONDS)
    if not given or given.partition("~")[0] != folio:
        return None
    case = queries.case_by_folio(folio)
    return case if case is not None and _pass_of(case) == given else None
