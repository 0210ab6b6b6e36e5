"""The queue: news that wait, many cases at once and back again, a view of one's own."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.accessible import violations
from tests.browser.browsing import Visitors
from tests.browser.house import BrowserHouse


def choose(page: Page, subject: str) -> None:
    """Tick the row of a case."""
    row = page.get_by_role("listitem").filter(has_text=subject)
    row.get_by_role("checkbox").first.check()


def test_a_new_case_is_announced_and_waits(visitors: Visitors, house: BrowserHouse) -> None:
    lucia = visitors("lucia")
    lucia.go("/cola/sin-asignar/")
    subject = "Llega mientras se mira la cola"
    house.case_by_mail(subject)
    news = lucia.page.get_by_role("button", name="Actualizar")
    expect(news.first).to_be_visible()
    expect(lucia.page.get_by_role("main")).not_to_contain_text(subject)
    news.first.click()
    expect(lucia.page.get_by_role("main")).to_contain_text(subject)


def test_many_at_once_and_back(visitors: Visitors, house: BrowserHouse) -> None:
    subjects = ["En lote, la primera", "En lote, la segunda"]
    folios = [house.case_by_mail(each) for each in subjects]
    lucia = visitors("lucia")
    page = lucia.page
    lucia.go("/cola/sin-asignar/")
    for subject in subjects:
        choose(page, subject)
    assert violations(page) == []
    page.get_by_role("button", name="Asignarme").click()
    undo = page.get_by_role("button", name="Deshacer")
    expect(undo.first).to_be_visible()
    assert all(_is_taken(house, each) for each in folios)
    undo.first.click()
    house.wait(lambda: not any(_is_taken(house, each) for each in folios), what="the undoing")
    lucia.go("/lotes/")
    page.get_by_role("main").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/lotes/\d+/"))
    assert violations(page) == []


def test_a_view_is_kept_changed_and_dropped(visitors: Visitors) -> None:
    ana = visitors("ana")
    page = ana.page
    ana.go("/vistas/nueva/")
    page.locator("input[name=name]").fill("Lo urgente de soporte")
    page.get_by_role("button", name="Guardar").click()
    page.wait_for_url(re.compile(r"/vistas/\d+/"))
    assert violations(page) == []
    ana.go("/vistas/")
    expect(page.get_by_role("main")).to_contain_text("Lo urgente de soporte")
    page.get_by_role("main").get_by_role("link", name=re.compile("ambiar")).first.click()
    page.get_by_role("button", name="Borrar la vista").click()
    expect(page.get_by_role("main")).not_to_contain_text("Lo urgente de soporte")


def test_rows_are_walked_chosen_and_opened_by_keys(visitors: Visitors, house: BrowserHouse) -> None:
    subjects = ["Por teclas, la primera", "Por teclas, la segunda", "Por teclas, la tercera"]
    for subject in subjects:
        house.case_by_mail(subject)
    lucia = visitors("lucia")
    page, keys = lucia.page, lucia.page.keyboard
    lucia.go("/cola/sin-asignar/")
    rows = page.locator("#cola .row")
    first, third = rows.nth(0), rows.nth(2)
    for _ in range(4):
        keys.press("j")
    keys.press("k")
    expect(third.locator(":focus")).to_have_count(1)
    folio = third.get_attribute("data-folio")
    keys.press("a")
    page.wait_for_url(f"**/casos/{folio}/asignacion/**")
    page.go_back()
    expect(third.locator(":focus")).to_have_count(1)
    keys.press("k")
    keys.press("k")
    expect(first.locator(":focus")).to_have_count(1)
    keys.press("x")
    keys.press("j")
    keys.press("j")
    keys.press("Shift+X")
    expect(page.locator('#cola input[name="caso"]:checked')).to_have_count(3)


def _is_taken(house: BrowserHouse, folio: str) -> bool:
    return house.one(f"SELECT assignee_id FROM register_case WHERE folio = '{folio}'") != "None"
