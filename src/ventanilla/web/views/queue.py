"""The queue, the queues of the desks, and the search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ventanilla.accounts.models import Role
from ventanilla.accounts.permissions import Permission
from ventanilla.crm import queries as crm
from ventanilla.policy.clock import PolicyError
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import View, showing
from ventanilla.web.addresses import address
from ventanilla.web.packs import pack_for
from ventanilla.web.paging import read_key, write_key
from ventanilla.web.presenters.menu import VIEW_AT, VIEWS
from ventanilla.web.presenters.queue import QueueRow, RowFacts, queue_rows
from ventanilla.web.visit import Visit, show, staff_page

PAGE = 30
"""Two screens of rows; the following ones come when their end is scrolled to."""
MOST_FOUND = 50
ORDER = {"resolved": "se cierran solos al terminar el silencio"}
EMPTY: dict[str, dict[str, str]] = {
    "mine": {
        "icon": "check-badge",
        "title": "Su cola está al día",
        "text": "Nada suyo espera. Puede tomar un caso de los que nadie tiene todavía.",
        "view": "sin-asignar",
        "link": "Ver sin asignar",
    },
    "overdue": {
        "icon": "check-badge",
        "title": "Nada vencido",
        "text": "Todas las promesas abiertas están a tiempo.",
    },
}
NOTHING_HERE = {
    "icon": "inbox",
    "title": "Nada por aquí",
    "text": "Cuando haya casos en esta vista aparecerán por orden de vencimiento.",
}


@require_safe
@staff_page
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where a person begins: who serves at their own queue, who leads at the team, others at all."""
    role = Role(visit.staff.role)
    if role in (Role.LEAD, Role.DIRECTOR):
        return redirect("team")
    start = "mine" if role is Role.AGENT else "all"
    return redirect("queue", view=VIEWS[start][0])


@require_safe
@staff_page
def page(request: HttpRequest, visit: Visit, view: str) -> HttpResponse:
    """One view of the queue, in the order of what falls due next."""
    visit.demand(Permission.VIEW_CASES)
    name = VIEW_AT.get(view)
    if name is None:
        raise Http404
    here = address("queue", view)
    found = _read(request, visit, name, visit.desks)
    context = _context(visit, found, heading=VIEWS[name][1], url=here)
    context["order"] = ORDER.get(name, "por próximo vencimiento")
    context["empty"] = _empty(name)
    return _listing(request, visit, context)


@require_safe
@staff_page
def desk_page(request: HttpRequest, visit: Visit, desk: str) -> HttpResponse:
    """Every open case of one desk."""
    visit.demand(Permission.VIEW_CASES)
    if visit.desks is not None and desk not in visit.desks:
        raise Http404
    try:
        name = visit.pack.desk(desk).name
    except PolicyError as unknown:
        raise Http404 from unknown
    found = _read(request, visit, "all", [desk])
    context = _context(visit, found, heading=name, url=address("desk-queue", desk))
    context |= {"order": "por próximo vencimiento", "empty": NOTHING_HERE}
    return _listing(request, visit, context)


def _read(request: HttpRequest, visit: Visit, view: str, desks: Sequence[str] | None) -> list[Case]:
    if view == View.MY_DESK:
        desks = visit.staff.desks or desks
    return queries.queue(
        view=view,
        desks=desks,
        assignee=visit.staff.pk if view == View.MINE else None,
        after=read_key(request.GET.get("despues")),
        as_of=visit.as_of,
        limit=PAGE + 1,
    )


def _context(visit: Visit, found: list[Case], *, heading: str, url: str) -> dict[str, Any]:
    last = found[PAGE - 1] if len(found) > PAGE else None
    key = urlencode({"despues": write_key(queries.key_of(last))}) if last else ""
    return {
        "heading": heading,
        "rows": rows_of(visit, found[:PAGE]),
        "next_url": f"{url}?{key}" if key else "",
        "first_url": url,
    }


def rows_of(visit: Visit, cases: Sequence[Case]) -> list[QueueRow]:
    """The cases as rows: one more read, however many there are."""
    standings = queries.standings([case.pk for case in cases])
    return queue_rows(cases, RowFacts(standings=standings, pack_of=pack_for, as_of=visit.as_of))


def _listing(request: HttpRequest, visit: Visit, context: dict[str, Any]) -> HttpResponse:
    context["after"] = request.GET.get("despues", "")
    whole = not (request.headers.get("HX-Request") and context["after"])
    template = "web/queue/page.html" if whole else "web/queue/rows.html"
    return show(request, visit, template, context)


def _empty(view: str) -> dict[str, str]:
    found = dict(EMPTY.get(view, NOTHING_HERE))
    if slug := found.pop("view", ""):
        found["url"] = address("queue", slug)
    return found


@require_safe
@staff_page
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A folio leads straight to its case; anything else is looked for in people and texts."""
    visit.demand(Permission.VIEW_CASES)
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    mistyped = ""
    try:
        folio = folios.normalise(query, visit.pack)
        if folio and queries.case_by_folio(folio) is not None:
            return redirect("case", folio=folio)
    except folios.FolioMistyped as refusal:
        mistyped = refusal.message
    found = _found(visit, query) if query and not mistyped else []
    context = {"query": query, "mistyped": mistyped, "rows": rows_of(visit, found)}
    return show(request, visit, "web/queue/search.html", context)


def _found(visit: Visit, query: str) -> list[Case]:
    person = crm.person_at(value=query) if "@" in query else None
    if person is not None:
        return showing.cases_of_person(person.pk, limit=MOST_FOUND, desks=visit.desks)
    return queries.search(query, limit=MOST_FOUND, desks=visit.desks)
