"""Everything by keyboard: from the door to a resolved case, no pointer touched."""

from __future__ import annotations

from email.headerregistry import Address

from playwright.sync_api import Page, expect

from tests.browser.browsing import Visitors
from tests.browser.house import PASSWORD, BrowserHouse, a_mail, address_of

TABS = 120
"""More stops than any page has."""
FOCUSED = """() => {
  const at = document.activeElement;
  return (at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent || at.name || '').trim();
}"""


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the words of what has the focus begin so; fail when it is never reached."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if " ".join(page.evaluate(FOCUSED).split()).startswith(what):
            assert page.evaluate(
                "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                " || getComputedStyle(document.activeElement).boxShadow !== 'none'"
            ), f"nobody sees that «{what}» has the focus"
            return
    raise AssertionError(f"«{what}» is not reached by Tab")


def test_from_the_door_to_resolved(visitors: Visitors, house: BrowserHouse) -> None:
    subject = "Atendido solo con teclado"
    folio = house.case_by_mail(subject)
    lucia = visitors()
    page, keys = lucia.page, lucia.page.keyboard
    lucia.go("/cola/sin-asignar/")
    tab_to(page, "Correo")
    keys.type(address_of("lucia"))
    tab_to(page, "Contraseña")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(lambda url: "/cuenta/" not in url)

    keys.press("/")
    keys.type(folio)
    keys.press("Enter")
    page.wait_for_url(f"**/casos/{folio}/**")

    tab_to(page, "Evaluar")
    keys.press("Enter")
    page.wait_for_url("**/evaluacion/")
    tab_to(page, "Categoría")
    keys.type("Consulta de fact")
    tab_to(page, "Qué se pide")
    keys.type("Saber qué se le cobró.")
    tab_to(page, "Confirmar evaluación")
    keys.press("Enter")
    expect(page.get_by_text("Evaluación registrada.")).to_be_visible()

    keys.press("r")
    keys.type("Buen día, Ana: revisamos su cuenta y hoy le confirmamos.")
    keys.press("Control+Enter")
    expect(page.get_by_text("Su respuesta está saliendo.")).to_be_visible()
    house.wait(
        lambda: house.rows(
            f"SELECT 1 FROM register_message m JOIN register_case c ON c.id = m.case_id WHERE c.folio = '{folio}' AND m.direction = 'out' AND m.text LIKE '%hoy le confirmamos%'"
        ),
        what="the answer in the record",
    )

    page.reload()
    keys.press("Escape")
    keys.press("Control+k")
    page.get_by_role("dialog").wait_for()
    keys.type("resolver")
    keys.press("Enter")
    page.wait_for_url("**/resolucion/")
    tab_to(page, "Qué se hizo")
    keys.type("Devolvimos el segundo cobro.")
    keys.press("Control+Enter")
    expect(page.get_by_text("Caso resuelto; la persona recibe el resumen.")).to_be_visible()


def test_the_help_sheet_opens_and_gives_the_focus_back(visitors: Visitors) -> None:
    lucia = visitors("lucia")
    lucia.go("/cola/todos/")
    keys = lucia.page.keyboard
    keys.press("?")
    sheet = lucia.page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    assert sheet.locator("dt, kbd").count() > 5
    keys.press("Escape")
    expect(sheet).not_to_be_visible()


def test_the_palette_finds_a_person_and_leads_to_their_cases(
    visitors: Visitors, house: BrowserHouse
) -> None:
    mail = a_mail("Pregunta de quien se busca", text="¿Hola?", sender="ursula@cliente.example")
    del mail["From"]
    mail["From"] = Address("Úrsula <i>Quiñones</i>", "ursula", "cliente.example")
    folio = house.case_by_mail(
        "Pregunta de quien se busca", mail=mail, sender="ursula@cliente.example"
    )
    lucia = visitors("lucia")
    page, keys = lucia.page, lucia.page.keyboard
    lucia.go("/cola/todos/")
    keys.press("Control+k")
    page.get_by_role("dialog").wait_for()
    keys.type("ursula quinon")
    person = page.get_by_role("group", name="Personas").get_by_role("option")
    expect(person).to_have_count(1)
    expect(person).to_contain_text("ursula@cliente.example · 1 caso, 1 sin cerrar")
    assert page.locator("#paleta i").count() == 0, "a name is text, whatever it holds"
    for _ in range(TABS):
        if person.get_attribute("aria-selected"):
            break
        keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url("**/buscar/?persona=*")
    expect(page.locator("main")).to_contain_text(folio)
