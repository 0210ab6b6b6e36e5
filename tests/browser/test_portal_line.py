"""A customer whose line breaks: nothing typed or uploaded is lost, and sending works after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.browsing import Visitor, Visitors
from tests.browser.house import BrowserHouse
from tests.browser.line import Line

NEED = "Me cobraron dos veces la mensualidad, y esta frase no se puede perder."
PHOTO = {
    "name": "recibo.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"\xff\xd8\xff" + b"r" * 8_000_000,
}
SLOW = 800_000
"""Bytes a second: the photo takes ten seconds."""
FORM = "/preguntar/una-factura-o-un-cobro/"


@pytest.fixture
def line(house: BrowserHouse) -> Iterator[Line]:
    line = Line(urlsplit(house.url).port or 80)
    yield line
    line.close()


def choose(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(PHOTO)  # type: ignore[arg-type]  # a dict will do


def half_way(page: Page) -> None:
    bar = page.locator(".uploads .file progress")
    while float(bar.evaluate("each => each.value")) < 10:  # the test's own limit ends it
        page.wait_for_timeout(100)


def send(page: Page, email: str) -> str:
    return deeds.ask_about_a_bill(page, email=email, need=NEED)


def kept_by_the_house(visitors: Visitors, folio: str) -> None:
    lucia = visitors("lucia")
    lucia.go(f"/casos/{folio}/")
    expect(lucia.page.locator("#conversacion")).to_contain_text(NEED)
    expect(lucia.page.locator("#conversacion")).to_contain_text("recibo.jpg")


def at_the_form(visitors: Visitors) -> Visitor:
    person = visitors(device="phone")
    person.go(FORM)
    return person


def test_the_line_is_lost_half_way_through_an_upload(visitors: Visitors, line: Line) -> None:
    person = visitors(device="phone")
    page = person.page
    person.go(line.url + FORM)
    page.locator("textarea[name=text]").fill(NEED)
    line.slow(SLOW)
    choose(page)
    row = page.locator(".uploads .file")
    half_way(page)
    with person.during_an_outage():
        with line.cut():
            expect(row).to_contain_text("se perdió la conexión")
            person.context.set_offline(True)
            expect(row.get_by_role("button", name="Reintentar")).to_be_visible()
            page.get_by_role("button", name="Enviar solicitud").click()
            expect(page.locator("[data-hold]")).to_contain_text("Un archivo no se subió")
            row.get_by_role("button", name="Quitar").click()
            page.get_by_role("button", name="Enviar solicitud").click()
            expect(page.locator("[data-hold]")).to_contain_text("Sin conexión")
            assert person.path == FORM
            choose(page)
            expect(row).to_contain_text("se perdió la conexión")
        line.slow(0)
        person.context.set_offline(False)
        # It goes up by itself as soon as there is a line.
        expect(row).to_contain_text(re.compile("KB|MB"))
    expect(page.locator("textarea[name=text]")).to_have_value(NEED)
    kept_by_the_house(visitors, send(page, "linea@cliente.example"))


def test_an_upload_is_tried_again_by_hand_and_outlives_the_page(visitors: Visitors) -> None:
    person = at_the_form(visitors)
    page = person.page
    page.locator("textarea[name=text]").fill(NEED)
    with person.during_an_outage():
        page.route("**/preguntar/archivos/", lambda route: route.abort("connectionreset"), times=1)
        choose(page)
        page.get_by_role("button", name="Reintentar").click()
        row = page.locator(".uploads .file")
        expect(row).to_contain_text(re.compile("KB|MB"))
    page.reload()
    expect(row).to_contain_text("recibo.jpg")
    expect(page.locator("textarea[name=text]")).to_have_value(NEED)
    kept_by_the_house(visitors, send(page, "mano@cliente.example"))


def test_a_file_goes_with_the_form_where_no_more_may_wait(visitors: Visitors) -> None:
    person = at_the_form(visitors)
    page = person.page
    with person.expecting(507):
        full = {"status": 507, "json": {"message": "Lleno."}}
        page.route("**/preguntar/archivos/", lambda route: route.fulfill(**full))
        choose(page)
        expect(page.locator(".uploads .file")).to_contain_text("irá con el formulario")
    kept_by_the_house(visitors, send(page, "lleno@cliente.example"))


def test_a_form_that_did_not_leave_is_free_again(visitors: Visitors) -> None:
    person = visitors()
    page = person.page
    person.go("/seguimiento/")
    page.get_by_label("Clave").fill("AAAA")
    button = page.get_by_role("button", name="Ver mi solicitud")
    # The browser stays where it is, as after «Stop».
    page.route("**/seguimiento/", lambda route: route.fulfill(status=204), times=1)
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).not_to_have_attribute("aria-disabled", "true", timeout=12_000)
    with person.expecting(422):
        button.click()
        expect(page.locator(".errorlist").first).to_be_visible()
    page.go_back()
    expect(button).not_to_have_attribute("aria-disabled", "true")
