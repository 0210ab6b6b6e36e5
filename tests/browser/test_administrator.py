"""An administrator: accounts, a test mail, versions of the policy, what waits and what failed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.accessible import violations
from tests.browser.browsing import DEVICES, Device, Visitors
from tests.browser.house import BrowserHouse, words
from ventanilla.policy.packs import load

NEW_PASSWORD = "una frase larga y tranquila"


@pytest.mark.parametrize("device", list(DEVICES))
def test_makes_an_account_that_its_owner_opens(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    email = f"nuevo.{device}@generasoft.example"
    marcela = visitors("marcela", device=device)
    page = marcela.page
    marcela.go("/administracion/personal/nueva/")
    page.locator("input[type=email]").fill(email)
    page.locator("main form input[type=text]").first.fill("Teresa Uribe")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Teresa Uribe")

    house.wait(lambda: house.mails_to(email), what="the invitation")
    found = re.search(r"/invitacion/\S+", words(house.mails_to(email)[0]))
    assert found
    teresa = visitors(device=device)
    teresa.go(found[0])
    assert violations(teresa.page) == []
    for box in teresa.page.locator("input[type=password]").all():
        box.fill(NEW_PASSWORD)
    teresa.page.locator("main form button[type=submit]").last.click()
    teresa.page.wait_for_url(lambda url: "/invitacion/" not in url)
    expect(teresa.page.get_by_role("main")).to_be_visible()


def test_sends_a_test_mail(visitors: Visitors, house: BrowserHouse) -> None:
    marcela = visitors("marcela")
    marcela.go("/administracion/canales/")
    page = marcela.page
    form = page.get_by_role("region", name="Lo que sale").locator("form")
    form.locator("input[type=email], input[type=text]").first.fill("prueba@oficina.example")
    form.get_by_role("button", name="Enviar la prueba").click()
    house.wait(lambda: house.mails_to("prueba@oficina.example"), what="the test mail")
    expect(page.get_by_role("main")).to_contain_text("250")


def test_replays_what_is_in_quarantine(visitors: Visitors, house: BrowserHouse) -> None:
    marcela = visitors("marcela")
    item = house.one("SELECT id FROM channels_inbounditem WHERE fate = 'quarantine' LIMIT 1")
    marcela.go(f"/entrada/{item}/")
    marcela.page.get_by_role("button", name="Procesar de nuevo").click()
    expect(marcela.page.get_by_text("Se volvió a procesar.")).to_be_visible()
    expect(marcela.page.get_by_role("main")).to_contain_text("uno dentro de otro")


@pytest.mark.parametrize("device", list(DEVICES))
def test_publishes_a_version_with_its_date_and_goes_back(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    """The date is far off, so that the other tests are served as before."""
    marcela = visitors("marcela", device=device)
    page = marcela.page
    newest = int(house.one("SELECT max(number) FROM register_policyversion"))
    marcela.go("/administracion/politica/")
    page.get_by_role("link", name="Publicar una política").click()
    page.locator("input[type=file]").set_input_files(quicker_policy())
    page.get_by_role("button", name="Leer y revisar").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Los casos en curso no cambian")
    expect(main).to_contain_text("12 horas")
    expect(main).to_contain_text("8 horas")
    assert violations(page) == []
    since = datetime.now(UTC) + timedelta(days=40)
    page.locator("input[name=effective_from]").fill(since.strftime("%Y-%m-%dT08:00"))
    page.get_by_role("button", name="Publicar", exact=True).click()
    expect(page.get_by_text(f"Publicada la versión {newest + 1}; rige desde el")).to_be_visible()
    expect(page.locator("tr").filter(has_text=f"Versión {newest + 1}")).to_be_visible()

    page.locator("select#de").select_option("1")
    page.locator("select#a").select_option(str(newest + 1))
    page.get_by_role("button", name="Comparar").click()
    expect(main).to_contain_text("8 horas")
    marcela.go("/administracion/politica/")

    first = page.get_by_role("row").filter(
        has=page.get_by_role("link", name="Versión 1", exact=True)
    )
    first.get_by_role("link", name="Volver a esta").click()
    expect(main).to_contain_text("Volver a la versión 1")
    assert violations(page) == []
    later = since + timedelta(days=1)
    page.locator("input[name=effective_from]").fill(later.strftime("%Y-%m-%dT08:00"))
    page.get_by_role("button", name="Publicarla de nuevo").click()
    expect(page.get_by_text(f"Publicada la versión {newest + 2}; rige desde el")).to_be_visible()
    kept = house.rows("SELECT number, digest FROM register_policyversion ORDER BY number")
    digests = {int(str(number)): digest for number, digest in kept}
    assert digests[newest + 2] == digests[1] != digests[newest + 1]


@pytest.mark.parametrize("device", list(DEVICES))
def test_tries_again_what_the_relay_refused(
    visitors: Visitors, house: BrowserHouse, device: Device
) -> None:
    sender = f"rechazada.{device}@cliente.example"
    house.relay.recipients[sender] = "554 5.7.1 not today"
    house.case_by_mail(f"La que no recibe el acuse ({device})", sender=sender)
    marcela = visitors("marcela", device=device)
    page, main = marcela.page, marcela.page.get_by_role("main")
    marcela.go("/salida/")
    refused = page.locator("li.row").filter(has_text=sender).filter(has_text="no entregado")

    def is_refused() -> bool:
        page.reload()
        return refused.count() > 0

    house.wait(is_refused, what="the refusal on the page")
    assert violations(page) == []
    refused.first.get_by_role("link").click()
    expect(main).to_contain_text("5.7.1 not today")
    assert violations(page) == []
    assert house.mails_to(sender) == []

    del house.relay.recipients[sender]
    page.get_by_role("button", name="Reintentar").click()
    expect(page.get_by_text("Se intentará de nuevo enseguida.")).to_be_visible()
    house.wait(lambda: house.mails_to(sender), what="the mail at last")
    page.reload()
    expect(main).to_contain_text("enviado")
    expect(main).to_contain_text("rechazo definitivo")
    expect(page.get_by_role("button", name="Reintentar")).to_have_count(0)
    assert len(house.mails_to(sender)) == 1


def quicker_policy() -> FilePayload:
    """The policy of the house, that answers about bills within 8 instead of 12 hours."""
    document = load("generasoft").to_document()
    (bills,) = (each for each in document["categories"] if each["key"] == "billing_query")
    (first,) = (each for each in bills["commitments"] if each["key"] == "first_response")
    first["target"]["amount"] = 8
    content = json.dumps(document, ensure_ascii=False).encode()  # JSON is YAML, too
    return {"name": "politica.yaml", "mimeType": "application/yaml", "buffer": content}
