"""How much a request may weigh, looked at before any of it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from ventanilla.core.numbers import number_in
from ventanilla.desk.asking import MOST_BYTES
from ventanilla.web.views.errors import TOO_LARGE, page_of

AROUND_BYTES = 2 * 1024 * 1024
"""Everything that is written around the files of a form."""
MOST_UNKNOWN = MOST_BYTES + AROUND_BYTES
"""What anybody may send; beyond it, it is first looked at who asks."""

View = Callable[..., HttpResponseBase]


class WeighedRequests:
    """Middleware: a form that weighs too much is refused by the length that it tells.

    It stands before the protection against forged requests, which reads the form to find its
    token and would spool all files of a stranger to the disk. One that tells no length has no body.
    """

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing is done before it is known who asks."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_matched: Any) -> HttpResponseBase | None:
        """Colleagues may send what one case may hold, others what one request may bring."""
        length = length_of(request.META)
        if length <= MOST_UNKNOWN:
            return None
        most = settings.VENTANILLA.evidence_max_case_bytes
        if length <= most + AROUND_BYTES and request.user.is_authenticated:
            return None
        return page_of(request, TOO_LARGE)


def length_of(facts: Mapping[str, Any]) -> int:
    """What a request says it weighs, in bytes; ``facts`` are those of the web server."""
    return number_in(str(facts.get("CONTENT_LENGTH") or ""))
