"""The door of the live updates: opening a stream, closing it, and saying that one types."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import visible_desks
from ventanilla.core.actors import Actor
from ventanilla.core.numbers import number_in
from ventanilla.register.queries.placing import Place, places_of
from ventanilla.web.live.clerk import CHECK_EVERY_S, pages_of, tell_place
from ventanilla.web.live.process import Live, live
from ventanilla.web.live.stream import Stream, Visitor, Watched
from ventanilla.web.parameters import without_zero
from ventanilla.web.visit import Visit, staff_page
from ventanilla.workspace import presence as presences

MOST_CASES = 12
"""Cases one stream watches: as many tabs as somebody has open at the same time."""
HEADERS = {
    # No cache may keep it and no proxy may collect it before passing it on.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
COME_AGAIN = {"Retry-After": "5"}
"""Long enough for two signs of life: the streams that nobody reads are gone by then."""


class Wire:
    """What the server sends of a stream; closing it lets everybody know."""

    def __init__(self, parts: Live, stream: Stream) -> None:
        self._parts = parts
        self._stream = stream
        self._chunks = stream.chunks()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """The response ended, whoever ended it."""
        self._parts.hub.dismiss(self._stream)


@require_http_methods(["GET", "HEAD", "POST"])
def stream(request: HttpRequest) -> HttpResponseBase:
    """Everything that happens to what a member of staff may see, as it happens.

    Answered with bare numbers, because scripts read them: 401 without a session, 403 for whom no
    case may be seen, 404 when none of the cases asked for may, 429 when there are too many streams, 503
    when the server ends. HEAD tells which without opening one; POST closes the one named in ``cierre``.
    """
    staff = request.user
    if not isinstance(staff, Staff) or not staff.is_active:
        return HttpResponse(status=401)
    desks = visible_desks(staff)
    if desks == []:
        return HttpResponse(status=403)
    if request.method == "POST":
        live().hub.end(request.POST.get("cierre", ""), staff_id=staff.pk)
        return HttpResponse(status=204)
    seen = None if desks is None else frozenset(desks)
    visitor = Visitor(staff.pk, request.session.session_key or "", seen)
    asked = request.GET.getlist("caso")[:MOST_CASES]
    places = _visible(visitor, asked)
    if asked and not places:
        return HttpResponse(status=404)
    if request.method == "HEAD":
        is_room = live().hub.has_room_for(visitor.staff_id)
        return HttpResponse() if is_room else HttpResponse(status=429, headers=COME_AGAIN)
    return _open(request, visitor, places)


def _visible(visitor: Visitor, folios: list[str]) -> list[Place]:
    """Those of the cases that the visitor may see; the others might as well not exist."""
    found = places_of([without_zero(each)[:40] for each in folios]) if folios else []
    return [each for each in found if visitor.sees((each.desk,))]


def _open(request: HttpRequest, visitor: Visitor, places: list[Place]) -> HttpResponseBase:
    parts = live()
    parts.hub.end(request.GET.get("antes", ""), staff_id=visitor.staff_id)
    if not parts.hub.has_room_for(visitor.staff_id):
        return HttpResponse(status=429, headers=COME_AGAIN)
    watched = [Watched(each.case_id, each.folio, uuid4()) for each in places]
    opened = Stream(visitor, watched, check_at=time.monotonic() + CHECK_EVERY_S)
    if not parts.hub.admit(opened):
        return HttpResponse(status=503, headers=COME_AGAIN)
    wire = Wire(parts, opened)
    try:
        _tell_how_things_are(request, parts, opened, places)
    except BaseException:
        wire.close()
        raise
    return StreamingHttpResponse(wire, content_type="text/event-stream", headers=HEADERS)


def _tell_how_things_are(
    request: HttpRequest, parts: Live, opened: Stream, places: list[Place]
) -> None:
    """What may have happened between drawing the page and this moment.

    The cases are read once more now that the stream hears: between the two nothing is lost.
    """
    if places:
        presences.keep(pages=list(pages_of([opened])), as_of=datetime.now(UTC))
        for place in _visible(opened.visitor, [each.folio for each in places]):
            tell_place(opened, place)
            parts.clerk.look(place.case_id)
    if since := number_in(request.GET.get("desde")):
        parts.hub.catch_up(opened, since)


@require_POST
@staff_page
def presence(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """Somebody types on a case (``escribe=1``), or stopped."""
    place = next(iter(places_of([folio[:40]])), None)
    if place is None or (visit.desks is not None and place.desk not in visit.desks):
        raise Http404
    presences.note_typing(
        case_id=place.case_id,
        is_typing=request.POST.get("escribe") == "1",
        acting_user=Actor.staff(visit.staff.pk),
        as_of=visit.as_of,
    )
    return HttpResponse(status=204)
