"""An agent's day: sign in, find the case, assess it, answer, take back, note, resolve."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import DEVICES, Device, Visitors, sign_in
from tests.browser.house import BrowserHouse, words

ANSWER = "Buen día, Ana:\n\nEl segundo cobro fue un error nuestro y lo devolvemos hoy.\n\nLucía"


@pytest.mark.parametrize("device", list(DEVICES))
def test_from_the_door_to_resolved(visitors: Visitors, house: BrowserHouse, device: Device) -> None:
    subject = f"Doble cobro del plan en {device}"
    sender = f"{device}@cliente.example"
    folio = house.case_by_mail(subject, sender=sender)
    lucia = visitors(device=device)
    page = lucia.page
    lucia.go("/cola/sin-asignar/")
    sign_in(page, "lucia")
    assert lucia.path == "/cola/sin-asignar/", "sent back to where one wanted to go"
    page.get_by_role("link", name=subject).first.click()
    page.wait_for_url(f"**/casos/{folio}/**")
    deeds.assess(page)

    deeds.reply_box(page).fill(ANSWER)
    deeds.send(page)
    page.get_by_role("button", name="Deshacer").click()
    expect(deeds.reply_box(page)).to_have_value(ANSWER)
    assert not any(ANSWER[:20] in words(each) for each in house.mails_to(sender))

    deeds.send(page)
    expect(page.get_by_text("Su respuesta está saliendo.")).to_be_visible()
    house.wait(
        lambda: any("devolvemos hoy" in words(each) for each in house.mails_to(sender)),
        what="the answer at the customer's",
    )
    page.reload()
    expect(page.locator("#conversacion")).to_contain_text("lo devolvemos hoy")

    deeds.note_box(page).fill("Contabilidad confirmó la devolución.")
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.locator("#conversacion")).to_contain_text("Contabilidad confirmó")

    deeds.resolve(page)
    house.wait(
        lambda: any("llega en tres días" in words(each) for each in house.mails_to(sender)),
        what="the summary at the customer's",
    )
    told = [words(each) for each in house.mails_to(sender)]
    assert sum("devolvemos hoy" in each for each in told) == 1, "sent once"
    assert not any("Contabilidad" in each for each in told), "a note leaves nobody"
