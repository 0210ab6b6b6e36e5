"""Narrowing a queue, and keeping the result under a name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import team_of
from ventanilla.core.refusals import Refusal
from ventanilla.web.addresses import address
from ventanilla.web.forms.queue import FilterForm, ViewForm
from ventanilla.web.pages.queue import chips
from ventanilla.web.presenters.menu import VIEW_AT
from ventanilla.web.queues import BASE, Queue, choices_of, narrowed
from ventanilla.web.views.queue import MENTIONS, desk_queue, saved_queue, view_queue
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import viewing
from ventanilla.workspace.models import SavedView

MENU_SECONDS = 30
"""How long a browser shows the menu of views without asking again."""


@require_safe
@staff_page
def filters(request: HttpRequest, visit: Visit, view: str) -> HttpResponse:
    """The filter form of a view, as a page or in place."""
    visit.demand(Permission.VIEW_CASES)
    queue = narrowed(view_queue(view), choices_of(request.GET))
    if queue.view == MENTIONS:
        raise Http404
    return _filters(request, visit, queue)


@require_safe
@staff_page
def desk_filters(request: HttpRequest, visit: Visit, desk: str) -> HttpResponse:
    """The filter form of a desk's queue."""
    visit.demand(Permission.VIEW_CASES)
    return _filters(request, visit, narrowed(desk_queue(visit, desk), choices_of(request.GET)))


def _filters(request: HttpRequest, visit: Visit, queue: Queue) -> HttpResponse:
    others = [each for each in team_of(visit.desks) if each.pk != visit.staff.pk]
    form = FilterForm(queue.choices, pack=visit.pack, people=others, desks=visit.desks)
    context = {"queue": queue, "form": form, "heading": queue.name}
    whole = not request.headers.get("HX-Request")
    return show(request, visit, f"web/queue/filter{'_page' if whole else ''}.html", context)


@require_safe
@staff_page
def views(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every saved view one can open."""
    visit.demand(Permission.VIEW_CASES)
    listed = [_listed(visit, each) for each in viewing.views_for(visit.staff.pk)]
    return show(request, visit, "web/queue/views.html", {"views": listed})


@require_safe
@staff_page
def views_menu(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The saved views as links of the menu."""
    visit.demand(Permission.VIEW_CASES)
    listed = viewing.views_for(visit.staff.pk)
    response = show(request, visit, "web/queue/views_menu.html", {"views": listed})
    response["Cache-Control"] = f"private, max-age={MENU_SECONDS}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new_view(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep the filters of an address under a name."""
    visit.demand(Permission.VIEW_CASES)
    kept = _kept(visit, request.GET if request.method != "POST" else request.POST)
    form = ViewForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and (view := _save(visit, form, kept)) is not None:
            messages.success(request, _("Vista guardada."), extra_tags="kept")
            return redirect("saved-view", view_id=view.pk)
        status = 422
    return _form_page(request, visit, form, kept=kept, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def change_view(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """Rename one's own view, share it or stop to."""
    view = _own(visit, view_id)
    if request.method != "POST":
        form = ViewForm(initial={"name": view.name, "shared": view.shared})
        return _form_page(request, visit, form, view=view)
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            viewing.change_view(
                view=view, acting_user=visit.actor, as_of=visit.as_of, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Vista cambiada."), extra_tags="kept")
            return redirect("saved-view", view_id=view.pk)
    return _form_page(request, visit, form, view=view, status=422)


@require_POST
@staff_page
def drop_view(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """Delete one's own view; its cases stay where they are."""
    view = _own(visit, view_id)
    viewing.delete_view(view=view, acting_user=visit.actor, as_of=visit.as_of)
    messages.success(request, _("Vista «%s» borrada.") % view.name, extra_tags="kept")
    return redirect("views")


def _own(visit: Visit, view_id: int) -> SavedView:
    visit.demand(Permission.VIEW_CASES)
    view = viewing.view_for(visit.staff.pk, view_id)
    if view is None or view.owner_id != visit.staff.pk:
        raise Http404
    return view


def _save(visit: Visit, form: ViewForm, kept: dict[str, list[str]]) -> SavedView | None:
    try:
        return viewing.save_view(
            filters=kept, acting_user=visit.actor, as_of=visit.as_of, **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error("name", refusal.message)
    return None


def _kept(visit: Visit, query: QueryDict) -> dict[str, list[str]]:
    """The filters of an address, and the queue that they narrow."""
    kept = choices_of(query)
    if (base := query.get(BASE, "")) in VIEW_AT:
        kept[BASE] = [base]
    return kept


def _listed(visit: Visit, view: SavedView) -> dict[str, Any]:
    queue = saved_queue(view)
    return {
        "view": view,
        "url": queue.url,
        "chips": [each.words for each in chips(queue, visit)],
        "is_own": view.owner_id == visit.staff.pk,
        "owner": str(view.owner),
    }


def _form_page(
    request: HttpRequest,
    visit: Visit,
    form: ViewForm,
    *,
    view: SavedView | None = None,
    kept: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    filters = kept if kept is not None else {}
    shown = saved_queue(view or SavedView(pk=1, name="", filters=filters))
    context = {
        "form": form,
        "view": view,
        "kept": [(name, value) for name, values in filters.items() for value in values],
        "chips": [each.words for each in chips(shown, visit)],
        "back_url": address("saved-view", view.pk) if view else address("views"),
    }
    return show(request, visit, "web/queue/view_form.html", context, status=status)
