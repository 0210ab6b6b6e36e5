"""Lines are cut, sessions end, servers die: what was typed is still there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import Visitor, Visitors, sign_in
from tests.browser.house import BrowserHouse

TEXT = "Buen día, Ana: esta frase no se puede perder por nada."


def test_without_a_line_and_reloaded_after(writing: Visitor) -> None:
    box = deeds.reply_box(writing.page)
    with writing.cut_off():
        box.press_sequentially(TEXT)
        expect(writing.page.locator("details.reply [data-saved]")).to_contain_text("Sin conexión")
    writing.page.reload()
    expect(deeds.reply_box(writing.page)).to_have_value(TEXT)
    expect(writing.page.locator("details.reply [data-saved]")).to_contain_text("uardado")


def test_a_draft_is_there_in_another_browser(visitors: Visitors, writing: Visitor) -> None:
    deeds.reply_box(writing.page).fill(TEXT)
    expect(writing.page.locator("details.reply [data-saved]")).to_contain_text("uardado")
    elsewhere = visitors("lucia", device="phone")
    elsewhere.go(writing.path)
    expect(deeds.reply_box(elsewhere.page)).to_have_value(TEXT)


def test_the_server_dies_and_comes_back(writing: Visitor, house: BrowserHouse) -> None:
    box = deeds.reply_box(writing.page)
    with writing.during_an_outage():
        assert house.kill("web")
        box.press_sequentially(TEXT)
        house.wait(house.is_healthy, what="the pages to come back")
        expect(box).to_have_value(TEXT)
        expect(writing.page.locator("details.reply [data-saved]")).to_contain_text("uardado")
    deeds.send(writing.page)
    expect(writing.page.get_by_text("Su respuesta está saliendo.")).to_be_visible()


def test_the_session_ends_while_one_writes(writing: Visitor) -> None:
    box = deeds.reply_box(writing.page)
    writing.context.clear_cookies()
    with writing.expecting(403, 302, 401):
        box.press_sequentially(TEXT)
        link = writing.page.locator("details.reply [data-saved]").get_by_role("link", name="Entrar")
        expect(link).to_be_visible()
        link.click()
        sign_in(writing.page, "lucia")
    expect(deeds.reply_box(writing.page)).to_have_value(TEXT)
