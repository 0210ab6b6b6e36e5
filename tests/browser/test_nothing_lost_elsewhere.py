"""Tokens that no longer fit and lines that break: every form still has what was typed into it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.accessible import violations
from tests.browser.browsing import Visitor, Visitors, sign_in
from tests.browser.house import BrowserHouse
from tests.browser.scene import SUBJECTS

TEXT = "Esta frase no se puede perder por nada."
STALE = "El formulario venció"
HEAVIER = """field => {
  const more = Object.assign(document.createElement("input"), { type: "hidden", name: "peso" });
  more.value = "x".repeat(6_000_000);
  field.form.append(more);
}"""


@dataclass(frozen=True)
class Written:
    """A form of somebody: where it is, what is typed, and what was done when it was taken.

    ``fields`` are filled besides the one that is looked at; ``choices`` are selected.
    """

    path: str
    box: str
    button: str
    who: str | None
    fields: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    done: str = ""


FORMS = {
    "assessment": Written(
        "/casos/{folio}/evaluacion/",
        "textarea[name=asked]",
        "Confirmar evaluación",
        "lucia",
        choices=(("category", "billing_query"), ("priority", "high")),
        done="Evaluación registrada.",
    ),
    "progress": Written(
        "/casos/{complicated}/avance/", "textarea[name=text]", "Enviar aviso", "lucia"
    ),
    "reply": Written("/casos/{folio}/", "#respuesta-texto", "Enviar", "lucia"),
    "note": Written("/casos/{folio}/", "#nota-texto", "Guardar nota", "lucia"),
    "article": Written("/conocimiento/nuevo/", "textarea[name=body]", "Guardar borrador", "ana"),
    "template": Written(
        "/plantillas/nueva/",
        "textarea[name=text]",
        "Guardar plantilla",
        "ana",
        fields=(("name", "La que no se pierde"),),
        done="Plantilla guardada.",
    ),
    "colleague": Written(
        "/administracion/personal/nueva/",
        "input[name=full_name]",
        "Crear y enviar el enlace",
        "marcela",
    ),
    "question": Written(
        "/preguntar/billing_query/", "textarea[name=text]", "Enviar solicitud", None
    ),
    "message": Written(
        "/seguimiento/{folio}/",
        "#escribir textarea",
        "Enviar mensaje",
        None,
        done="Recibimos su mensaje",
    ),
}


@pytest.fixture(params=FORMS)
def written(request: pytest.FixtureRequest) -> Written:
    """One form after the other."""
    return FORMS[request.param]


@pytest.fixture
def path(house: BrowserHouse, written: Written) -> str:
    """Where the form is, on a case of its own if it is one of a case."""
    if "{folio}" in written.path:
        return written.path.format(folio=house.case_by_mail(f"Se pierde: {written.button}"))
    return written.path.format(complicated=house.folio_of(SUBJECTS["complicated"]))


@pytest.fixture
def writer(visitors: Visitors, house: BrowserHouse, written: Written, path: str) -> Visitor:
    """Whoever may fill it in, with the form open and filled in, and its token gone."""
    writer = visitors(written.who)
    if written.who is None and "{folio}" in written.path:
        writer.go(house.follow_link(path.split("/")[2]))
    open_form(writer, written, path)
    drop_token(writer)
    for name, value in written.choices:
        writer.page.locator(f"main select[name={name}]").select_option(value)
    for name, value in written.fields:
        writer.page.locator(f"main [name={name}]").fill(value)
    with writer.expecting(403):  # the drafts that are kept while one writes
        writer.page.locator(written.box).press_sequentially(TEXT)
    return writer


def open_form(writer: Visitor, written: Written, path: str) -> None:
    writer.go(path)
    if "#nota" in written.box:
        deeds.note_box(writer.page)
    if "#respuesta" in written.box:
        deeds.reply_box(writer.page)


def send(page: Page, written: Written) -> None:
    page.get_by_role("button", name=written.button, exact=True).click(no_wait_after=True)


def holds(page: Page, written: Written) -> None:
    expect(page.locator(written.box)).to_have_value(TEXT)
    for name, value in (*written.choices, *written.fields):
        expect(page.locator(f"main [name={name}]")).to_have_value(value)


def drop_token(writer: Visitor) -> None:
    """The browser forgets the half of the token that is its own."""
    kept = [each for each in writer.context.cookies() if each["name"] != "csrftoken"]
    writer.context.clear_cookies()
    writer.context.add_cookies(kept)  # type: ignore[arg-type]  # what cookies() gave


def test_the_token_no_longer_fits_and_then_the_line_breaks(
    writer: Visitor, written: Written, path: str
) -> None:
    page = writer.page
    with writer.expecting(403):
        send(page, written)
        expect(page.get_by_role("heading", name=STALE)).to_be_visible()
        page.go_back()
    holds(page, written)
    page.reload()
    holds(page, written)
    with writer.cut_off():
        send(page, written)
        page.wait_for_function("() => !navigator.onLine")
    # The browser shows a page of its own in place of the form, or ours says that there is no line.
    open_form(writer, written, path)
    holds(page, written)
    if written.done:
        send(page, written)
        expect(page.get_by_text(written.done)).to_be_visible()
        open_form(writer, written, path)
        expect(page.locator("main [data-forget]")).to_have_count(0)


def test_words_are_still_there_after_too_much_at_once(
    visitors: Visitors, house: BrowserHouse
) -> None:
    person, written = visitors(), FORMS["message"]
    person.go(house.follow_link(house.case_by_mail("Se pierde: lo que pesa demasiado")))
    box = person.page.locator(written.box)
    box.fill(TEXT)
    box.evaluate(HEAVIER)
    with person.expecting(413):
        send(person.page, written)
        expect(person.page.get_by_role("heading", name="pesa demasiado")).to_be_visible()
        person.page.go_back()
    holds(person.page, written)


def test_what_was_typed_waits_for_its_writer_and_for_nobody_else(visitors: Visitors) -> None:
    page = visitors("ana").page
    written = FORMS["template"]
    house_url = visitors.house.url
    page.goto(house_url + written.path)
    page.locator(written.box).press_sequentially(TEXT)
    for who, there in (("ana", TEXT), ("marcela", "")):
        page.context.clear_cookies()
        page.goto(house_url + written.path)
        sign_in(page, who)
        expect(page.locator(written.box)).to_have_value(there)
    page.locator(written.box).press_sequentially(TEXT)
    page.get_by_role("button", name="Salir").click()
    page.goto(house_url + written.path)
    sign_in(page, "marcela")
    expect(page.locator(written.box)).to_have_value("")


def test_what_a_colleague_changed_meanwhile_is_not_written_over(visitors: Visitors) -> None:
    ana, marcela, written = visitors("ana"), visitors("marcela"), FORMS["template"]
    ana.go(written.path)
    ana.page.locator("main [name=name]").fill("La que cambia otra persona")
    ana.page.locator(written.box).fill("Así empezó.")
    send(ana.page, written)
    expect(ana.page.get_by_text(written.done)).to_be_visible()
    ana.page.get_by_role("link", name="La que cambia otra persona").click()
    path = ana.path
    ana.page.locator(written.box).fill(TEXT)
    marcela.go(path)
    marcela.page.locator(written.box).fill("Así quedó.")
    send(marcela.page, written)
    expect(marcela.page.get_by_text(written.done)).to_be_visible()
    ana.go(path)
    expect(ana.page.locator(written.box)).to_have_value("Así quedó.")
    told = ana.page.locator("main form").get_by_role("status")
    expect(told).to_contain_text(TEXT)
    assert violations(ana.page) == []
    told.get_by_role("button", name="Descartarlo").click()
    expect(ana.page.locator("main")).not_to_contain_text(TEXT)
    ana.page.reload()
    expect(told).to_have_count(0)
