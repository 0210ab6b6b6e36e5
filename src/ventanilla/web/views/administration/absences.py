"""Who is away, until when, and who covers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts import absences
from ventanilla.accounts.models import Absence
from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import team_of
from ventanilla.web.addresses import address
from ventanilla.web.forms.admin import AbsenceForm
from ventanilla.web.presenters.moments import short_day
from ventanilla.web.presenters.team import away_until
from ventanilla.web.visit import Visit, staff_page

from .base import Confirmation, Done, FormPage, run, sent, show_admin

FORM = ("GET", "HEAD", "POST")


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Absences that run or are to come."""
    visit.demand(Permission.MANAGE_ABSENCES)
    zone = visit.pack.calendar.zone
    rows = [
        {
            "id": each.pk,
            "name": str(each.staff),
            "begins": short_day(each.starts_at, zone, visit.as_of),
            "until": away_until(each, zone, visit.as_of),
            "cover": str(each.covered_by) if each.covered_by else "",
            "reason": each.reason,
            "runs": each.starts_at <= visit.as_of,
        }
        for each in absences.not_over(visit.as_of)
    ]
    return show_admin(request, visit, "web/admin/absences.html", {"rows": rows})


@require_http_methods(FORM)
@staff_page
def note(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Note an absence."""
    visit.demand(Permission.MANAGE_ABSENCES)
    form = AbsenceForm(team_of(None), visit.pack.calendar.zone, sent(request))

    def deed(asked: dict[str, Any]) -> Done:
        absences.note_absence(
            staff_id=asked["staff"], acting_user=visit.actor, as_of=visit.as_of, **_facts(asked)
        )
        return Done(_("Ausencia anotada."), address("absences"))

    page = _page(
        _("Anotar una ausencia"),
        _("Anotar"),
        _("Al asignar casos se ve que está ausente; sus avisos llegan también a quien cubre."),
        _("Sus casos no se mueven solos: se reparten desde «Equipo»."),
    )
    return run(request, visit, page, form, deed)


@require_http_methods(FORM)
@staff_page
def change(request: HttpRequest, visit: Visit, absence_id: int) -> HttpResponse:
    """Change the days or the cover of an absence."""
    absence = _found(visit, absence_id)
    people = [each for each in team_of(None) if each.pk != absence.staff_id]
    form = AbsenceForm(people, visit.pack.calendar.zone, sent(request), absence=absence)

    def deed(asked: dict[str, Any]) -> Done:
        absences.change_absence(
            absence_id=absence_id, acting_user=visit.actor, as_of=visit.as_of, **_facts(asked)
        )
        return Done(_("Ausencia cambiada."), address("absences"))

    title = _("Ausencia de %(name)s") % {"name": absence.staff}
    return run(request, visit, _page(title, _("Guardar")), form, deed)


@require_http_methods(FORM)
@staff_page
def end(request: HttpRequest, visit: Visit, absence_id: int) -> HttpResponse:
    """The person is back, or will not be away after all."""
    absence = _found(visit, absence_id)

    def deed(_asked: dict[str, Any]) -> Done:
        absences.end_absence(absence_id=absence_id, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("Ausencia terminada."), address("absences"))

    page = _page(
        _("Terminar la ausencia de %(name)s") % {"name": absence.staff},
        _("Terminar la ausencia"),
        _("Desde ahora figura como presente y recibe sola sus avisos.")
        if absence.starts_at <= visit.as_of
        else _("La ausencia no había empezado: deja de estar anotada."),
        _("Los casos que se repartieron siguen con quien los tiene."),
    )
    return run(request, visit, page, Confirmation(sent(request)), deed)


def _page(title: str, verb: str, *consequences: str) -> FormPage:
    return FormPage(
        title=title,
        verb=verb,
        back_url=address("absences"),
        back_name=_("Ausencias"),
        consequences=consequences,
    )


def _facts(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "starts_at": asked["starts_at"],
        "ends_at": asked["ends_at"],
        "reason": asked["reason"],
        "covered_by_id": asked["covered_by"],
    }


def _found(visit: Visit, absence_id: int) -> Absence:
    visit.demand(Permission.MANAGE_ABSENCES)
    absence = absences.absence_by_id(absence_id, visit.as_of)
    if absence is None:
        raise Http404
    return absence
