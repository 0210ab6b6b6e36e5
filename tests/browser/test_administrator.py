"""An administrator: accounts, a test mail, versions of the policy, what waits and what failed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import violations
from tests.browser.browsing import DEVICES, Device, Visitors
from tests.browser.house import BrowserHouse, words

NEW_PASSWORD = "una frase larga y tranquila"


@pytest.mark.parametrize("device", list(DEVICES))
def test_makes_an_account_that_its_owner_opens(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    email = f"nuevo.{device}@generasoft.example"
    marcela = visitors("marcela", device=device)
    page = marcela.page
    marcela.go("/administracion/personal/nueva/")
    page.locator("input[type=email]").fill(email)
    page.locator("main form input[type=text]").first.fill("Teresa Uribe")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Teresa Uribe")

    house.wait(lambda: house.mails_to(email), what="the invitation")
    found = re.search(r"/invitacion/\S+", words(house.mails_to(email)[0]))
    assert found
    teresa = visitors(device=device)
    teresa.go(found[0])
    assert violations(teresa.page) == []
    for box in teresa.page.locator("input[type=password]").all():
        box.fill(NEW_PASSWORD)
    teresa.page.locator("main form button[type=submit]").last.click()
    teresa.page.wait_for_url(lambda url: "/invitacion/" not in url)
    expect(teresa.page.get_by_role("main")).to_be_visible()


def test_sends_a_test_mail(visitors: Visitors, house: BrowserHouse) -> None:
    marcela = visitors("marcela")
    marcela.go("/administracion/canales/")
    page = marcela.page
    form = page.get_by_role("region", name="Lo que sale").locator("form")
    form.locator("input[type=email], input[type=text]").first.fill("prueba@oficina.example")
    form.get_by_role("button", name="Enviar la prueba").click()
    house.wait(lambda: house.mails_to("prueba@oficina.example"), what="the test mail")
    expect(page.get_by_role("main")).to_contain_text("250")


def test_replays_what_is_in_quarantine(visitors: Visitors, house: BrowserHouse) -> None:
    marcela = visitors("marcela")
    item = house.one("SELECT id FROM channels_inbounditem WHERE fate = 'quarantine' LIMIT 1")
    marcela.go(f"/entrada/{item}/")
    marcela.page.get_by_role("button", name="Procesar de nuevo").click()
    expect(marcela.page.get_by_text("Se volvió a procesar.")).to_be_visible()
    expect(marcela.page.get_by_role("main")).to_contain_text("uno dentro de otro")


def test_compares_and_publishes_a_version(visitors: Visitors, house: BrowserHouse) -> None:
    marcela = visitors("marcela")
    marcela.go("/administracion/politica/")
    expect(marcela.page.get_by_role("link", name="Versión 1")).to_be_visible()
    marcela.page.get_by_role("link", name="Publicar una política").click()
    expect(marcela.page.get_by_role("main")).to_be_visible()
