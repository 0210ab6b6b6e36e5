"""A team leader: what is at risk, and the cases of somebody who is away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.browsing import DEVICES, Device, Visitors
from tests.browser.house import BrowserHouse

TODAY = "SELECT (now() AT TIME ZONE 'America/Bogota')::date"


def choose(box: Locator, words: str) -> None:
    """Pick the option in which these words stand."""
    value = box.locator("option", has_text=words).first.get_attribute("value")
    box.select_option(value)


@pytest.mark.parametrize("device", list(DEVICES))
def test_gives_on_the_cases_of_who_is_away(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    who = {"desktop": "Lucía Barragán", "phone": "Diego Mora"}[device]
    folio = house.case_by_mail(f"De quien se ausenta, en {device}")
    ana = visitors("ana", device=device)
    page = ana.page
    ana.go(f"/casos/{folio}/asignacion/")
    choose(page.locator("select[name=assignee]"), who)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("Asignación registrada.")).to_be_visible()

    ana.go("/administracion/ausencias/nueva/")
    choose(page.locator("main form select").first, who)
    for box in page.locator("main form input[type=date]").all():
        box.fill(house.one(TODAY))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/administracion/ausencias/")

    ana.go("/equipo/")
    away = page.get_by_role("region", name="Ausentes")
    expect(away).to_contain_text(who)
    away.get_by_role("listitem").filter(has_text=who).get_by_role(
        "link", name=re.compile("Repartir")
    ).click()
    page.wait_for_url("**/equipo/personas/**")
    row = page.get_by_role("listitem").filter(has_text=folio)
    row.get_by_role("checkbox").check()
    choose(page.locator("select[name=to]"), "Ana Suárez")
    page.get_by_role("button", name="Repartir los marcados").click()
    expect(page.get_by_role("main")).to_contain_text(folio)
    assert house.one(_responsible(folio)) == "Ana Suárez"


def _responsible(folio: str) -> str:
    return f"""SELECT s.full_name FROM register_case c JOIN accounts_staff s ON s.id = c.assignee_id
        WHERE c.folio = '{folio}'"""
