"""axe-core finds nothing on any page, at a desk and on a phone, light and dark."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, resolve

from tests.browser.accessible import violations
from tests.browser.browsing import DEVICES, Device, Visitor, Visitors
from tests.browser.house import ROOT, BrowserHouse
from tests.browser.pages import EXEMPT, FORMS, NAME, PAGES, Page, names_of, where_it_fits
from ventanilla.web.actions import ACTIONS
from ventanilla.web.pages.composer import IN_PLACE


def looked_at(page: Page) -> str:
    """The name of the address of a page."""
    return resolve(NAME.sub("1", page.path).partition("?")[0]).view_name


def test_every_address_is_listed() -> None:
    names = set(names_of(get_resolver().url_patterns))
    covered = {looked_at(page) for page in PAGES} | {"case-action"}
    assert sorted(names - covered - set(EXEMPT)) == [], "list them in pages.py, or say why not"
    assert sorted(set(EXEMPT) - (names - covered)) == [], "no longer exempt"
    assert set(FORMS) == set(ACTIONS) - IN_PLACE, "those with a page of their own"


def test_every_page_has_pictures_of_its_own() -> None:
    names = [page.pictured_as for page in PAGES]
    assert sorted(each for each in set(names) if names.count(each) > 1) == []
    stems = {each.stem for each in (ROOT / "docs" / "pantallas").glob("*.webp")}
    ends = ("", "-oscura", "-telefono", "-telefono-oscura")
    wanted = {f"{name}{end}" for name in [*names, *map("accion-{}".format, FORMS)] for end in ends}
    assert (sorted(wanted - stems), sorted(stems - wanted)) == ([], []), "run `make pictures`"


@pytest.mark.parametrize("device", list(DEVICES))
@pytest.mark.parametrize("who", sorted({page.who or "" for page in PAGES}))
def test_no_violation(visitors: Visitors, house: BrowserHouse, device: Device, who: str) -> None:
    is_colleague = who not in ("", "customer")
    if is_colleague and any(page.is_fresh for page in PAGES if page.who == who):
        visitors.forget(who)
    visitor = visitors(who if is_colleague else None, device=device, traced=False)
    found = []
    for page in PAGES:
        if (page.who or "") == who:
            path = page.path_in(house)
            problems = [*_looked_at(visitor, house, page, path), *visitor.troubles]
            found += [f"{path}: {each}" for each in problems]
            print(path, problems or "in order")
            visitor.troubles.clear()
    assert found == [], "\n".join(found)


def _looked_at(visitor: Visitor, house: BrowserHouse, page: Page, path: str) -> list[str]:
    if page.who == "customer":
        visitor.go(house.follow_link(path.split("/")[2]))
    with visitor.expecting(page.status):
        answer = visitor.go(path)
    if answer is None or answer.status != page.status:
        return [f"answered {answer.status if answer else 'nothing'}"]
    if visitor.path != path.partition("?")[0]:
        return [f"sent on to {visitor.path}"]
    return violations(visitor.page)


@pytest.mark.parametrize("device", list(DEVICES))
def test_no_violation_on_the_form_of_any_action(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    ana = visitors("ana", device=device, traced=False)
    found: list[str] = []
    for noun in FORMS:
        path = where_it_fits(ana, house, noun)
        ana.go(path)
        found += [f"{path}: {each}" for each in violations(ana.page)]
    assert found == [], "\n".join(found)
