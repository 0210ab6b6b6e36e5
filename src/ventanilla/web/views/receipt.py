"""What a person is given once: folio, promised moment, access code and link."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ventanilla.core.numbers import number_in
from ventanilla.desk import asking
from ventanilla.desk.asking import Asked
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.pages.portal import pack_now, private, show_private
from ventanilla.web.portal_pass import open_portal
from ventanilla.web.presenters.moments import moment

RECEIPT = "solicitud"
SALT = "ventanilla.web.receipt"
RECEIPT_SECONDS = 30 * 60
"""So long the page with the code can be loaded again; then it has been shown for good."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest) -> HttpResponse:
    """The folio, the promised moment, and the code, which is shown only here. POST: it is noted."""
    asked = _receipt(request)
    if asked is None:
        return private(redirect("portal"))
    if request.method == "POST":
        onwards = address("portal-case", asked.case.folio) if asked.case else address("help")
        response: HttpResponse = redirect(onwards)
        void_receipt(response)
        return private(response)
    response = show_private(request, pack_now(), "web/portal/received.html", _told(asked))
    if asked.case is not None:
        open_portal(response, asked.case)
    return response


def _told(asked: Asked) -> dict[str, Any]:
    case = asked.case
    if case is None:
        return {"case": None}
    code = folios.secret_of(case)
    zone, as_of = pack_now().calendar.zone, timezone.now()
    return {
        "case": case,
        "code": code,
        "link": asking.link_of(case),
        "due": moment(asked.due_at, zone, as_of) if asked.due_at else None,
        "address": _address_of(case),
    }


def _address_of(case: Case) -> str:
    said = queries.messages(case)
    return next((each.author_address for each in said if each.author_address), "")


def give_receipt(response: HttpResponse, asked: Asked) -> None:
    """Let this browser, and no other, see the page of what was just sent."""
    response.set_signed_cookie(
        RECEIPT,
        str(asked.item_id),
        salt=SALT,
        max_age=RECEIPT_SECONDS,
        path=address("ask-choose"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def void_receipt(response: HttpResponse) -> None:
    """The page with the code opens no more in this browser."""
    response.delete_cookie(RECEIPT, path=address("ask-choose"))


def _receipt(request: HttpRequest) -> Asked | None:
    try:
        given = request.get_signed_cookie(RECEIPT, salt=SALT, max_age=RECEIPT_SECONDS)
    except (KeyError, signing.BadSignature):
        return None
    return asking.asked(item_id=found) if (found := number_in(given)) else None
