"""Noting that somebody has a case before them, and not only their browser."""

from __future__ import annotations

from django.http import HttpRequest

from ventanilla.register.models import Case
from ventanilla.web.visit import Visit
from ventanilla.workspace import marking
from ventanilla.workspace.marking import Opened

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")
"""The headers in which browsers say that they fetch a page nobody has asked for yet."""


def note_opened(request: HttpRequest, visit: Visit, case: Case) -> Opened:
    """Read up to here, called no longer; a page fetched ahead of its reader notes nothing."""
    is_ahead = any("prefetch" in request.headers.get(name, "") for name in AHEAD)
    if is_ahead or request.method == "HEAD":
        return Opened(watched=marking.is_watched(case, staff_id=visit.staff.pk))
    return marking.open_case(case=case, acting_user=visit.actor, as_of=visit.as_of)
