"""What opens a case in the portal once its code was shown: a cookie for that one case.

The code stands in no address that is visited, logged by a later page or sent as a referrer, and in
no cookie. Renewing the code voids what it opened. Each visit prolongs the pass, up to an end that no
visit moves: a browser left open somewhere does not keep a case open for days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from ventanilla.core.words import screen
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.pages.portal import private

COOKIE = "seguimiento"
SALT = "ventanilla.web.portal"
FOLLOWS_SALT = "ventanilla.web.follows"
OPEN_SECONDS = 2 * 60 * 60
"""So long it opens without a visit."""
LONGEST_SECONDS = 12 * 60 * 60
"""So long after the code was shown it opens at most."""
ENDED = screen(
    "Por seguridad, el acceso a su solicitud termina tras dos horas sin usarlo, o doce después de "
    "entrar. No se cambió nada; entre de nuevo con la clave o con el enlace de su correo."
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What the cookie of a request opens, and since when (seconds of the epoch).

    ``has_ended`` when it opened this case until a while ago.
    """

    case: Case | None = None
    since: int = 0
    has_ended: bool = False


def open_portal(response: HttpResponseBase, case: Case, since: int | None = None) -> None:
    """The cookie names folio, generation and since when it is open, never the code.

    The browser keeps it to its very end, so that a pass that ended can be told from none.
    """
    since = _now() if since is None else since
    response.set_signed_cookie(
        COOKIE,
        f"{_pass_of(case)}~{since}",
        salt=SALT,
        max_age=max(since + LONGEST_SECONDS - _now(), 0),
        path=address("portal-case", case.folio),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def close_portal(response: HttpResponse, folio: str) -> None:
    """Forget the case on this device."""
    response.delete_cookie(COOKIE, path=address("portal-case", folio))


def pass_of(request: HttpRequest, folio: str) -> Pass:
    """What the cookie says about the case of the address."""
    try:
        given = request.get_signed_cookie(COOKIE, salt=SALT, max_age=OPEN_SECONDS) or ""
    except signing.SignatureExpired:
        return Pass(has_ended=True)
    except (KeyError, signing.BadSignature):
        return Pass()
    named, _, since = given.rpartition("~")
    if named.partition("~")[0] != folio or not since.isdecimal():
        return Pass()
    if int(since) + LONGEST_SECONDS < _now():
        return Pass(has_ended=True)
    return Pass(_case_of(named), int(since))


Page = Callable[..., HttpResponseBase]


def holders_only(page: Page) -> Page:
    """``page(request, case, …)`` for who holds the case; anybody else is sent to the entrance."""

    @wraps(page)
    def door(request: HttpRequest, folio: str, **captured: Any) -> HttpResponseBase:
        held = pass_of(request, folio)
        if held.case is None:
            if held.has_ended or request.method == "POST":
                messages.info(request, ENDED)
            return private(redirect("portal"))
        response = page(request, held.case, **captured)
        open_portal(response, held.case, held.since)
        return response

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


def _now() -> int:
    return int(timezone.now().timestamp())


def _case_of(given: str) -> Case | None:
    case = queries.case_by_folio(given.partition("~")[0])
    return case if case is not None and _pass_of(case) == given else None


def _pass_of(case: Case) -> str:
    return f"{case.folio}~{case.secret_generation}"
