"""The queue and the queues of the desks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ventanilla.accounts.models import Role
from ventanilla.accounts.permissions import Permission
from ventanilla.policy.clock import PolicyError
from ventanilla.register.queries import View
from ventanilla.web.addresses import address
from ventanilla.web.pages.queue import PAGE, mentions_context, queue_context
from ventanilla.web.paging import read_key
from ventanilla.web.presenters.menu import VIEW_AT, VIEWS
from ventanilla.web.queues import BASE, Queue, choices_of, read_queue
from ventanilla.web.views.queue_news import news_of
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import marking, viewing
from ventanilla.workspace.models import SavedView

MENTIONS = "mentions"
PANE, NEWS = "panel", "novedades"
"""Parts of a queue that are asked for by themselves, as ``?parte=``."""
BY_DUE = gettext_lazy("por próximo vencimiento")
ORDER = {
    "resolved": gettext_lazy("se cierran solos al terminar el silencio"),
    MENTIONS: gettext_lazy("las más recientes primero"),
}
EMPTY: dict[str, dict[str, Any]] = {
    "mine": {
        "icon": "check-badge",
        "title": gettext_lazy("Su cola está al día"),
        "text": gettext_lazy("Nada suyo espera. Puede tomar un caso de los que nadie tiene."),
        "view": "sin-asignar",
        "link": gettext_lazy("Ver sin asignar"),
    },
    "overdue": {
        "icon": "check-badge",
        "title": gettext_lazy("Nada vencido"),
        "text": gettext_lazy("Todas las promesas abiertas están a tiempo."),
    },
    "watched": {
        "icon": "eye",
        "title": gettext_lazy("No sigue ningún caso"),
        "text": gettext_lazy(
            "Con «Seguir», en un caso o desde la cola, aparece aquí sin ser su responsable."
        ),
    },
    MENTIONS: {
        "icon": "at-symbol",
        "title": gettext_lazy("Nadie le espera"),
        "text": gettext_lazy("Cuando un colega le llame con @ en una nota, el caso aparece aquí."),
    },
}
NOTHING_HERE: dict[str, Any] = {
    "icon": "inbox",
    "title": gettext_lazy("Nada por aquí"),
    "text": gettext_lazy("Cuando haya casos en esta vista aparecerán por orden de vencimiento."),
}
NOTHING_FITS: dict[str, Any] = {
    "icon": "funnel",
    "title": gettext_lazy("Ningún caso con esos filtros"),
    "text": gettext_lazy("Quite alguno para ver más."),
    "link": gettext_lazy("Quitar los filtros"),
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
    queue = view_queue(view)
    if queue.view == MENTIONS:
        return _mentions(request, visit, queue)
    return _listing(request, visit, _asked(request, queue))


@require_safe
@staff_page
def desk_page(request: HttpRequest, visit: Visit, desk: str) -> HttpResponse:
    """Every open case of one desk."""
    visit.demand(Permission.VIEW_CASES)
    return _listing(request, visit, _asked(request, desk_queue(visit, desk)))


@require_safe
@staff_page
def saved_page(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """A queue that somebody kept under a name."""
    visit.demand(Permission.VIEW_CASES)
    view = viewing.view_for(visit.staff.pk, view_id)
    if view is None:
        raise Http404
    return _listing(request, visit, saved_queue(view))


def view_queue(slug: str) -> Queue:
    """The queue at the address of a view. Raises Http404."""
    name = VIEW_AT.get(slug)
    if name is None:
        raise Http404
    return Queue(view=name, path=address("queue", slug), name=str(VIEWS[name][1]))


def desk_queue(visit: Visit, desk: str) -> Queue:
    """The queue of a desk this person sees. Raises Http404."""
    if visit.desks is not None and desk not in visit.desks:
        raise Http404
    try:
        name = visit.pack.desk(desk).name
    except PolicyError:
        raise Http404 from None
    return Queue(view=View.ALL, path=address("desk-queue", desk), name=name, desk=desk)


def saved_queue(view: SavedView) -> Queue:
    """The queue of a saved view: that of its base, seen by whoever looks, narrowed."""
    base = VIEW_AT.get(next(iter(view.filters.get(BASE, ())), ""), View.ALL)
    return Queue(
        view=View.ALL if base == MENTIONS else base,
        path=address("saved-view", view.pk),
        name=view.name,
        choices=choices_of(view.filters),
        saved=view,
    )


def _asked(request: HttpRequest, queue: Queue) -> Queue:
    return Queue(queue.view, queue.path, queue.name, queue.desk, choices_of(request.GET))


def _listing(request: HttpRequest, visit: Visit, queue: Queue) -> HttpResponse:
    if request.GET.get("parte") == NEWS:
        return news_of(request, visit, queue)
    after = read_key(request.GET.get("despues"))
    found = read_queue(queue, visit, after=after, limit=PAGE + 1)
    context = queue_context(visit, queue, found)
    context |= {"order": ORDER.get(queue.view, BY_DUE), "empty": _empty(queue), "filterable": True}
    return _shown(request, visit, context)


def _mentions(request: HttpRequest, visit: Visit, queue: Queue) -> HttpResponse:
    key = read_key(request.GET.get("despues"))
    after = (key[0], key[1]) if key is not None and key[0] is not None else None
    found = marking.mentions(visit.staff.pk, desks=visit.desks, after=after, limit=PAGE + 1)
    context = mentions_context(visit, queue, found)
    context |= {"order": ORDER[MENTIONS], "empty": EMPTY[MENTIONS]}
    return _shown(request, visit, context)


def _shown(request: HttpRequest, visit: Visit, context: dict[str, Any]) -> HttpResponse:
    """The page, the pane beside a case, or only the rows that come next."""
    context["after"] = request.GET.get("despues", "")
    part = "page"
    if request.headers.get("HX-Request"):
        if request.GET.get("parte") == PANE:
            part = "pane"
        elif context["after"]:
            part = "rows"
    return show(request, visit, f"web/queue/{part}.html", context)


def _empty(queue: Queue) -> dict[str, Any]:
    if queue.choices:
        return NOTHING_FITS | {"url": queue.with_choices({}) if not queue.saved else ""}
    found = dict(EMPTY.get(queue.view, NOTHING_HERE))
    if slug := found.pop("view", ""):
        found["url"] = address("queue", slug)
    return found
