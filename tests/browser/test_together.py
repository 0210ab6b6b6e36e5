"""Two agents on one case: they see each other, and no answer is lost or sent twice."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.browsing import Visitors
from tests.browser.house import BrowserHouse, words


def test_they_see_each_other_come_and_go(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Dos colegas en el mismo caso")
    lucia, ana = visitors("lucia"), visitors("ana")
    deeds.open_case(lucia, folio)
    deeds.open_case(ana, folio)
    expect(lucia.page.locator(".case-head")).to_contain_text("Ana Suárez")
    expect(ana.page.locator(".case-head")).to_contain_text("Lucía Barragán")
    deeds.reply_box(ana.page).press_sequentially("Buen día, Ana", delay=30)
    expect(lucia.page.locator(".case-head")).to_contain_text("escrib")
    ana.go("/cola/todos/")
    expect(lucia.page.locator(".case-head")).not_to_contain_text("Ana Suárez")


def test_both_send_at_once_and_one_decides(visitors: Visitors, house: BrowserHouse) -> None:
    sender = "ambas@cliente.example"
    folio = house.case_by_mail("Dos respuestas a la vez", sender=sender)
    lucia, ana = visitors("lucia"), visitors("ana")
    hers, others = "Buen día: le responde Lucía con gusto.", "Buen día: le responde Ana con gusto."
    for person, text in ((lucia, hers), (ana, others)):
        deeds.open_case(person, folio)
        deeds.reply_box(person.page).fill(text)
    with lucia.expecting(409), ana.expecting(409):
        # Neither waits for the other: the second click leaves before the first is answered.
        for person in (lucia, ana):
            person.page.locator("details.reply button.send").click(no_wait_after=True)
        for person in (lucia, ana):
            told = person.page.locator("#motivo, [data-leaving]:not([data-theirs])")
            expect(told.first).to_be_visible()
    refused = [each for each in (lucia, ana) if each.page.locator("#motivo").count()]
    assert len(refused) == 1, "one leaves, the other is told"
    text = hers if refused[0] is lucia else others
    expect(deeds.reply_box(refused[0].page)).to_have_value(text)

    house.wait(lambda: _answers(house, sender), what="the answer that left")
    refused[0].page.wait_for_timeout(1_000)
    assert len(_answers(house, sender)) == 1, "the other waits for a decision"


def test_a_new_message_is_announced_and_waits(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Llega algo mientras leo")
    lucia, ana = visitors("lucia"), visitors("ana")
    deeds.open_case(lucia, folio)
    deeds.open_case(ana, folio)
    deeds.note_box(ana.page).fill("Nota que Lucía no ha visto.")
    ana.page.get_by_role("button", name="Guardar nota").click()
    shown = lucia.page.locator("#novedades").get_by_role("link", name="Mostrar")
    expect(shown).to_be_visible()
    expect(lucia.page.locator("#conversacion")).not_to_contain_text("no ha visto")
    shown.click()
    expect(lucia.page.locator("#conversacion")).to_contain_text("no ha visto")


def test_a_case_that_somebody_just_closed(visitors: Visitors, house: BrowserHouse) -> None:
    folio = house.case_by_mail("Lo cierra otra persona")
    lucia, ana = visitors("lucia"), visitors("ana")
    deeds.open_case(lucia, folio)
    deeds.reply_box(lucia.page).fill("Buen día: sigo con su asunto.")
    deeds.open_case(ana, folio)
    ana.go(f"/casos/{folio}/desistimiento/")
    ana.page.locator("main [name=reason]").fill("Avisó por teléfono que ya no lo necesita.")
    ana.page.get_by_role("button", name="Registrar desistimiento").click()
    expect(ana.page.get_by_text("Desistimiento registrado.")).to_be_visible()
    with lucia.expecting(409):
        deeds.send(lucia.page)
        expect(lucia.page.locator("#motivo")).to_be_visible()
    expect(deeds.reply_box(lucia.page)).to_have_value("Buen día: sigo con su asunto.")


def _answers(house: BrowserHouse, sender: str) -> list[str]:
    return [text for each in house.mails_to(sender) if "le responde" in (text := words(each))]
