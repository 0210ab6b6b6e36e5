"""The person served: asks in the portal, follows, adds words and a file, withdraws, reopens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.accessible import violations
from tests.browser.browsing import DEVICES, Device, Visitors
from tests.browser.house import BrowserHouse


@pytest.mark.parametrize("device", list(DEVICES))
def test_asks_follows_and_adds(visitors: Visitors, house: BrowserHouse, device: Device) -> None:
    email = f"pregunta.{device}@cliente.example"
    person = visitors(device=device)
    page = person.page
    person.go("/preguntar/")
    page.get_by_role("link", name=re.compile("Una factura o un cobro")).click()
    expect(page.get_by_label("Fecha prometida")).to_be_visible()
    folio = deeds.ask_about_a_bill(
        page, email=email, need="Me cobraron dos veces la mensualidad de octubre."
    )
    assert violations(page) == []

    person.go(house.follow_link(folio))
    assert person.path == f"/seguimiento/{folio}/", "the code has left the address"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("#escribir textarea").fill("Adjunto el extracto del banco.")
    page.locator("#escribir input[type=file]").set_input_files(
        {"name": "extracto.txt", "mimeType": "text/plain", "buffer": b"Cobro 1\nCobro 2\n"}
    )
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Enviar mensaje").click()
    expect(page.get_by_text("Recibimos su mensaje")).to_be_visible()
    expect(page.get_by_text("Adjunto el extracto del banco.")).to_be_visible()
    expect(page.get_by_text("extracto.txt")).to_be_visible()

    lucia = visitors("lucia")
    lucia.go(f"/casos/{folio}/")
    expect(lucia.page.locator("#conversacion")).to_contain_text("Adjunto el extracto")
    expect(lucia.page.locator("#conversacion")).to_contain_text("extracto.txt")

    page.get_by_role("link", name="Retirar la solicitud").click()
    for box in page.locator("main form textarea").all():
        box.fill("Ya lo arreglé con el banco.")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**/seguimiento/{folio}/")
    page.get_by_role("link", name="Reabrir").click()
    for box in page.locator("main form textarea").all():
        box.fill("El banco dice que no fue él.")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**/seguimiento/{folio}/")
    expect(page.get_by_role("link", name="Retirar la solicitud")).to_be_visible()


def test_nothing_is_shown_without_the_secret(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Una pregunta que es solo mía")
    stranger = visitors()
    stranger.go(f"/seguimiento/{folio}/")
    assert stranger.path == "/seguimiento/"
    with stranger.expecting(422):
        stranger.go(f"/seguimiento/{folio}/AAAA-AAAA-AAAA/")
    expect(stranger.page.get_by_role("alert")).to_contain_text("No encontramos")
    assert "solo mía" not in stranger.page.content()
