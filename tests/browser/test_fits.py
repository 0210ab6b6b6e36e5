"""Pages fit the window they are shown in: a phone, a narrow window, a desk."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.browsing import Visitor, Visitors
from tests.browser.house import BrowserHouse, a_mail
from tests.browser.pages import PAGES
from tests.browser.pages import Page as Listed

NARROW = {"width": 900, "height": 900}
DESK = {"width": 1440, "height": 900}
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
ROOMS = [page for page in PAGES if page.who == "marcela"]


def overhang(visitor: Visitor, listed: Listed) -> int:
    """By how many pixels a page is wider than its window."""
    visitor.go(listed.path_in(visitor.house))
    return deeds.overhang(visitor.page)


def test_no_room_of_the_administration_is_pushed_sideways(visitors: Visitors) -> None:
    marcela = visitors("marcela", device="phone", traced=False)
    wide = {listed.path: overhang(marcela, listed) for listed in ROOMS}
    assert len(wide) > 15
    assert not {path: by for path, by in wide.items() if by > 0}


@pytest.mark.parametrize("size", [NARROW, None], ids=["narrow", "phone"])
def test_the_rooms_open_from_one_button(visitors: Visitors, size: dict[str, int] | None) -> None:
    page = visitors("marcela", device="desktop" if size else "phone").page
    if size:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
    page.goto(f"{visitors.house.url}/administracion/salud/")
    rooms = page.get_by_role("navigation", name="Administración")
    expect(rooms).to_be_hidden()
    page.get_by_role("button", name="Administración Salud").click()
    expect(rooms.get_by_role("link", name="Salud")).to_have_attribute("aria-current", "page")
    rooms.get_by_role("link", name="Mesas").click()
    expect(page.get_by_role("heading", name="Mesas", level=1)).to_be_visible()


def test_who_is_signed_in_stays_in_sight_under_the_longest_menu(visitors: Visitors) -> None:
    page: Page = visitors("marcela").page
    for height in (900, 600):
        page.set_viewport_size({"width": DESK["width"], "height": height})
        page.goto(f"{visitors.house.url}/administracion/salud/")
        expect(page.get_by_role("button", name="Salir")).to_be_in_viewport(ratio=1)
        expect(page.locator(".menu").get_by_text("Marcela Ibáñez")).to_be_in_viewport(ratio=1)


def test_a_long_subject_and_a_bare_address_fit_the_phone(
    visitors: Visitors, house: BrowserHouse
) -> None:
    subject = "Devolución_" * 14 + "del cobro"
    folio = house.case_by_mail(subject, sender=f"{'contabilidad.' * 4}uno@cliente.example")
    lucia = visitors("lucia", device="phone", traced=False)
    for path in (f"/casos/{folio}/", "/cola/todos/", f"/casos/{folio}/registro/"):
        assert overhang(lucia, Listed(path)) <= 0, path


def test_after_sending_the_place_to_write_stays_in_sight(
    visitors: Visitors, house: BrowserHouse
) -> None:
    lucia = visitors("lucia")
    page = lucia.page
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    deeds.open_case(lucia, house.case_by_mail("Se envía y se sigue escribiendo"))
    deeds.reply_box(page).fill("Ya lo miramos.")
    deeds.send(page)
    expect(page.get_by_text("Su respuesta está saliendo.")).to_be_visible()
    expect(page.get_by_text("Respuesta registrada")).to_be_hidden()
    send = page.get_by_role("button", name="Enviar", exact=True)
    expect(send).to_be_in_viewport(ratio=1)
    deeds.note_box(page).fill("Solo para el equipo.")
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.locator("#avisos .notice")).to_be_visible()
    deeds.reply_box(page)
    expect(send).to_be_in_viewport(ratio=1)


def test_beside_an_empty_queue_the_case_takes_the_room_and_a_sign_searches(
    visitors: Visitors, house: BrowserHouse
) -> None:
    ana = visitors("ana")
    page = ana.page
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    deeds.open_case(ana, house.case_by_mail("De otra persona"))
    expect(page.locator("#cola-lado .empty")).to_be_attached()
    expect(page.locator("#cola-lado")).to_be_hidden()
    page.get_by_title("Buscar (Ctrl+K)").click()
    expect(page.locator("#paleta")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#menu-q")).to_be_focused()


def test_a_picture_among_the_files_does_not_lengthen_the_page(
    visitors: Visitors, house: BrowserHouse
) -> None:
    subject = "Con la foto del recibo"
    mail = a_mail(subject, text="Va la foto.", sender="foto@cliente.example")
    mail.add_attachment(PICTURE, maintype="image", subtype="png", filename="recibo.png")
    folio = house.case_by_mail(subject, mail=mail, sender="foto@cliente.example")
    page = deeds.open_case(visitors("lucia"), folio)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    expect(page.locator("a.thumb").first).to_be_attached()
    page.goto(f"{page.url}#responder")
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    assert page.evaluate("scrollY") == 0
