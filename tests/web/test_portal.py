"""The page of the person served: it opens with folio and code, and tells nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of, left, sent, url_of
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk.context import FOLLOW_PATH
from ventanilla.register import folio as folios
from ventanilla.register import operations as register
from ventanilla.register.models import Case
from ventanilla.register.rules.folios import write as write_folio

MOST_QUERIES = 10


def now_case(**facts: str) -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1), **facts)


def opened(case: Case) -> Client:
    """A browser that followed the link of the mail."""
    browser = Client()
    link = FOLLOW_PATH.format(folio=case.folio, secret=folios.secret_of(case))
    assert browser.get(link).headers["Location"] == f"/seguimiento/{case.folio}/"
    return browser


def page_of(browser: Client, case: Case) -> str:
    return browser.get(f"/seguimiento/{case.folio}/").content.decode()


@pytest.mark.usefixtures("desk")
def test_the_form_opens_the_case_however_it_is_typed() -> None:
    case = now_case()
    browser = Client()
    typed = {
        "folio": f" {case.folio.lower().replace('-', ' ')} ",
        "secret": folios.secret_of(case).lower(),
    }
    answer = browser.post("/seguimiento/", typed, follow=True)
    page = answer.content.decode()
    assert case.folio in page
    assert "Cobro repetido" in page
    told = case.commitments.filter(kind__in=("first_response", "resolution")).earliest("due_at")
    assert people.pack().format_moment(told.due_at) in page


@pytest.mark.usefixtures("desk")
def test_unknown_folio_and_wrong_code_get_the_same_answer() -> None:
    case, other = now_case(), now_case(subject="Otra cosa")
    wrong = Client().post("/seguimiento/", {"folio": case.folio, "secret": folios.secret_of(other)})
    case_number = case.folio.split("-")[2]
    unknown_folio = write_folio(
        people.pack().folio, int(case_number) + 500, timezone.now(), people.BOGOTA
    )
    unknown = Client().post(
        "/seguimiento/", {"folio": unknown_folio, "secret": folios.secret_of(other)}
    )
    assert wrong.status_code == unknown.status_code == 422
    told = wrong.content.decode().replace(case.folio, "F")
    asked = unknown.content.decode().replace(unknown_folio, "F")
    assert _without_tokens(told) == _without_tokens(asked)
    assert not wrong.cookies.get("seguimiento")


@pytest.mark.usefixtures("desk")
def test_the_code_in_our_mail_is_shown_on_no_page() -> None:
    case = now_case()
    secret = folios.secret_of(case)
    sent_mail = OutboundMessage.objects.get(case=case, kind="acknowledgement")
    assert secret in sent_mail.text
    lead = client_of(people.elena())
    for url in (url_of(case), f"/salida/{sent_mail.pk}/", "/cola/todos/"):
        assert secret not in lead.get(url).content.decode(), url
    assert secret not in page_of(opened(case), case)


@pytest.mark.usefixtures("desk")
def test_a_mistyped_folio_is_told_as_such_whether_or_not_it_exists() -> None:
    case = now_case()
    wrong = "2" if case.folio[-1] != "2" else "3"
    existing = Client().post("/seguimiento/", {"folio": case.folio[:-1] + wrong, "secret": "X"})
    nowhere = write_folio(people.pack().folio, 987, timezone.now(), people.BOGOTA)
    wrong = "2" if nowhere[-1] != "2" else "3"
    missing = Client().post("/seguimiento/", {"folio": nowhere[:-1] + wrong, "secret": "X"})
    for answer in (existing, missing):
        assert "El número de radicado «GS-" in answer.content.decode()
        assert "carácter de control" in answer.content.decode()


@pytest.mark.usefixtures("desk")
def test_the_page_shows_the_conversation_and_nothing_of_the_inside() -> None:
    case = now_case()
    answer: Any = sent(client_of(people.elena()), case, "nota", text="Cliente difícil, ojo.")
    assert answer.status_code == 302
    sent(client_of(people.elena()), case, "respuesta", text="Ya lo vemos, Ana.", then="")
    left(case)
    browser = opened(case)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(f"/seguimiento/{case.folio}/")
    page = answer.content.decode()
    assert len(queries) <= MOST_QUERIES
    assert "Ya lo vemos, Ana." in page
    assert "Elena Rojas" in page
    for inside in ("Cliente difícil", "elena@generasoft.example", "Nota interna", "/casos/"):
        assert inside not in page
    # Not "no-referrer": a browser would then post with "Origin: null" and be refused as forged.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert 'name="referrer" content="same-origin"' in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("desk")
def test_the_cookie_opens_one_case_only_and_never_holds_the_code() -> None:
    case, other = now_case(), now_case(subject="Otra cosa")
    browser = opened(case)
    cookie = browser.cookies["seguimiento"]
    assert folios.secret_of(case) not in cookie.value
    assert cookie["path"] == f"/seguimiento/{case.folio}/"
    assert cookie["httponly"]
    assert browser.get(f"/seguimiento/{other.folio}/").headers["Location"] == "/seguimiento/"
    browser.cookies["seguimiento"]["path"] = "/"
    assert browser.get(f"/seguimiento/{other.folio}/").headers["Location"] == "/seguimiento/"


@pytest.mark.usefixtures("desk")
def test_renewing_the_code_closes_what_was_open() -> None:
    case = now_case()
    browser = opened(case)
    register.renew_secret(case=case, acting_user=people.elena(), as_of=timezone.now())
    assert browser.get(f"/seguimiento/{case.folio}/").headers["Location"] == "/seguimiento/"


@pytest.mark.usefixtures("desk")
def test_a_message_is_added_once_and_an_empty_one_is_refused() -> None:
    case = now_case()
    browser = opened(case)
    url = f"/seguimiento/{case.folio}/mensajes/"
    typed = form_of(page_of(browser, case), url)
    empty = browser.post(url, typed | {"text": " \u200b "})
    assert empty.status_code == 422
    for _ in range(2):
        answer = browser.post(url, typed | {"text": "Olvidé decir el número."}, follow=True)
        assert "Recibimos su mensaje" in answer.content.decode()
    said = case.messages.filter(direction="in", channel="web")
    assert [each.text for each in said] == ["Olvidé decir el número."]


@pytest.mark.usefixtures("desk")
def test_a_message_wakes_a_resolved_case() -> None:
    case = now_case()
    for noun, typed in (
        ("evaluacion", {"category": "billing_query", "priority": "high", "asked": "Devolver."}),
        ("resolucion", {"text": "Devuelto."}),
    ):
        answer: Any = sent(client_of(people.elena()), case, noun, **typed)
        assert answer.status_code == 302
    browser = opened(case)
    assert "resuelta" in page_of(browser, case)
    url = f"/seguimiento/{case.folio}/mensajes/"
    browser.post(url, form_of(page_of(browser, case), url) | {"text": "No ha llegado."})
    assert Case.objects.get(pk=case.pk).status == "in_progress"


@pytest.mark.usefixtures("desk", "clock")
def test_guessing_is_slowed_down_per_folio_and_per_address() -> None:
    case = now_case()
    wrong = {"folio": case.folio, "secret": "AAAA"}
    statuses = [Client().post("/seguimiento/", wrong).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    elsewhere = Client().post("/seguimiento/", wrong, REMOTE_ADDR="192.0.2.77")
    assert elsewhere.status_code == 422
    # Neither the tries of strangers nor one's own keep anybody with the right code out.
    right = {"folio": case.folio, "secret": folios.secret_of(case)}
    for source in ("127.0.0.1", "192.0.2.77"):
        answer = Client().post("/seguimiento/", right, REMOTE_ADDR=source)
        assert answer.headers["Location"] == f"/seguimiento/{case.folio}/"


@pytest.mark.usefixtures("desk")
def test_forms_need_their_token() -> None:
    case = now_case()
    browser = Client(enforce_csrf_checks=True)
    for url in ("/seguimiento/", f"/seguimiento/{case.folio}/mensajes/"):
        assert browser.post(url, {"text": "Hola."}).status_code == 403


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
