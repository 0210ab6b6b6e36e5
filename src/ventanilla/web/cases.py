"""Loading a case through what the visitor may see, never by its bare folio."""

from __future__ import annotations

from django.http import Http404

from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.visit import Visit


def visible_case(visit: Visit, folio: str) -> Case:
    """The case, or the answer for a page that does not exist."""
    case = _seen(visit, queries.shown_case(folio))
    if case is None:
        raise Http404
    return case


def find_case(visit: Visit, text: str) -> Case | None:
    """The case a person means by a folio, if they may see it. Raises FolioMistyped."""
    folio = folios.normalise(text, visit.pack)
    return _seen(visit, queries.case_by_folio(folio)) if folio else None


def _seen(visit: Visit, case: Case | None) -> Case | None:
    if case is None or (visit.desks is not None and case.desk not in visit.desks):
        return None
    return case
