"""What opens a case in the portal once its code was shown: a cookie for that one case.

The code stands in no address that is visited, logged by a later page or sent as a referrer, and in
no cookie. Renewing the code voids what it opened. Visits prolong the pass, up to an end that no visit
moves: a browser left open somewhere does not keep a case open for days. Leaving leaves a mark, for an
answer that was under way may bring the pass once more.
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
LEFT = "seguimiento-salida"
LEFT_SALT = "ventanilla.web.portal.left"
FOLLOWS_SALT = "ventanilla.web.follows"
OPEN_SECONDS = 2 * 60 * 60
"""So long it opens without a visit."""
RENEWED_SECONDS = 10 * 60
"""A pass younger than this is not prolonged."""
LONGEST_SECONDS = 12 * 60 * 60
"""So long after the code was shown it opens at most."""
ENDED = screen(
    "Por seguridad, el acceso a su solicitud termina tras dos horas sin usarlo, o doce después de "
    "entrar. No se cambió nada; entre de nuevo con la clave o con el enlace de su correo."
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What the cookie of a request opens, and since when (seconds of the epoch).

    ``has_ended`` when it opened this case until a while ago; ``is_old`` when a visit prolongs it.
    """

    case: Case | None = None
    since: int = 0
    has_ended: bool = False
    is_old: bool = False


def open_portal(response: HttpResponseBase, case: Case, since: int | None = None) -> None:
    """The cookie names folio, generation and since when it is open, never the code.

    The browser keeps it to its very end, so that a pass that ended can be told from none.
    """
    since = _now() if since is None else since
    seconds = max(since + LONGEST_SECONDS - _now(), 0)
    _set(
        response, COOKIE, f"{_pass_of(case)}~{since}", salt=SALT, seconds=seconds, folio=case.folio
    )


def prolong(response: HttpResponseBase, held: Pass) -> None:
    """Let a visit of a page prolong its pass, now and then; parts of pages and files do not."""
    if held.case is not None and held.is_old and "text/html" in response.get("Content-Type", ""):
        open_portal(response, held.case, held.since)


def close_portal(response: HttpResponse, folio: str) -> None:
    """Forget the case on this device, also if an answer that is under way opens it again."""
    response.delete_cookie(COOKIE, path=address("portal-case", folio))
    _set(response, LEFT, f"{folio}~{_now()}", salt=LEFT_SALT, seconds=LONGEST_SECONDS, folio=folio)


def _set(
    response: HttpResponseBase, name: str, value: str, *, salt: str, seconds: int, folio: str
) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=salt,
        max_age=seconds,
        path=address("portal-case", folio),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


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
    if int(since) < _left_at(request, folio):
        return Pass()
    if int(since) + LONGEST_SECONDS < _now():
        return Pass(has_ended=True)
    return Pass(_case_of(named), int(since), is_old=_is_old(request))


def _is_old(request: HttpRequest) -> bool:
    try:
        request.get_signed_cookie(COOKIE, salt=SALT, max_age=RENEWED_SECONDS)
    except signing.SignatureExpired:
        return True
    return False


def _left_at(request: HttpRequest, folio: str) -> int:
    """When somebody left this case on this device, in seconds of the epoch; 0 if nobody did."""
    try:
        given = request.get_signed_cookie(LEFT, salt=LEFT_SALT, max_age=LONGEST_SECONDS) or ""
    except (KeyError, signing.BadSignature):
        return 0
    named, _, at = given.rpartition("~")
    return int(at) if named == folio and at.isdecimal() else 0


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
        prolong(response, held)
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
