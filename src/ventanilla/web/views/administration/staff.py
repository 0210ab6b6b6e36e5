"""Accounts: who is in the team, what they are, and how they come and go."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts import operations as accounts
from ventanilla.accounts import queries
from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission
from ventanilla.desk import staffing
from ventanilla.register.queries import team
from ventanilla.web.addresses import address
from ventanilla.web.forms.admin import NewStaffForm, StaffForm
from ventanilla.web.pages.team import reader_of
from ventanilla.web.presenters.staff import staff_rows, staff_view
from ventanilla.web.visit import Visit, staff_page

from .base import Confirmation, Done, FormPage, form_page, run, sent, show_admin

FORM = ("GET", "HEAD", "POST")


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody, active ones first."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    rows = staff_rows(queries.all_staff(), visit.pack, reader_of(visit))
    context = {"rows": rows, "may_manage": visit.may(Permission.MANAGE_STAFF)}
    return show_admin(request, visit, "web/admin/staff.html", context)


@require_http_methods(FORM)
@staff_page
def create(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open an account; its owner gets a link by mail."""
    visit.demand(Permission.MANAGE_STAFF)
    page = FormPage(
        title=_("Nueva cuenta"),
        verb=_("Crear y enviar el enlace"),
        icon="envelope",
        back_url=address("staff"),
        back_name=_("Personal"),
    )

    def deed(asked: dict[str, Any]) -> Done:
        staff, mail = staffing.invite(acting_user=visit.actor, as_of=visit.as_of, **asked)
        words = _("Cuenta creada; el enlace va en camino a %(email)s.") % {"email": staff.email}
        return Done(words, address("outbound", mail.pk))

    return run(request, visit, page, NewStaffForm(visit.pack, sent(request)), deed)


@require_http_methods(FORM)
@staff_page
def edit(request: HttpRequest, visit: Visit, staff_id: int) -> HttpResponse:
    """One account: its facts, and what may be changed about it."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    staff = _found(staff_id)
    may_manage = visit.may(Permission.MANAGE_STAFF)
    page = FormPage(
        title=str(staff),
        verb=_("Guardar"),
        back_url=address("staff"),
        back_name=_("Personal"),
        template="web/admin/staff_member.html",
        extra={
            "member": staff_view(staff, visit.pack, reader_of(visit)),
            "may_manage": may_manage,
            "is_oneself": staff.pk == visit.staff.pk,
        },
    )

    def deed(asked: dict[str, Any]) -> Done:
        accounts.change_staff(
            staff_id=staff_id, acting_user=visit.actor, as_of=visit.as_of, **asked
        )
        return Done(_("Cambios guardados."), address("staff-member", staff_id))

    form = StaffForm(visit.pack, sent(request), staff=staff)
    if not may_manage:
        return form_page(request, visit, page, form)
    return run(request, visit, page, form, deed)


@require_http_methods(FORM)
@staff_page
def deactivate(request: HttpRequest, visit: Visit, staff_id: int) -> HttpResponse:
    """End an account, said in its own words before."""
    visit.demand(Permission.MANAGE_STAFF)
    staff = _found(staff_id)
    held = len(team.held_by(staff_id, desks=None))
    page = FormPage(
        title=_("Desactivar la cuenta de %(name)s") % {"name": staff},
        verb=_("Desactivar la cuenta"),
        icon="no-symbol",
        back_url=address("staff-member", staff_id),
        back_name=str(staff),
        danger=True,
        consequences=(
            _("No podrá entrar, y las páginas que tenga abiertas dejan de responderle enseguida."),
            _("Sus casos abiertos (%(count)s) vuelven a «Sin asignar»; cada uno lo registra.")
            % {"count": held if held < team.MOST_COUNTED else f"{held}+"},
            _("Lo que escribió y decidió queda en los casos con su nombre."),
            _("La cuenta se puede activar de nuevo; los casos no vuelven solos."),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        staffing.deactivate(staff_id=staff_id, acting_user=visit.actor, as_of=visit.as_of)
        words = _("Cuenta desactivada. Sus casos vuelven a la cola en unos segundos.")
        return Done(words, address("staff-member", staff_id))

    return run(request, visit, page, Confirmation(sent(request)), deed)


@require_http_methods(FORM)
@staff_page
def reactivate(request: HttpRequest, visit: Visit, staff_id: int) -> HttpResponse:
    """Open an ended account again."""
    visit.demand(Permission.MANAGE_STAFF)
    staff = _found(staff_id)
    page = FormPage(
        title=_("Activar la cuenta de %(name)s") % {"name": staff},
        verb=_("Activar la cuenta"),
        back_url=address("staff-member", staff_id),
        back_name=str(staff),
        consequences=(
            _("Podrá entrar con la contraseña que tenía, con la misma función y mesas."),
            _("Sus casos de antes siguen donde están ahora."),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        accounts.reactivate_staff(staff_id=staff_id, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("Cuenta activada."), address("staff-member", staff_id))

    return run(request, visit, page, Confirmation(sent(request)), deed)


@require_http_methods(FORM)
@staff_page
def invite_again(request: HttpRequest, visit: Visit, staff_id: int) -> HttpResponse:
    """Mail a new link to choose a password."""
    visit.demand(Permission.MANAGE_STAFF)
    staff = _found(staff_id)
    page = FormPage(
        title=_("Enviar un enlace a %(name)s") % {"name": staff},
        verb=_("Enviar el enlace"),
        icon="envelope",
        back_url=address("staff-member", staff_id),
        back_name=str(staff),
        consequences=(
            _("%(email)s recibe un enlace para escoger otra contraseña.") % {"email": staff.email},
            _(
                "Hasta que lo use sigue valiendo la que tenga. Usted no ve ni el enlace ni la clave."
            ),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        mail = staffing.invite_again(staff_id=staff_id, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("El enlace va en camino."), address("outbound", mail.pk))

    return run(request, visit, page, Confirmation(sent(request)), deed)


def _found(staff_id: int) -> Staff:
    staff = queries.staff_by_id(staff_id)
    if staff is None:
        raise Http404
    return staff
