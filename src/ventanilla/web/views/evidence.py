"""Handing out a file that was kept: never run, never guessed at, never by a bare id."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from ventanilla.evidence.contents import EvidenceMissing, open_file
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.queries import item_for, serving_of
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.presenters.moments import size
from ventanilla.web.visit import Visit, show, staff_page

CONFIRMED = "confirmado"


@require_safe
@staff_page
def file(request: HttpRequest, visit: Visit, folio: str, item_id: int) -> HttpResponseBase:
    """One file of a case. What is suspicious is handed out after a page that says why."""
    case = visible_case(visit, folio)
    item = item_for(case, item_id)
    if item is None:
        raise Http404
    serving = serving_of(item)
    if serving.needs_confirmation and CONFIRMED not in request.GET:
        return show(request, visit, "web/case/suspect.html", _warning(folio, item))
    try:
        content = open_file(item.blob_id)
    except EvidenceMissing as missing:
        raise Http404 from missing
    response = FileResponse(content, as_attachment=not serving.inline, filename=item.filename)
    for name, value in serving.headers.items():
        response[name] = value
    return response


def _warning(folio: str, item: EvidenceItem) -> dict[str, object]:
    here = address("evidence", folio, item.pk)
    return {
        "folio": folio,
        "case_url": address("case", folio),
        "name": item.filename,
        "size": size(item.blob.size),
        "suspicion": item.suspicion,
        "download_url": f"{here}?{CONFIRMED}=1",
    }
