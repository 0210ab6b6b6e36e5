"""What the command palette offers: places, desks, saved views, cases, people. The server decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import Filters
from ventanilla.web.addresses import address
from ventanilla.web.cases import find_case
from ventanilla.web.packs import pack_for
from ventanilla.web.parameters import parameter
from ventanilla.web.presenters.found import PersonRow
from ventanilla.web.presenters.menu import menu_for
from ventanilla.web.presenters.queue import NO_SUBJECT
from ventanilla.web.searching import people_of
from ventanilla.web.visit import Visit, staff_page
from ventanilla.workspace import viewing

MOST_CASES = 8
MOST_PEOPLE = 4
SHORTEST = 3
"""With fewer letters every case is meant."""
Offer = dict[str, Any]


@require_safe
@staff_page
def offers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Groups of links for the palette: without words the places, with words the cases and people
    they find."""
    visit.demand(Permission.VIEW_CASES)
    query = " ".join(parameter(request.GET, "q", most=200).split())
    groups = list(_found(visit, query)) if query else list(_places(visit))
    answer = JsonResponse({"groups": groups})
    answer["Cache-Control"] = "no-store"
    return answer


def _places(visit: Visit) -> Iterator[Offer]:
    menu = menu_for(visit.staff, visit.pack, visit.path)
    kept = [
        {"name": each.name, "url": address("saved-view", each.pk)}
        for each in viewing.views_for(visit.staff.pk)
    ]
    more = [
        {"name": _("Vistas guardadas"), "url": address("views")},
        {"name": _("Cambios en lote"), "url": address("bulk-deeds")},
    ]
    for name, items in (
        (_("Cola"), menu.views),
        (_("Mesas"), menu.desks),
        (menu.words.register, menu.house),
    ):
        links = [{"name": each.name, "url": each.url, "key": each.key} for each in items]
        if links:
            yield {"name": name, "items": links}
    yield {"name": _("Vistas guardadas"), "items": kept + more}


def _found(visit: Visit, query: str) -> Iterator[Offer]:
    meant = _by_folio(visit, query)
    is_begun = not meant and len(query) >= SHORTEST
    found = _by_words(visit, query) if is_begun else meant
    people = people_of(visit, query, limit=MOST_PEOPLE)[1] if is_begun else []
    items = [_offer(each) for each in found]
    items.append(
        {"name": _("Buscar «%s»") % query, "url": f"{address('search')}?{urlencode({'q': query})}"}
    )
    yield {"name": _("Casos"), "items": items}
    if people:
        yield {"name": _("Personas"), "items": [_person(each) for each in people]}


def _by_folio(visit: Visit, query: str) -> list[Case]:
    try:
        case = find_case(visit, query)
    except folios.FolioMistyped:
        return []
    return [case] if case is not None else []


def _by_words(visit: Visit, query: str) -> list[Case]:
    """Open cases whose subject has these letters, for who is still typing; then what was said."""
    begun = Filters(words=query)
    found = queries.queue(desks=visit.desks, filters=begun, limit=MOST_CASES // 2)
    known = {case.pk for case in found}
    said = queries.search(query, limit=MOST_CASES, desks=visit.desks)
    return [*found, *(case for case in said if case.pk not in known)][:MOST_CASES]


def _person(row: PersonRow) -> Offer:
    hint = " · ".join(filter(None, (row.address, row.words)))
    return {"name": row.name, "url": row.url, "hint": hint}


def _offer(case: Case) -> Offer:
    status = pack_for(case).statuses.label(case.status)
    return {
        "name": case.subject or NO_SUBJECT,
        "url": address("case", case.folio),
        "hint": f"{case.folio} · {case.person} · {status}",
    }
