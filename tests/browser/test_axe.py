"""axe-core finds nothing on any page, at a desk and on a phone, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver, resolve

from tests.browser.accessible import violations
from tests.browser.browsing import DEVICES, Device, Visitor, Visitors
from tests.browser.house import BrowserHouse
from tests.browser.pages import EXEMPT, NAME, PAGES, Page, names_of
from tests.browser.scene import SUBJECTS
from ventanilla.web.actions import ACTIONS


def looked_at(page: Page) -> str:
    """The name of the address of a page."""
    return resolve(NAME.sub("1", page.path).partition("?")[0]).view_name


def test_every_address_is_listed() -> None:
    names = set(names_of(get_resolver().url_patterns))
    covered = {looked_at(page) for page in PAGES} | {"case-action"}
    assert sorted(names - covered - set(EXEMPT)) == [], "list them in pages.py, or say why not"
    assert sorted(set(EXEMPT) - (names - covered)) == [], "no longer exempt"


@pytest.mark.parametrize("device", list(DEVICES))
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.path}{page.who or ''}")
def test_no_violation(visitors: Visitors, house: BrowserHouse, device: Device, page: Page) -> None:
    path = page.path_in(house)
    visitor = _arrive(visitors, house, page, path, device)
    with visitor.expecting(page.status):
        answer = visitor.go(path)
    assert answer is not None
    assert answer.status == page.status
    assert visitor.path == path.partition("?")[0], "sent on to another page"
    assert violations(visitor.page) == []


def _arrive(
    visitors: Visitors, house: BrowserHouse, page: Page, path: str, device: Device
) -> Visitor:
    who = page.who if page.who != "customer" else None
    if page.is_fresh and who:
        visitors.forget(who)
    # Without motion: a colour on its way from light to dark is neither.
    visitor = visitors(who, device=device, traced=False, reduced_motion="reduce")
    if page.who == "customer":
        visitor.go(house.follow_link(path.split("/")[2]))
    return visitor


@pytest.mark.parametrize("device", list(DEVICES))
def test_no_violation_on_the_form_of_any_action(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    ana = visitors("ana", device=device, traced=False, reduced_motion="reduce")
    found: dict[str, Any] = {}
    for noun in ACTIONS:
        path = _where_it_fits(ana, house, noun)
        ana.go(path)
        found[path] = violations(ana.page)
    assert {path: each for path, each in found.items() if each} == {}


def _where_it_fits(ana: Visitor, house: BrowserHouse, noun: str) -> str:
    """The form of an action on a case that it makes sense for."""
    for subject in SUBJECTS.values():
        path = f"/casos/{house.folio_of(subject)}/{noun}/"
        if ana.context.request.get(house.url + path, max_redirects=0).status == 200:
            return path
    raise AssertionError(f"no case of the house fits «{noun}»")
