"""Hostile words in real pages: shown as they are, run by nobody. (All forms: tests/web.)"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import Visitors
from tests.browser.house import BrowserHouse

MARKUP = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
LONG = "palabra" * 4_000
TEN_MEGABYTES = 10 * 1024 * 1024


def test_words_of_strangers_stay_words(visitors: Visitors, house: BrowserHouse) -> None:
    subject = "<b>Asunto</b> <script>document.title='taken'</script> sin efecto"
    folio = house.case_by_mail(subject, text=f"{MARKUP}\n{LONG}\n")
    for device in ("desktop", "phone"):
        lucia = visitors("lucia", device=device)
        for path in (f"/casos/{folio}/", "/cola/sin-asignar/", "/buscar/?q=Asunto"):
            lucia.go(path)
            assert lucia.page.title() != "taken"
            assert deeds.overhang(lucia.page) <= 0, (device, path)
    lucia.go(f"/casos/{folio}/")
    expect(lucia.page.get_by_role("heading", level=1)).to_have_text(subject)


def test_an_answer_that_is_too_long_is_kept(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Una respuesta sin fin")
    lucia = visitors("lucia")
    page = deeds.open_case(lucia, folio)
    box = deeds.reply_box(page)
    box.evaluate("(area, text) => { area.removeAttribute('maxlength'); area.value = text; }", LONG)
    with lucia.expecting(422, 413):
        deeds.send(page)
        expect(page.locator("#motivo")).to_be_visible()
    assert len(deeds.reply_box(page).input_value()) == len(LONG)


def test_ten_megabytes_of_words_are_refused_in_words(
    visitors: Visitors, house: BrowserHouse
) -> None:
    folio = house.case_by_mail("Diez megas de nada")
    lucia = visitors("lucia", traced=False)
    # Past the page: a text field of this size keeps Chromium busy for a minute.
    answer = lucia.context.request.post(
        f"{house.url}/casos/{folio}/nota/", form={"text": "x" * TEN_MEGABYTES}
    )
    assert answer.status == 413
    assert "No se envió nada" in answer.text()


def test_a_folder_of_hostile_names_can_be_attached(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Archivos de nombre raro")
    lucia = visitors("lucia")
    page = deeds.open_case(lucia, folio)
    deeds.reply_box(page)
    page.locator("details.reply input[type=file]").set_input_files(
        {
            "name": "<img src=x>\u202efdp.exe",
            "mimeType": "application/pdf",
            "buffer": b"MZ" + bytes(64),
        }
    )
    attached = page.locator("#respuesta-archivos")
    expect(attached).to_contain_text("_img src=x_fdp.exe")  # as every system can hold it
    expect(attached.locator("img")).to_have_count(0)
    assert deeds.overhang(page) <= 0
