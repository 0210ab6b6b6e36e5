"""Every page: it shows, it costs few queries, it holds no inline code, and it tells nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import people
from tests.web.cast import HOSTILE, a_case, client_of, url_of
from ventanilla.channels.models import InboundItem, OutboundMessage
from ventanilla.register.models import Case, Commitment
from ventanilla.web.limits import Limit, is_over
from ventanilla.web.models import Tries

MOST_QUERIES = 11
MOST_OF_A_QUEUE = 5
MOST_OF_A_CASE = 11
VIEWS = ("mia", "mi-mesa", "sin-asignar", "en-espera", "vencidos", "todos", "resueltos")
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def pages(case: Case) -> Iterator[str]:
    """The address of every page of the staff."""
    yield from (f"/cola/{view}/" for view in VIEWS)
    yield f"/mesas/{case.desk}/"
    yield from ("/buscar/", "/buscar/?q=factura", "/salida/", "/entrada/", "/politica/")
    yield url_of(case)
    promise = Commitment.objects.filter(case=case).earliest("id")
    yield from (url_of(case, "registro"), url_of(case, "persona"), url_of(case, "novedades"))
    yield url_of(case, "compromisos", promise.key)
    yield from (url_of(case, noun) for noun in ("evaluacion", "asignacion", "prioridad"))
    yield f"/salida/{OutboundMessage.objects.earliest('id').pk}/"
    yield f"/entrada/{InboundItem.objects.earliest('id').pk}/"


@pytest.mark.usefixtures("desk")
def test_every_page_shows_costs_little_and_holds_no_inline_code() -> None:
    case = a_case(subject="Cobro <b>doble</b>")
    browser = client_of(people.elena())
    browser.get("/cola/todos/")  # what a process reads once is read now
    costs = {}
    for url in pages(case):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url)
        assert page.status_code == 200, (url, page.status_code)
        assert not INLINE.search(page.content.decode()), url
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        costs[url] = len(queries)
    assert all(cost <= MOST_QUERIES for cost in costs.values()), costs
    assert costs["/cola/todos/"] <= MOST_OF_A_QUEUE
    assert costs[url_of(case)] <= MOST_OF_A_CASE, costs


@pytest.mark.usefixtures("desk")
def test_hostile_words_are_shown_as_words() -> None:
    case = a_case(subject=HOSTILE, text=HOSTILE, sender=f'"{HOSTILE[:20]}" <mala@cliente.example>')
    browser = client_of(people.elena())
    for url in pages(case):
        page = browser.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url


@pytest.mark.usefixtures("desk")
def test_strangers_are_sent_to_the_door_and_other_desks_find_nothing() -> None:
    case = a_case()
    assert Client().get(url_of(case)).headers["Location"].startswith("/cuenta/login/")
    other = client_of(people.carlos())
    for url in (
        url_of(case),
        url_of(case, "registro"),
        url_of(case, "nota"),
        url_of(case, "novedades"),
        f"/mesas/{case.desk}/",
    ):
        assert other.get(url).status_code == 404, url
    assert other.post(url_of(case, "nota"), {"text": "hola"}).status_code == 404
    assert case.folio not in other.get("/cola/todos/").content.decode()
    assert case.folio not in other.get("/buscar/?q=factura").content.decode()
    assert client_of(people.berta()).get(url_of(case)).status_code == 200


@pytest.mark.usefixtures("desk")
def test_agents_do_not_see_the_mail_rooms_but_auditors_do() -> None:
    a_case()
    for url in ("/salida/", "/entrada/"):
        assert client_of(people.berta()).get(url).status_code == 404
        assert client_of(people.octavio()).get(url).status_code == 200


@pytest.mark.usefixtures("desk")
def test_the_queue_pages_by_key_and_loses_no_case() -> None:
    cases = {a_case(subject=f"Asunto {number}").folio for number in range(53)}
    browser = client_of(people.berta())
    first = browser.get("/cola/todos/").content.decode()
    following = re.search(r'href="(/cola/todos/\?despues=[^"]+)"', first)
    assert following
    second = browser.get(following[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    rest = second.content.decode()
    assert "<html" not in rest
    seen = re.findall(r"/casos/([^/]+)/", first + rest)
    assert sorted(seen) == sorted(cases)


@pytest.mark.usefixtures("desk")
def test_search_finds_by_folio_person_and_words_and_tells_a_typo_kindly() -> None:
    case = a_case()
    browser = client_of(people.berta())
    by_folio = browser.get("/buscar/", {"q": case.folio.lower().replace("-", " ")})
    assert by_folio.headers["Location"] == url_of(case)
    for words in ("cobraron factura", people.ANA_ADDRESS):
        assert case.folio in browser.get("/buscar/", {"q": words}).content.decode()
    wrong = "2" if case.folio[-1] != "2" else "3"
    mistyped = browser.get("/buscar/", {"q": case.folio[:-1] + wrong}).content.decode()
    assert "carácter de control" in mistyped
    assert "Nada con" in browser.get("/buscar/", {"q": "xilófono"}).content.decode()


@pytest.mark.usefixtures("desk")
def test_health_answers_without_a_session() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/salud/").content == b"bien\n"
    assert len(queries) == 1


@pytest.mark.usefixtures("desk")
def test_pages_of_trouble_say_what_to_do() -> None:
    lost = Client().get("/no-existe/")
    assert lost.status_code == 404
    assert "Qué puede hacer" in lost.content.decode()
    stale = client_of(people.berta(), checks=True).post("/casos/X/nota/", {"text": "hola"})
    assert stale.status_code == 403
    assert "El formulario venció" in stale.content.decode()


@pytest.mark.usefixtures("desk")
def test_sign_in_is_throttled_and_sign_up_is_closed() -> None:
    people.berta()
    door = Client()
    assert "Contraseña" in door.get("/cuenta/login/").content.decode()
    for _ in range(12):
        answer = door.post(
            "/cuenta/login/", {"login": "berta@generasoft.example", "password": "no es esta"}
        )
    assert answer.status_code == 429 or "Demasiados" in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<form" not in Client().get("/cuenta/signup/").content.decode()


@pytest.mark.usefixtures("desk")
def test_counts_hold_over_processes_and_cost_a_page_nothing() -> None:
    limit = Limit("prueba", times=2, seconds=3600)
    assert [is_over(limit, "a") for _ in range(3)] == [False, False, True]
    assert not is_over(limit, "b")
    assert Tries.objects.filter(key__startswith="prueba:").count() == 2  # as another process reads
    assert is_over(limit, "c", 3)
    case = a_case()
    browser = client_of(people.elena())
    with CaptureQueriesContext(connection) as queries:
        browser.get(url_of(case))
    assert not [
        each for each in queries if "web_counter" in each["sql"] or "web_tries" in each["sql"]
    ]


@pytest.mark.usefixtures("desk")
def test_a_broken_page_says_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    case = a_case()
    browser = client_of(people.elena())
    browser.raise_request_exception = False
    monkeypatch.setattr("ventanilla.web.views.case.case_context", fails)
    answer = browser.get(url_of(case))
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.usefixtures("desk")
def test_a_formatted_mail_is_shown_without_power() -> None:
    case = a_case()
    message = case.messages.get(direction="in")
    message.html = '<p onclick="x()">Hola</p><script>x()</script><img src="https://t.example/p">'
    message.save(update_fields=["html"])
    page = client_of(people.berta()).get(url_of(case, "mensajes", str(message.pk)))
    body = page.content.decode()
    assert "Hola" in body
    assert "script" not in body.replace("Content-Security", "")
    assert "t.example" not in body
    assert "sandbox" in page.headers["Content-Security-Policy"]
