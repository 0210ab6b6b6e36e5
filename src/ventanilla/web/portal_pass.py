"""What opens a case in the portal once its code was shown: a cookie for that one case.

The code stands in no address that is visited, logged by a later page or sent as a referrer, and in
no cookie. Renewing the code voids what it opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.pages.portal import private

COOKIE = "seguimiento"
SALT = "ventanilla.web.portal"
FOLLOWS_SALT = "ventanilla.web.follows"
OPEN_SECONDS = 2 * 60 * 60


def open_portal(response: HttpResponse, case: Case) -> None:
    """The cookie names folio and generation, never the code."""
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


def close_portal(response: HttpResponse, folio: str) -> None:
    """Forget the case on this device."""
    response.delete_cookie(COOKIE, path=address("portal-case", folio))


def opened_case(request: HttpRequest, folio: str) -> Case | None:
    """The case of the address, if the cookie is for it."""
    given = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=OPEN_SECONDS)
    if not given or given.partition("~")[0] != folio:
        return None
    return _case_of(given)


Page = Callable[..., HttpResponseBase]


def holders_only(page: Page) -> Page:
    """``page(request, case, …)`` for who holds the case; anybody else is sent to the entrance."""

    @wraps(page)
    def door(request: HttpRequest, folio: str, **captured: Any) -> HttpResponseBase:
        case = opened_case(request, folio)
        if case is None:
            return private(redirect("portal"))
        return page(request, case, **captured)

    return door


def follows_token(case: Case) -> str:
    """For the link by which whoever holds a case asks something that follows it."""
    return signing.TimestampSigner(salt=FOLLOWS_SALT).sign(_pass_of(case))


def follows_of(token: str) -> Case | None:
    """The case that such a link names; None for anything else."""
    if not token:
        return None
    try:
        return _case_of(
            signing.TimestampSigner(salt=FOLLOWS_SALT).unsign(token, max_age=OPEN_SECONDS)
        )
    except signing.BadSignature:
        return None


def _case_of(given: str) -> Case | None:
    case = queries.case_by_folio(given.partition("~")[0])
    return case if case is not None and _pass_of(case) == given else None


def _pass_of(case: Case) -> str:
    return f"{case.folio}~{case.secret_generation}"
