"""What people do on the pages, by the words that they read there."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Visitor

EXPECT_MS = 20_000
expect.set_options(timeout=EXPECT_MS)


def open_case(visitor: Visitor, folio: str) -> Page:
    """The page of a case."""
    visitor.go(f"/casos/{folio}/")
    return visitor.page


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


def resolve(page: Page) -> None:
    """Resolve the case with a summary for the person."""
    page.get_by_role("link", name="Resolver").first.click()
    page.locator("textarea[name=text]").fill("Devolvimos el segundo cobro; llega en tres días.")
    page.get_by_role("button", name="Dar por resuelto").click()
    expect(page.get_by_text("Caso resuelto; la persona recibe el resumen.")).to_be_visible()
