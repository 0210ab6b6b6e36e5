"""The search: a folio leads to its case; a name, an address, a number or words to a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.crm.finding import FoundPerson, found_person, is_address
from ventanilla.register import folio as folios
from ventanilla.register.queries import found, searching
from ventanilla.register.queries.searching import Hit
from ventanilla.web.addresses import address
from ventanilla.web.cases import find_case
from ventanilla.web.packs import pack_for
from ventanilla.web.paging import page_number, read_key, write_key
from ventanilla.web.presenters.found import Listing, PersonRow, found_rows
from ventanilla.web.presenters.people import name_or_address
from ventanilla.web.presenters.refusals import mistyped_words
from ventanilla.web.searching import Asked, asked_of, filter_fields, people_of
from ventanilla.web.visit import Visit, show, staff_page

PAGE = 20
MOST_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it. ``person_id`` is whose cases are listed, if it is one person's; ``person``
    when they were asked for and not found."""

    hits: list[Hit]
    people: list[PersonRow]
    mistyped: str = ""
    person: FoundPerson | None = None
    person_id: int | None = None


@require_safe
@staff_page
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One page of what was found. What somebody may not see is not found, people included."""
    visit.demand(Permission.VIEW_CASES)
    asked = asked_of(request.GET, visit)
    if not asked.is_later and (folio := _folio_of(visit, asked.query)):
        return redirect("case", folio=folio)
    result = _find(visit, asked)
    context = _context(visit, asked, result)
    if request.headers.get("HX-Request") and asked.is_later:
        return show(request, visit, "web/search/rows.html", context)
    context |= {"filters": filter_fields(visit, asked), "is_narrowed": asked.is_narrowed}
    return show(request, visit, "web/search/page.html", context)


def _folio_of(visit: Visit, query: str) -> str:
    """The exact folio of the one case that is meant, if it may be seen."""
    try:
        case = find_case(visit, query) if query else None
    except folios.FolioMistyped:
        return ""
    return case.folio if case else ""


def _find(visit: Visit, asked: Asked) -> Found:
    if asked.person_id is not None:
        return _of_person(asked)
    if not asked.query:
        return Found([], [])
    if mistyped := _mistyped(visit, asked.query):
        near = folios.near(asked.query, visit.pack)
        return Found(found.with_folios(near, narrowing=asked.narrowing), [], mistyped)
    people, rows = _people(visit, asked)
    if len(rows) == 1 and is_address(asked.query):
        (person_id,) = people
        return Found(_cases_of(asked, [person_id]), rows, person_id=person_id)
    return Found([*_numbered(visit, asked), *_said(asked)][: PAGE + 1], rows)


def _mistyped(visit: Visit, query: str) -> str:
    try:
        folios.normalise(query, visit.pack)
    except folios.FolioMistyped as refusal:
        return mistyped_words(refusal)
    return ""


def _of_person(asked: Asked) -> Found:
    assert asked.person_id is not None
    hits = _cases_of(asked, [asked.person_id])
    # Who asks for a person by their number alone learns nothing of one whose cases are not theirs.
    person = found_person(asked.person_id) if hits else None
    return Found(hits, [], person=person, person_id=asked.person_id)


def _cases_of(asked: Asked, person_ids: list[int]) -> list[Hit]:
    key = read_key(asked.after)
    before = (key[0], key[1]) if key and key[0] else None
    return found.cases_of_people(
        person_ids, narrowing=asked.narrowing, before=before, limit=PAGE + 1
    )


def _people(visit: Visit, asked: Asked) -> tuple[list[int], list[PersonRow]]:
    """Only with the first page."""
    return ([], []) if asked.is_later else people_of(visit, asked.query, limit=MOST_PEOPLE)


def _numbered(visit: Visit, asked: Asked) -> list[Hit]:
    if asked.is_later:
        return []
    given = folios.numbered(asked.query, visit.pack, visit.as_of)
    return found.with_folios(given, narrowing=asked.narrowing)


def _said(asked: Asked) -> list[Hit]:
    return searching.hits(
        asked.query,
        narrowing=asked.narrowing,
        before=page_number(asked.after),
        limit=PAGE + 1,
    )


def _context(visit: Visit, asked: Asked, result: Found) -> dict[str, Any]:
    shown = result.hits[:PAGE]
    cases = found.found_cases(shown, asked.query)
    last = cases[-1].case if len(result.hits) > PAGE else None
    behind = ""
    if last is not None:
        key = str(shown[-1].message_id or write_key((last.opened_at, last.pk)))
        behind = asked.behind(key, person_id=result.person_id)
    return {
        "query": asked.query,
        "asked": asked,
        "mistyped": result.mistyped,
        "people": result.people,
        "person": result.person,
        "of_person": name_or_address(result.person.name, result.person.address)
        if result.person
        else "",
        "rows": found_rows(cases, Listing(pack_for, visit.as_of)),
        "next_url": f"{address('search')}?{behind}" if behind else "",
    }
