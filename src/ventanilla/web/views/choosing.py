"""Regions with which another case is chosen: what a search offers, what merging would do."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ventanilla.register.folio import FolioMistyped
from ventanilla.web.addresses import address
from ventanilla.web.cases import find_case, visible_case
from ventanilla.web.choosing import foreseen, searched_cases
from ventanilla.web.forms.structure import TYPED
from ventanilla.web.parameters import parameter
from ventanilla.web.presenters.queue import NO_SUBJECT
from ventanilla.web.visit import Visit, show, staff_page

NAME = "into"


@require_safe
@staff_page
def others(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """The cases that the typed text may mean, to choose one of."""
    case = visible_case(visit, folio)
    text = parameter(request.GET, f"{NAME}-{TYPED}", most=200)
    context = {
        "name": NAME,
        "found": searched_cases(visit, case, text),
        "text": text.strip(),
        "foresee_url": address("merge-foreseen", case.folio) if "prever" in request.GET else "",
    }
    return show(request, visit, "web/case/picked.html", context)


@require_safe
@staff_page
def merge_foreseen(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """What uniting this case to the chosen one would do, before anybody does it."""
    case = visible_case(visit, folio)
    try:
        into = find_case(visit, parameter(request.GET, NAME, most=60))
    except FolioMistyped as mistyped:
        raise Http404 from mistyped
    if into is None or into.pk == case.pk:
        raise Http404
    context = {
        "into": into,
        "subject": into.subject or NO_SUBJECT,
        "lines": foreseen(case, into, as_of=visit.as_of),
    }
    return show(request, visit, "web/case/foreseen.html", context)
