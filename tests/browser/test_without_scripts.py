"""With scripts switched off every form still does its work."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import Visitors, sign_in
from tests.browser.house import BrowserHouse


def test_an_agent_from_the_door_to_resolved(visitors: Visitors, house: BrowserHouse) -> None:
    subject = "Sin guiones, de la puerta al final"
    folio = house.case_by_mail(subject)
    lucia = visitors(scripts=False)
    page = lucia.page
    lucia.go("/cola/sin-asignar/")
    sign_in(page, "lucia")
    page.get_by_role("link", name=subject).first.click()
    page.wait_for_url(f"**/casos/{folio}/**")
    deeds.assess(page)
    box = page.locator("#respuesta-texto")
    if not box.is_visible():
        page.locator("details.reply > summary").click()
    box.fill("Buen día, Ana: escrito sin ningún guion.")
    deeds.send(page)
    expect(page.get_by_role("button", name="Deshacer")).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator("#respuesta-texto")).to_have_value(re.compile("sin ningún guion"))
    deeds.resolve(page)


def test_a_customer_asks_and_follows(visitors: Visitors, house: BrowserHouse) -> None:
    person = visitors(scripts=False, device="phone")
    page = person.page
    person.go("/preguntar/billing_query/")
    folio = deeds.ask_about_a_bill(
        page, email="singuion@cliente.example", need="Me cobraron de más en octubre."
    )
    person.go(house.follow_link(folio))
    page.locator("#escribir textarea").fill("Otra cosa más.")
    page.get_by_role("button", name="Enviar mensaje").click()
    expect(page.get_by_text("Otra cosa más.")).to_be_visible()
