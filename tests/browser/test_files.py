"""Files into an answer as people bring them: dropped on the page, pasted, taken away again."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import JSHandle, Locator, Page, expect

from tests.browser import deeds
from tests.browser.browsing import Visitor
from tests.browser.house import BrowserHouse

CARRIED = """(brought) => {
  const data = new DataTransfer();
  for (const [name, kind, words] of brought.files) {
    data.items.add(new File([words], name, { type: kind }));
  }
  if (brought.text) data.setData('text/plain', brought.text);
  return data;
}"""
DRAGGED = """(dock, [kind, data]) => dock.dispatchEvent(new DragEvent(
  kind, { dataTransfer: data, bubbles: true, cancelable: true }))"""
PASTED = """(box, data) => box.dispatchEvent(new ClipboardEvent(
  'paste', { clipboardData: data, bubbles: true, cancelable: true }))"""
NOTE = ("nota.txt", "text/plain", "hola")
EXTRACT = ("extracto de noviembre.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n")
PICTURE = ("captura.png", "image/png", "no es una imagen de verdad")
Brought = tuple[str, str, str]


def carried(page: Page, *files: Brought, text: str = "") -> JSHandle:
    """What a person drags or has copied, as Chromium hands it to the page."""
    return page.evaluate_handle(CARRIED, {"files": [list(each) for each in files], "text": text})


def attached(page: Page) -> Locator:
    return page.locator("#respuesta-archivos")


def names_received(house: BrowserHouse, address: str) -> Sequence[str | None]:
    mails = house.mails_to(address)
    return sorted(str(each.get_filename()) for mail in mails for each in mail.iter_attachments())


def test_files_are_dropped_on_the_composer_and_leave_with_the_answer(
    writing: Visitor, house: BrowserHouse
) -> None:
    page, dock = writing.page, writing.page.locator("[data-composer]")
    deeds.reply_box(page).fill("Van los dos archivos.")
    data = carried(page, NOTE, EXTRACT)
    dock.dispatch_event("dragover", {"dataTransfer": data})
    assert "dropping" in (dock.get_attribute("class") or "")
    assert dock.get_attribute("data-drop-words") == "Suelte aquí los archivos"
    dock.dispatch_event("drop", {"dataTransfer": data})
    expect(attached(page)).to_contain_text(NOTE[0])
    expect(attached(page)).to_contain_text(EXTRACT[0])
    assert "dropping" not in (dock.get_attribute("class") or "")
    page.reload()
    expect(attached(page)).to_contain_text(EXTRACT[0])
    deeds.send(page)
    expect(page.get_by_text("Su respuesta está saliendo.")).to_be_visible()
    address = house.one(
        "SELECT k.value FROM crm_contactpoint k JOIN register_case c ON c.person_id = k.person_id"
        f" WHERE c.folio = '{writing.path.split('/')[2]}'"
    )
    house.wait(lambda: names_received(house, address), what="the answer with its files")
    assert names_received(house, address) == sorted([NOTE[0], EXTRACT[0]])


def test_a_drop_over_the_note_opens_the_answer(writing: Visitor) -> None:
    page = writing.page
    deeds.note_box(page).fill("Solo para el equipo.")
    data = carried(page, NOTE)
    page.locator("#nota-texto").dispatch_event("drop", {"dataTransfer": data})
    expect(attached(page)).to_contain_text(NOTE[0])
    expect(page.locator("#respuesta-texto")).to_be_visible()


def test_what_is_dragged_without_a_file_stays_with_the_browser(writing: Visitor) -> None:
    dock = writing.page.locator("[data-composer]")
    data = carried(writing.page, text="solo palabras")
    for kind in ("dragover", "drop"):
        assert dock.evaluate(DRAGGED, [kind, data]), "the browser does what it always does"
        assert "dropping" not in (dock.get_attribute("class") or "")
    expect(attached(writing.page).locator("li")).to_have_count(0)


def test_a_copied_picture_is_pasted_and_taken_away_again(writing: Visitor) -> None:
    page, box = writing.page, deeds.reply_box(writing.page)
    box.fill("Mire la captura.")
    assert not box.evaluate(PASTED, carried(page, PICTURE)), "the page takes the picture itself"
    expect(attached(page)).to_contain_text(PICTURE[0])
    expect(box).to_have_value("Mire la captura.")
    attached(page).get_by_role("button").first.click()
    expect(attached(page).locator("li")).to_have_count(0)
    page.reload()
    expect(deeds.reply_box(page)).to_have_value("Mire la captura.")
    expect(attached(page).locator("li")).to_have_count(0)


def test_words_that_come_with_a_picture_of_themselves_are_pasted_as_words(
    writing: Visitor,
) -> None:
    page, box = writing.page, deeds.reply_box(writing.page)
    data = carried(page, PICTURE, text="palabras de una hoja de cálculo")
    assert box.evaluate(PASTED, data), "the browser pastes the words by itself"
    page.wait_for_timeout(300)
    expect(attached(page).locator("li")).to_have_count(0)
