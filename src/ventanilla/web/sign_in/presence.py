"""Where and when a session was last seen, without asking the database on every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ventanilla.accounts.access import note_seen

SEEN_AT = "seen_at"
SEEN_EVERY_S = 5 * 60
"""The session, which each page reads anyway, knows when it was last noted."""


def seen_now_and_then(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every five minutes of use note device, place and moment; that also renews it.

    Only where the page asked who visits, so that pages for everybody stay without a session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and response.status_code < 500 and _is_due(request):
            note_seen(request)
            mark_seen(request)
        return response

    return middleware


def mark_seen(request: HttpRequest) -> None:
    """The session was noted just now."""
    request.session[SEEN_AT] = int(time.time())


def _is_due(request: HttpRequest) -> bool:
    if "_auth_user_id" not in request.session or not request.session.session_key:
        return False
    seen_at = request.session.get(SEEN_AT, 0)
    return time.time() - seen_at > SEEN_EVERY_S and request.user.is_authenticated
