"""Answers on their way: what waits, and taking it back, moving it, sending it after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import sending
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.forms.fields import LocalMoment
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.composer import leaving_of
from ventanilla.web.presenters.drafts import excerpt, later_choices, later_moments
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft


class Steady(TypedDict):
    """What every call about one answer is given."""

    draft_id: int
    acting_user: Actor
    as_of: datetime


UNDO, MOVE, SEND = "deshacer", "cambiar", "enviar"


class MovedMoment(forms.Form):
    """Another moment for an answer."""

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        zone = pack_for(case).calendar.zone
        self.fields["when_at"] = LocalMoment(zone=zone, label=_("Fecha y hora"))


@require_safe
@staff_page
def region(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """What is on its way on a case, as it stands now."""
    case = visible_case(visit, folio)
    rows = drafting.on_case(case, visit.staff.pk)
    leaving = leaving_of(visit, case, pack_for(case).calendar.zone, rows)
    composer = {"leaving": leaving, "server_ms": int(visit.as_of.timestamp() * 1000)}
    return show(request, visit, "web/case/leaving.html", {"composer": composer})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def one(request: HttpRequest, visit: Visit, folio: str, draft_id: int) -> HttpResponse:
    """One answer on its way: the form for another moment, and what is done to it."""
    case = visible_case(visit, folio)
    draft = drafting.by_id(draft_id, case=case, staff_id=visit.staff.pk)
    if request.method != "POST":
        if draft is None or draft.state == Draft.State.WRITING:
            return redirect("case", folio=folio)
        return _form(request, visit, case, draft, MovedMoment(case))
    return _act(request, visit, case, draft_id, draft)


def _act(
    request: HttpRequest, visit: Visit, case: Case, draft_id: int, draft: Draft | None
) -> HttpResponse:
    deed = request.POST.get("accion", "")
    steady = Steady(draft_id=draft_id, acting_user=visit.actor, as_of=visit.as_of)
    form = MovedMoment(case, request.POST)
    try:
        if deed == UNDO:
            sending.take_back(**steady)
            said = _("El mensaje no se envió: está de nuevo en el cuadro de respuesta.")
        elif deed == SEND:
            sending.reschedule(send_at=None, **steady)
            said = _("La respuesta sale en segundos y hasta entonces se puede deshacer.")
        elif deed == MOVE:
            presets = later_moments(pack_for(case), visit.as_of)
            moment = presets.get(request.POST.get("when", ""))
            if moment is None and not form.is_valid():
                return _form(request, visit, case, draft, form)
            sending.reschedule(send_at=moment or form.cleaned_data["when_at"], **steady)
            said = _("El envío quedó para otro momento.")
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
        return redirect("case", folio=case.folio)
    messages.success(request, said, extra_tags="kept")
    return redirect(f"{address('case', case.folio)}#responder")


def _form(
    request: HttpRequest,
    visit: Visit,
    case: Case,
    draft: Draft | None,
    form: MovedMoment,
) -> HttpResponse:
    context = {
        "url": request.path,
        "case_url": address("case", case.folio),
        "folio": case.folio,
        "excerpt": excerpt(draft.text) if draft else "",
        "later": later_choices(pack_for(case), visit.as_of),
        "form": form,
    }
    return show(
        request, visit, "web/drafts/moment.html", context, status=422 if form.errors else 200
    )
