"""What helps while one writes: colleagues by name, templates, marks by keys, the guidelines."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.browsing import Visitor, Visitors

MIDDLE = "Lo mira @ mañana."


def test_a_colleague_is_named_within_a_sentence_and_hears_of_it(
    visitors: Visitors, writing: Visitor
) -> None:
    page, keys = writing.page, writing.page.keyboard
    box = deeds.note_box(page)
    box.fill(MIDDLE)
    box.evaluate("(area, at) => area.setSelectionRange(at, at)", MIDDLE.index("@") + 1)
    keys.type("moRA")
    colleagues = page.get_by_role("listbox", name="Colegas")
    expect(colleagues.get_by_role("option")).to_have_text(["Diego Mora"])
    keys.press("Enter")
    expect(box).to_have_value("Lo mira @Diego Mora mañana.")
    expect(colleagues).to_be_hidden()
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.get_by_role("main")).to_contain_text("Lo mira @Diego Mora mañana.")

    diego = visitors("diego")
    diego.go("/cola/menciones/")
    expect(diego.page.get_by_role("main")).to_contain_text(_folio(page))


def test_a_template_fills_in_what_the_case_knows(visitors: Visitors, writing: Visitor) -> None:
    name = "Pedir el extracto"
    marcela = visitors("marcela")
    marcela.go("/plantillas/nueva/")
    marcela.page.get_by_label("Nombre").fill(name)
    marcela.page.get_by_role("textbox", name="Texto").fill(
        "Para {folio} falta el extracto. {firma_agente}"
    )
    marcela.page.get_by_role("button", name="Guardar").click()
    expect(marcela.page.get_by_role("main")).to_contain_text(name)

    page, keys = writing.page, writing.page.keyboard
    box = deeds.reply_box(page)
    box.focus()
    keys.press("/")
    picker = page.get_by_role("dialog", name="Plantillas")
    picker.wait_for()
    keys.type("extrácto pedir")
    expect(picker.get_by_role("option")).to_have_count(1)
    keys.press("Enter")
    expect(picker).to_be_hidden()
    expect(box).to_have_value(f"Para {_folio(page)} falta el extracto. Lucía Barragán")


def test_keys_mark_words_and_what_is_written_is_weighed(writing: Visitor) -> None:
    page, keys = writing.page, writing.page.keyboard
    guidelines = page.locator("#respuesta-pautas")
    box = deeds.reply_box(page)
    box.fill("hoy")
    expect(guidelines).to_contain_text("Falta")
    missing = guidelines.get_by_text("Falta").count()
    keys.press("Control+a")
    keys.press("Control+b")
    expect(box).to_have_value("**hoy**")
    box.fill(f"Buen día, Ana: sobre {_folio(page)} le respondemos hoy.")
    expect(guidelines.get_by_text("Falta")).not_to_have_count(missing)


def _folio(page: Page) -> str:
    return page.url.split("/casos/")[1].split("/")[0]
