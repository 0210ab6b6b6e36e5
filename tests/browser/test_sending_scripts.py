"""What the script of the composer adds to sending: it waits for what is under way, and lets go again."""

from __future__ import annotations

import re
import time

from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser import deeds
from tests.browser.browsing import Visitor, Visitors

SAVING = re.compile(r"/borrador/$")
FILES = re.compile(r"/borrador/archivos/$")
SENDING = re.compile(r"/respuesta/$")
SLOW_S = 1.5
NOTE: FilePayload = {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"hola"}
ON_ITS_WAY = "Su respuesta está saliendo."


def slowly(route: Route) -> None:
    time.sleep(SLOW_S)
    route.continue_()


def saved(page: Page) -> None:
    expect(page.locator("details.reply [data-saved]")).to_contain_text("uardado")


def test_an_answer_waits_for_its_file_and_for_its_draft(writing: Visitor) -> None:
    page = writing.page
    deeds.reply_box(page).fill("Va con un archivo.")
    saved(page)
    page.route(SAVING, slowly)
    page.route(FILES, slowly)
    page.locator("details.reply input[type=file]").set_input_files(NOTE)
    deeds.reply_box(page).press("End")
    deeds.reply_box(page).press_sequentially(" Y más.")
    page.locator("details.reply button.send").dblclick()
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(deeds.reply_box(page)).to_have_value("Va con un archivo. Y más.")
    expect(page.locator("#respuesta-archivos")).to_contain_text("nota.txt")


def test_a_file_of_another_tab_is_seen_before_it_leaves(writing: Visitor) -> None:
    page, other = writing.page, writing.context.new_page()
    writing.watch(other)
    deeds.reply_box(page).fill("Sin archivos.")
    saved(page)
    other.goto(page.url)
    other.locator("details.reply input[type=file]").set_input_files(NOTE)
    expect(other.locator("#respuesta-archivos")).to_contain_text("nota.txt")
    with writing.expecting(409):
        deeds.send(page)
        expect(page.get_by_role("alert")).to_contain_text("se añadió el archivo «nota.txt»")
    expect(deeds.reply_box(page)).to_have_value("Sin archivos.")
    deeds.send(page)
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible()


def test_after_a_stopped_sending_one_goes_on_writing_and_sends(writing: Visitor) -> None:
    page, box = writing.page, deeds.reply_box(writing.page)
    box.fill("Se detuvo")
    saved(page)
    page.route(SENDING, lambda route: route.abort("aborted"), times=1)
    deeds.send(page)
    page.wait_for_timeout(300)
    box.press("End")
    with page.expect_response(SAVING):
        box.press_sequentially(" y sigue.")
    page.reload()
    expect(deeds.reply_box(page)).to_have_value("Se detuvo y sigue.")
    page.route(SENDING, lambda route: route.abort("aborted"), times=1)
    deeds.send(page)
    page.wait_for_timeout(300)
    deeds.reply_box(page).press_sequentially("!")
    deeds.send(page)
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible()


def test_a_letter_typed_in_another_tab_does_not_send_it_a_second_time(writing: Visitor) -> None:
    page, other = writing.page, writing.context.new_page()
    writing.watch(other)
    deeds.reply_box(page).fill("Sale una vez.")
    saved(page)
    other.goto(page.url)
    deeds.send(page)
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible()
    with writing.expecting(409, 410):
        deeds.reply_box(other).press("End")
        deeds.reply_box(other).press_sequentially(".")
        told = other.locator("details.reply .clash")
        expect(told).to_contain_text("se envió o se descartó")
        expect(deeds.reply_box(other)).to_have_value("Sale una vez..")
        other.reload()
        expect(deeds.reply_box(other)).to_have_value("Sale una vez..")
        expect(told).to_contain_text("se envió o se descartó")
        page.reload()
        expect(deeds.reply_box(page)).to_have_value("")
        told.get_by_role("button", name="Guardarlo como texto nuevo").click()
        saved(other)
        deeds.send(other)
        alert = other.locator("#motivo")
        expect(alert).to_contain_text("Otra respuesta suya a este caso todavía está por salir.")
    expect(deeds.reply_box(other)).to_have_value("Sale una vez..")


def test_a_key_after_sending_does_not_keep_the_text_again(writing: Visitor) -> None:
    page, box = writing.page, deeds.reply_box(writing.page)
    case = page.url
    box.fill("Ya se fue.")
    saved(page)
    handed: list[int] = []

    def answered_late(route: Route) -> None:
        handed.append(route.fetch(max_redirects=0).status)
        time.sleep(SLOW_S)
        route.abort("aborted")  # the way back is lost; the answer is on its way

    page.route(SENDING, answered_late, times=1)
    with writing.expecting(410):
        deeds.send(page)
        page.wait_for_timeout(300)
        assert handed == [302]
        with page.expect_response(lambda each: each.status == 410):
            box.press_sequentially("!")
        told = page.locator("details.reply .clash")
        expect(told).to_contain_text("se envió o se descartó")
        page.goto(case)
        expect(deeds.reply_box(page)).to_have_value("Ya se fue.!")
        expect(told).to_contain_text("se envió o se descartó")
    elsewhere = writing.context.new_page()
    writing.watch(elsewhere)
    elsewhere.goto(case)
    expect(elsewhere.get_by_text(ON_ITS_WAY)).to_be_visible()
    expect(deeds.reply_box(elsewhere)).to_have_value("")


def test_a_save_that_hangs_is_broken_off_for_the_sending(writing: Visitor) -> None:
    page = writing.page
    hanging: list[Route] = []

    def never(route: Route) -> None:
        hanging.append(route)

    deeds.reply_box(page).fill("Primero")
    saved(page)
    page.route(SAVING, never, times=1)
    broken: list[str] = []
    page.on("requestfailed", lambda each: broken.append(each.url))
    deeds.reply_box(page).press("End")
    deeds.reply_box(page).press_sequentially(" y último.")
    page.wait_for_timeout(1_000)
    assert hanging
    deeds.send(page)
    expect(page.get_by_text(ON_ITS_WAY)).to_be_visible(timeout=10_000)
    assert any(SAVING.search(each) for each in broken)
    page.get_by_role("button", name="Deshacer").click()
    expect(deeds.reply_box(page)).to_have_value("Primero y último.")


def test_a_resolution_is_kept_while_it_is_written(visitors: Visitors, writing: Visitor) -> None:
    page, case = writing.page, writing.path
    deeds.assess(page)
    page.get_by_role("link", name="Resolver").first.click()
    page.locator("textarea[name=text]").press_sequentially("Devolvimos el cobro.")
    expect(page.locator("[data-saved]")).to_contain_text("uardado")
    elsewhere = visitors("lucia", device="phone")
    elsewhere.go(f"{case}resolucion/")
    expect(elsewhere.page.locator("textarea[name=text]")).to_have_value("Devolvimos el cobro.")
    page.get_by_role("button", name="Dar por resuelto").click()
    expect(page.get_by_text("Caso resuelto; la persona recibe el resumen.")).to_be_visible()
