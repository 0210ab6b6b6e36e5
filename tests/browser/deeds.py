"""What people do on the pages, by the words that they read there."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Visitor

EXPECT_MS = 20_000
READING_MS = 4_000
"""A person takes longer over a form than a machine; the portal asks the quick ones to wait."""
expect.set_options(timeout=EXPECT_MS)


def open_case(visitor: Visitor, folio: str) -> Page:
    """The page of a case."""
    visitor.go(f"/casos/{folio}/")
    return visitor.page


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def reply_box(page: Page) -> Locator:
    """The text of the answer, its tab opened."""
    box = page.locator("#respuesta-texto")
    if not box.is_visible():
        page.locator("details.reply > summary").click()
    return box


def note_box(page: Page) -> Locator:
    """The text of the note, its tab opened."""
    box = page.locator("#nota-texto")
    if not box.is_visible():
        page.locator("details.note > summary").click()
    return box


def send(page: Page) -> None:
    """Press «Enviar» of the answer."""
    page.locator("details.reply button.send").click()


def assess(page: Page) -> None:
    """Say what the case is about, from its page."""
    page.get_by_role("link", name="Evaluar").first.click()
    page.locator("select[name=category]").select_option("billing_query")
    page.locator("select[name=priority]").select_option("high")
    page.locator("textarea[name=asked]").fill("Saber por qué le cobraron dos veces.")
    page.get_by_role("button", name="Confirmar evaluación").click()
    expect(page.get_by_text("Evaluación registrada.")).to_be_visible()


def ask_about_a_bill(page: Page, *, email: str, need: str) -> str:
    """Fill the customer's form and send it; the folio on the page that follows."""
    page.get_by_label("Entender un cobro").check()
    for field in page.locator("form.ask .field :is(input, textarea):visible").all():
        kind = field.get_attribute("type") or ""
        if field.get_attribute("inputmode") == "email" or field.get_attribute("name") == "email":
            field.fill(email)
        elif kind == "date":
            field.fill("2026-11-02")
        elif kind not in ("checkbox", "radio", "file", "tel"):
            field.fill(need if field.evaluate("each => each.tagName") == "TEXTAREA" else "4711")
    page.wait_for_timeout(READING_MS)
    page.get_by_role("button", name="Enviar solicitud").click()
    page.wait_for_url("**/preguntar/recibida/**")
    found = re.search(r"GS-\d{4}-\d{6}-\w", page.inner_text("main"))
    assert found, "the folio stands on the page"
    return found[0]


def resolve(page: Page) -> None:
    """Resolve the case with a summary for the person."""
    page.get_by_role("link", name="Resolver").first.click()
    page.locator("textarea[name=text]").fill("Devolvimos el segundo cobro; llega en tres días.")
    page.get_by_role("button", name="Dar por resuelto").click()
    expect(page.get_by_text("Caso resuelto; la persona recibe el resumen.")).to_be_visible()
