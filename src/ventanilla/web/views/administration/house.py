"""Roles with their permissions, and who serves which desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts import operations as accounts
from ventanilla.accounts import queries
from ventanilla.accounts.permissions import Permission
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema.service import Desk
from ventanilla.web.addresses import address
from ventanilla.web.forms.admin import MembersForm
from ventanilla.web.presenters.roles import permission_rows, role_heads
from ventanilla.web.visit import Visit, staff_page

from .base import Done, FormPage, run, sections_of, sent, show_admin


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first section that this person may open."""
    found = sections_of(visit)
    if not found:
        raise Http404
    return redirect(found[0].url)


@require_safe
@staff_page
def roles(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every permission for every role, from the one table that decides."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    context = {"heads": role_heads(), "rows": permission_rows()}
    return show_admin(request, visit, "web/admin/roles.html", context)


@require_safe
@staff_page
def desks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The desks of the policy in force, and who serves them."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    people = queries.desk_bound()
    bound = [each for each in people if each.desks]
    free = [each for each in people if not each.desks]
    shown = [
        (desk, [each for each in bound if desk.key in each.desks]) for desk in visit.pack.desks
    ]
    context = {"desks": shown, "free": free, "may_manage": visit.may(Permission.MANAGE_STAFF)}
    return show_admin(request, visit, "web/admin/desks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def members(request: HttpRequest, visit: Visit, desk: str) -> HttpResponse:
    """Say who serves one desk."""
    visit.demand(Permission.MANAGE_STAFF)
    found = _desk(visit, desk)
    page = FormPage(
        title=found.name,
        verb=_("Guardar"),
        back_url=address("desks"),
        back_name=_("Mesas"),
        intro=_(
            "Aquí están los agentes y líderes que atienden solo algunas mesas. Quien no tiene "
            "ninguna en su ficha las atiende todas."
        ),
    )

    people = [each for each in queries.desk_bound() if each.desks]
    form = MembersForm(desk, people, sent(request))

    def deed(asked: dict[str, list[int]]) -> Done:
        moved = accounts.set_desk_members(
            desk=desk, members=asked["members"], acting_user=visit.actor, as_of=visit.as_of
        )
        words = _("Guardado.") if moved else _("No había nada que cambiar.")
        return Done(words, address("desks"))

    return run(request, visit, page, form, deed)


def _desk(visit: Visit, key: str) -> Desk:
    try:
        return visit.pack.desk(key)
    except PolicyError as unknown:
        raise Http404 from unknown
