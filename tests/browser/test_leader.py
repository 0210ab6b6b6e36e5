"""A team leader: what is at risk, and the cases of somebody who is away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import DEVICES, Device, Visitors
from tests.browser.house import BrowserHouse

TOMORROW = "(SELECT now())"


@pytest.mark.parametrize("device", list(DEVICES))
def test_gives_on_the_cases_of_who_is_away(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    who = {"desktop": "Lucía Barragán", "phone": "Diego Mora"}[device]
    folio = house.case_by_mail(f"De quien se ausenta, en {device}")
    ana = visitors("ana", device=device)
    page = ana.page
    ana.go(f"/casos/{folio}/asignacion/")
    page.locator("select[name=assignee]").select_option(label=re.compile(who))
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("Asignación registrada.")).to_be_visible()

    ana.go("/administracion/ausencias/nueva/")
    page.locator("main select").first.select_option(label=re.compile(who))
    for box in page.locator("main form input[type=date]").all():
        box.fill(house.one("SELECT current_date"))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/administracion/ausencias/")

    ana.go("/equipo/")
    away = page.get_by_role("region", name="Ausentes")
    expect(away).to_contain_text(who)
    away.get_by_role("listitem").filter(has_text=who).get_by_role(
        "link", name=re.compile("Repartir")
    ).click()
    page.wait_for_url("**/equipo/personas/**")
    expect(page.get_by_role("main")).to_contain_text(folio)
