"""Pages of trouble: for customers and colleagues each their way on, and 413 in words."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation

from tests.desk import people
from tests.web.cast import a_case, client_of, url_of
from tests.web.test_portal_asking import FORM, told
from ventanilla.web.views import errors

MEBIBYTE = 1024 * 1024

pytestmark = pytest.mark.usefixtures("desk")


@pytest.mark.parametrize(
    ("path", "way_on"),
    [
        ("/ayuda/no-existe/", "/ayuda/"),
        ("/preguntar/nada/promesa/", "/ayuda/"),
        ("/seguimento/", "/ayuda/"),
    ],
)
def test_customers_are_not_sent_to_the_door_of_the_staff(path: str, way_on: str) -> None:
    answer: Any = Client().get(path)
    assert answer.status_code == 404
    page = told(answer)
    assert f'<a class="button go" href="{way_on}">Ir al inicio</a>' in page
    assert f'class="brand" href="{way_on}"' in page
    assert 'href="/"' not in page


def test_colleagues_go_on_to_their_queue() -> None:
    answer: Any = client_of(people.elena()).get("/nada/")
    assert '<a class="button go" href="/">' in told(answer)


def test_a_broken_page_tells_customers_what_they_can_do() -> None:
    for path, remedy in (("/preguntar/", "escríbanos por correo"), ("/cola/", "avise a quien")):
        request = RequestFactory().get(path)
        request.resolver_match = resolve(path)
        assert remedy in told(errors.broken(request))


def test_it_is_told_in_the_language_of_the_screen() -> None:
    with translation.override("en"):
        page = told(errors.not_found(RequestFactory().get("/ayuda/x/")))
    assert "Ir al inicio" not in page
    assert "Go to the start" in page


def test_too_much_of_a_form_is_413_in_words_for_colleagues_too() -> None:
    case = a_case()
    answer: Any = client_of(people.elena()).post(
        f"{url_of(case)}nota/", {"text": "x" * (6 * MEBIBYTE)}
    )
    assert answer.status_code == 413
    page = told(answer)
    assert "Lo que envía pesa demasiado" in page
    assert "Acorte el texto" in page
    assert "No entendimos" not in page


@pytest.mark.parametrize("path", [FORM, "/cuenta/login/", "/seguimiento/"])
def test_a_stranger_is_refused_by_the_length_before_anything_is_read(path: str) -> None:
    body = Unread()
    sent: Any = {"CONTENT_LENGTH": str(23 * MEBIBYTE), "wsgi.input": body}
    answer: Any = Client(enforce_csrf_checks=True).generic(
        "POST", path, content_type="multipart/form-data; boundary=x", **sent
    )
    assert answer.status_code == 413
    assert "pesa demasiado" in told(answer)
    assert not body.was_read


class Unread:
    """A body that notes whether somebody read it."""

    was_read = False

    def read(self, size: int = -1) -> bytes:
        """Nothing, and that it was asked for."""
        self.was_read = True
        return b""

    readline = read


def test_colleagues_may_send_more_but_not_without_end() -> None:
    case = a_case()
    lead = client_of(people.elena())
    for weight, status in ((23, {200, 302, 422}), (1100, {413})):
        body = BytesIO(b"--x--\r\n")
        sent: Any = {"CONTENT_LENGTH": str(weight * MEBIBYTE), "wsgi.input": body}
        answer: Any = lead.generic(
            "POST", f"{url_of(case)}nota/", content_type="multipart/form-data; boundary=x", **sent
        )
        assert answer.status_code in status, weight


def test_a_form_whose_token_no_longer_fits_shows_its_sentences_where_scripts_are_off() -> None:
    browser = client_of(people.elena(), checks=True)
    typed = {"asked": "Dos líneas <de> texto.", "priority": "high", "password": "una frase larga"}
    ours: Any = browser.post("/casos/X/evaluacion/", typed, headers={"Origin": "http://testserver"})
    forged: Any = browser.post(
        "/casos/X/evaluacion/", typed, headers={"Origin": "http://otro.example"}
    )
    assert ours.status_code == forged.status_code == 403
    (shown,) = re.findall(r"<noscript>.*?</noscript>", told(ours), re.DOTALL)
    assert "Dos líneas &lt;de&gt; texto." in shown
    assert "high" not in shown
    assert "una frase larga" not in told(ours)
    assert "puede haber olvidado" in told(forged)
    assert "Dos líneas" not in told(forged)
