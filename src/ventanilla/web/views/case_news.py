"""News of a case: announced first, shown when asked for."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ventanilla.core.numbers import number_in
from ventanilla.web.cases import visible_case
from ventanilla.web.pages.news import news_context, shown_context
from ventanilla.web.reading import note_opened
from ventanilla.web.visit import Visit, show, staff_page


@require_safe
@staff_page
def news(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """What the conversation gained since an entry: a bar that says so, or the lines (``mostrar``)."""
    case = visible_case(visit, folio)
    since = number_in(request.GET.get("desde"), most=case.ledger_seq) or case.ledger_seq
    if "mostrar" not in request.GET:
        return show(request, visit, "web/case/news.html", news_context(case, since))
    note_opened(request, visit, case)
    context = shown_context(request, visit, case, since)
    response = show(request, visit, "web/case/news_shown.html", context)
    shown = {"seq": case.ledger_seq, "first": f"nuevo-{since}"}
    response["HX-Trigger-After-Settle"] = json.dumps({"live:shown": shown})
    return response
