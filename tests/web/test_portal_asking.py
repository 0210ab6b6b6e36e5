"""Asking in the portal: chosen, filled in, promised at once, sent once, shown once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import mails, people
from tests.web.cast import HOSTILE
from tests.web.clock import Clock
from ventanilla.channels.models import InboundItem
from ventanilla.register import folio as folios
from ventanilla.register.models import Case
from ventanilla.web import form_tokens
from ventanilla.web.presenters.asking import slug_of

FORM = "/preguntar/una-factura-o-un-cobro/"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 40

pytestmark = pytest.mark.usefixtures("desk", "patient")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fills in a form here is slow enough."""
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))


def typed(browser: Client, url: str = FORM, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it, filled in."""
    page = browser.get(url).content.decode()
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', page)
    return {
        "formulario": token,
        "name": "Ana Pérez",
        "email": "ana@cliente.example",
        "subject": "Cobro repetido",
        "dato_need": "Otra cosa",
        "text": "Me cobraron dos veces.",
        "sitio": "",
    } | changes


def sent(browser: Client, url: str = FORM, **changes: Any) -> Any:
    return browser.post(url, typed(browser, url, **changes))


def told(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_can_be_asked_is_named_in_the_customers_words() -> None:
    page = told(Client().get("/preguntar/"))
    for category in people.pack().categories:
        assert category.offered_as in page.replace("&#x27;", "'")
        assert f"/preguntar/{slug_of(category)}/" in page
    assert "Consulta de facturación" not in page


def test_the_promise_is_told_before_anything_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: people.FRIDAY_3PM)
    for url in (FORM, f"{FORM}promesa/"):
        assert "lunes 7 de diciembre de 2026, 3:00 a. m." in told(Client().get(url))
    monkeypatch.setattr(timezone, "now", lambda: people.SATURDAY_10AM)
    page = told(Client().get("/preguntar/el-programa-no-funciona-y-no-puedo-trabajar/"))
    assert "recargo" in page
    assert "sábado 21 de noviembre de 2026, 1:00 p. m." in page


def test_sent_it_is_a_case_and_folio_moment_and_code_are_shown_once() -> None:
    browser = Client()
    answer = sent(browser, dato_amount="185.000", dato_charged_on="2026-11-20")
    assert answer.status_code == 302
    case = Case.objects.get()
    page = told(browser.get("/preguntar/recibida/"))
    assert case.folio in page
    assert folios.secret_of(case) in page
    assert f"/seguimiento/{case.folio}/{folios.secret_of(case)}/" in page
    assert people.pack().format_moment(case.commitments.get(key="first_response").due_at) in page
    assert "ana@cliente.example" in page
    said = case.messages.get(direction="in").text
    assert "Valor cobrado, en pesos: 185.000" in said
    assert "Fecha del cobro: viernes 20 de noviembre de 2026" in said
    # It is open at once for this browser, and the code is gone once it was noted.
    noted = browser.post("/preguntar/recibida/")
    assert noted.headers["Location"] == f"/seguimiento/{case.folio}/"
    assert case.folio in told(browser.get(f"/seguimiento/{case.folio}/"))
    assert browser.get("/preguntar/recibida/").status_code == 302
    assert Client().get("/preguntar/recibida/").status_code == 302


def test_two_clicks_are_one_request_and_see_the_same() -> None:
    browser = Client()
    form = typed(browser)
    pages = []
    for _ in range(2):
        assert browser.post(FORM, form).status_code == 302
        page = told(browser.get("/preguntar/recibida/"))
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert Case.objects.count() == 1
    assert browser.post(FORM, form | {"text": "Otra vez."}).status_code == 302
    assert Case.objects.count() == 2


def test_files_go_up_one_by_one_or_with_the_form_and_none_is_lost() -> None:
    browser = Client()
    form = typed(browser)
    up: Any = browser.post(
        "/preguntar/archivos/", data=PNG, content_type="image/png",
        headers={"X-Formulario": form["formulario"], "X-Archivo": "mi%20fac%C3%ADura.png"},
    )  # fmt: skip
    assert up.status_code == 201
    assert up.json()["name"] == "mi facíura.png"
    wrong = form | {
        "archivo": [up.json()["token"], "forjado"],
        "archivos": SimpleUploadedFile("nota.txt", b"hola"),
        "email": "nada",
    }
    back = browser.post(FORM, wrong)
    assert back.status_code == 422
    slots = re.findall(r'name="archivo" value="([^"]+)"', told(back))
    assert len(slots) == 2
    assert browser.post(FORM, form | {"archivo": slots}).status_code == 302
    kept = Case.objects.get().evidence.order_by("id")
    assert {each.filename for each in kept} >= {"mi facíura.png", "nota.txt"}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"x", 403),
        ({"X-Formulario": "forjado:x:y"}, b"x", 403),
        ({"X-Formulario": "good"}, b"", 422),
        ({"X-Formulario": "good"}, b"x" * (20 * 1024 * 1024 + 1), 413),
    ],
)
def test_an_upload_that_is_refused_says_why(
    headers: dict[str, str], body: bytes, status: int
) -> None:
    browser = Client()
    if headers.get("X-Formulario") == "good":
        headers = {"X-Formulario": typed(browser)["formulario"]}
    answer: Any = browser.post(
        "/preguntar/archivos/", data=body, content_type="image/png",
        headers=headers | {"X-Archivo": "../../a\u202e.png"},
    )  # fmt: skip
    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"email": "ana"},
        {"email": "ana@cliente.example\nBcc: x@y.example"},
        {"subject": "\u200b"},
        {"subject": "x" * 201},
        {"text": ""},
        {"text": "x" * 10_001},
        {"text": "factura\u202efdp.exe"},
        {"dato_need": ""},
        {"dato_need": "<script>"},
        {"dato_amount": "mucho"},
        {"dato_charged_on": "31/02/2026"},
        {"name": "x\0y"},
    ],
)
def test_what_is_wrong_is_told_beside_it_and_everything_typed_stays(
    changes: dict[str, str],
) -> None:
    answer = sent(Client(), **{"text": "Lo que escribí."} | changes)
    assert answer.status_code == 422
    page = told(answer)
    assert "Falta corregir algo" in page
    assert 'aria-invalid="true"' in page
    if "text" not in changes:
        assert "Lo que escribí." in page
    assert not InboundItem.objects.exists()


@pytest.mark.parametrize("address", ["marta@cliente", "Marta <marta@cliente.>", "marta@café"])
def test_an_address_that_cannot_be_reached_is_told_beside_it(address: str) -> None:
    answer = sent(Client(), email=address)
    assert answer.status_code == 422
    assert "A la dirección le falta la terminación, por ejemplo .com" in told(answer)
    assert not InboundItem.objects.exists()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Marta@Cliente.example", "marta@cliente.example"),
        ("marta@correo.cliente.example", "marta@correo.cliente.example"),
        ("marta@café.example", "marta@xn--caf-dma.example"),
        ("marta@cliente.xn--fiqs8s", "marta@cliente.xn--fiqs8s"),
    ],
)
def test_an_address_of_any_domain_is_taken(address: str, kept: str) -> None:
    assert sent(Client(), email=address).status_code == 302
    assert InboundItem.objects.get().sender == kept


def test_hostile_words_are_shown_as_words() -> None:
    hostile = HOSTILE.replace("\u202e", "")
    browser = Client()
    answer = sent(browser, subject=hostile[:150], text=hostile, name="Ana <b>")
    assert answer.status_code == 302
    case = Case.objects.get()
    for url in ("/preguntar/recibida/", f"/seguimiento/{case.folio}/"):
        page = told(browser.get(url))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


def test_ten_megabytes_of_text_get_a_page_that_says_so() -> None:
    answer = sent(Client(), text="x" * 10_000_000)
    assert answer.status_code == 413
    assert "pesa demasiado" in told(answer)


def test_programs_are_held_back_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    for changes in ({"sitio": "https://x.example"}, {"formulario": "forjado"}):
        answer = sent(browser, **changes)
        assert answer.status_code == 422
        assert "Envíe de nuevo" in told(answer)
        assert "Me cobraron dos veces." in told(answer)
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(hours=1))
    assert sent(browser).status_code == 422
    assert not Case.objects.exists()


def test_who_corrects_quickly_is_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, browser = Clock(monkeypatch), Client()
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(seconds=3))
    form = typed(browser)
    clock.forward(timedelta(seconds=30))
    back = browser.post(FORM, form | {"email": "ana"})
    assert "Falta corregir algo" in told(back)
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', told(back))
    assert browser.post(FORM, form | {"formulario": token}).status_code == 302


def test_who_was_too_fast_waits_three_seconds_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, browser = Clock(monkeypatch), Client()
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(seconds=3))
    form = typed(browser)
    for _again in range(2):
        clock.forward(timedelta(seconds=1))
        back = browser.post(FORM, form)
        assert "demasiado rápido" in told(back)
        (form["formulario"],) = re.findall(r'name="formulario" value="([^"]+)"', told(back))
    clock.forward(timedelta(seconds=2))
    assert browser.post(FORM, form).status_code == 302
    assert browser.post(FORM, form).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize("bad", ["forjado", "", "old"])
def test_only_a_good_token_goes_on(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    clock, browser = Clock(monkeypatch), Client()
    form = typed(browser)
    if bad == "old":
        bad = form["formulario"]
        clock.forward(form_tokens.LONGEST + timedelta(seconds=2))
    back = browser.post(FORM, form | {"formulario": bad, "email": "ana"})
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', told(back))
    assert token != bad
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(seconds=3))
    held = form_tokens.read_token(token)
    assert held is not None and held.too_fast


def test_a_form_that_stood_open_for_days_is_sent_again_with_one_more_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = Client()
    form = typed(browser)
    monkeypatch.setattr(form_tokens, "LONGEST", timedelta(seconds=-1))
    back = browser.post(FORM, form)
    assert back.status_code == 422
    assert "Me cobraron dos veces." in told(back)
    monkeypatch.undo()
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', told(back))
    assert browser.post(FORM, form | {"formulario": token}).status_code == 302


def test_nobodys_mailbox_is_filled_by_typing_it_in() -> None:
    browser = Client()
    for number in range(8):
        assert sent(browser, text=f"Pregunta {number}").status_code == 302
    answer = sent(browser, text="Una más")
    assert answer.status_code == 429
    assert "Una más" in told(answer)
    assert sent(browser, email="otra@cliente.example").status_code == 302


def test_nothing_tells_whether_an_address_is_known() -> None:
    mails.opened()
    pages = []
    for address in (people.ANA_ADDRESS, "nueva@cliente.example"):
        browser = Client()
        assert sent(browser, email=address).status_code == 302
        case = Case.objects.latest("id")
        page = told(browser.get("/preguntar/recibida/"))
        for known in (case.folio, folios.secret_of(case), address):
            page = page.replace(known, "…")
        pages.append(re.sub(r'value="\w+"|<time.*?</time>', "", page))
    assert pages[0] == pages[1]


def test_a_request_that_waits_says_so_and_then_gets_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ventanilla.desk import asking, intake

    def away(**facts: object) -> None:
        raise OSError("disk away")

    browser = Client()
    with monkeypatch.context() as trouble:
        trouble.setattr(asking, "receive", away)
        assert sent(browser).status_code == 302
    assert "No tiene que enviarla de nuevo" in told(browser.get("/preguntar/recibida/"))
    intake.receive(item_id=InboundItem.objects.get().pk, as_of=timezone.now())
    assert Case.objects.get().folio in told(browser.get("/preguntar/recibida/"))


def test_the_forms_need_their_token_against_forgery() -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(FORM, typed(browser)).status_code == 403
    assert browser.post("/preguntar/recibida/").status_code == 403


def test_an_unknown_kind_of_request_leads_back_to_the_choice() -> None:
    assert Client().get("/preguntar/nada/").headers["Location"] == "/preguntar/"
    assert Client().get("/preguntar/nada/promesa/").status_code == 404


def test_the_pages_are_private_and_light() -> None:
    answer = Client().get(FORM)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(answer.content) < 25_000


def test_at_new_year_the_folio_is_of_the_companys_year(monkeypatch: pytest.MonkeyPatch) -> None:
    eve = datetime(2026, 12, 31, 23, 59, 50, tzinfo=people.BOGOTA)
    browser = Client()
    monkeypatch.setattr(timezone, "now", lambda: eve)
    form = typed(browser)
    browser.post(FORM, form)
    monkeypatch.setattr(timezone, "now", lambda: eve + timedelta(seconds=20))
    browser.post(FORM, form | {"text": "Otra."})
    first, second = Case.objects.order_by("id")
    assert first.folio.startswith("GS-2026-")
    assert second.folio.startswith("GS-2027-000001-")
