"""A browser that forbids pages to keep anything still asks, with a file."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import Visitors

FORBIDDEN = """for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
}"""


def test_a_customer_asks_with_a_file(visitors: Visitors) -> None:
    visitor = visitors()
    page = visitor.page
    page.add_init_script(FORBIDDEN)
    visitor.go("/preguntar/")
    page.get_by_role("link", name="Una factura o un cobro").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "factura.txt", "mimeType": "text/plain", "buffer": b"una factura"}
    )
    expect(page.locator("[data-uploads]")).to_contain_text("factura.txt")
    expect(page.locator("input[type=hidden][name=archivo]")).to_have_count(1)
    deeds.ask_about_a_bill(page, email="sinmemoria@cliente.example", need="Otra cosa")
    expect(page.get_by_role("main")).to_contain_text("GS-")
