"""The home of a team leader, the promises of today, and the cases of one person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import staff_by_id, team_of
from ventanilla.core.refusals import Refusal
from ventanilla.desk import team as desk
from ventanilla.register import queries
from ventanilla.register.queries import team
from ventanilla.web.forms.team import NOBODY, Reassignment
from ventanilla.web.pages.team import (
    HORIZON,
    HORIZONS,
    day_context,
    home_context,
    reader_of,
    today_of,
)
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.presenters.team import counted, held_rows
from ventanilla.web.visit import Visit, show, staff_page


@require_safe
@staff_page
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is at risk, who carries what, who is away, what is promised for today."""
    visit.demand(Permission.VIEW_TEAM)
    asked = request.GET.get("horas", "")
    hours = int(asked) if asked in map(str, HORIZONS) else HORIZON
    context = home_context(visit, hours=hours, after=request.GET.get("despues"))
    if request.headers.get("HX-Request") and request.GET.get("despues"):
        return show(request, visit, "web/team/risk_rows.html", context)
    return show(request, visit, "web/team/home.html", context)


@require_safe
@staff_page
def day(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every promise that falls due today."""
    visit.demand(Permission.VIEW_TEAM)
    context = day_context(visit, after=request.GET.get("despues"))
    if request.headers.get("HX-Request") and request.GET.get("despues"):
        return show(request, visit, "web/team/day_rows.html", context)
    return show(request, visit, "web/team/day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def person(request: HttpRequest, visit: Visit, staff_id: int) -> HttpResponse:
    """The open cases of one person; those chosen are given to somebody else."""
    visit.demand(Permission.VIEW_TEAM)
    owner = staff_by_id(staff_id)
    if owner is None:
        raise Http404
    if request.method != "POST":
        return _person_page(request, visit, owner)
    visit.demand(Permission.ASSIGN_CASE)
    form = _form(visit, owner, request.POST)
    if not form.is_valid():
        return _person_page(request, visit, owner, form, status=422)
    asked = form.cleaned_data
    to_id = None if asked["to"] == NOBODY else int(asked["to"])
    try:
        outcomes = desk.reassign(
            case_ids=asked["case"],
            from_id=owner.pk,
            to_id=to_id,
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        return _person_page(request, visit, owner, form, refusal=refusal, status=409)
    context = {"owner": owner, "outcomes": outcomes, "target": form.target_name, "to_id": to_id}
    return show(request, visit, "web/team/given.html", context)


def _form(visit: Visit, owner: Staff, data: Any = None) -> Reassignment:
    """Colleagues of the team with what they carry, who covers first."""
    reader = reader_of(visit)
    people = [each for each in team_of(visit.desks) if each.pk != owner.pk]
    loads = team.load_of(
        [each.pk for each in people],
        desks=visit.desks,
        as_of=visit.as_of,
        day_end=today_of(visit.pack, visit.as_of).end,
    )
    absence = reader.away.get(owner.pk)
    return Reassignment(
        [(each, counted(loads[each.pk]), reader.away_words(each.pk)) for each in people],
        cover_id=absence.covered_by_id if absence else None,
        data=data,
    )


def _person_page(
    request: HttpRequest,
    visit: Visit,
    owner: Staff,
    form: Reassignment | None = None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    held = team.held_by(owner.pk, desks=visit.desks, limit=desk.MOST + 1)
    cases = held[: desk.MOST]
    form = form or _form(visit, owner)
    reader = reader_of(visit)
    standings = queries.standings([each.pk for each in cases])
    context = {
        "owner": owner,
        "role": owner.get_role_display(),
        "away": reader.away_words(owner.pk),
        "rows": held_rows(cases, standings, reader),
        "chosen": form.chosen_or([each.pk for each in cases]),
        "has_more": len(held) > desk.MOST,
        "most": desk.MOST,
        "form": form,
        "may_give": visit.may(Permission.ASSIGN_CASE),
        "refusal": refusal_view(refusal) if refusal else None,
    }
    return show(request, visit, "web/team/person.html", context, status=status)
