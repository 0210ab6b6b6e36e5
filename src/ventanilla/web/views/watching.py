"""Following a case without being responsible for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ventanilla.core.refusals import Refusal
from ventanilla.web.cases import visible_case
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import marking


@require_POST
@staff_page
def watch(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """Follow the case, or follow it no longer; pressed twice it is as pressed once."""
    case = visible_case(visit, folio)
    wanted = request.POST.get("seguir") == "si"
    change = marking.watch if wanted else marking.unwatch
    try:
        change(case=case, acting_user=visit.actor, as_of=visit.as_of)
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
        return redirect("case", folio=case.folio)
    if request.headers.get("HX-Request"):
        context = {"case": case, "watched": wanted}
        return show(request, visit, "web/queue/watch.html", context)
    words = _("Ahora sigue este caso.") if wanted else _("Ya no sigue este caso.")
    messages.success(request, words, extra_tags="kept")
    return redirect("case", folio=case.folio)
