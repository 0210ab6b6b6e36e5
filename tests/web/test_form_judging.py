"""The judge of forms is severe: each fault that it looks for is one that it finds."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from tests.web.cast import MARKUP
from tests.web.form_judging import too_large, trouble
from tests.web.forms_found import Control, FoundForm, read_page

URL = "/seguimiento/"
FORM = FoundForm(URL, "post", [Control("folio", "text"), Control("secret", "password")])
FIELD = '<form method="post" action="/seguimiento/"><input name="folio" value="{}"></form>'
ALERT = '<p role="alert">Falta algo.</p>'


def judged(body: str, status: int, *, tampered: bool = False) -> str:
    answer = HttpResponse(body, status=status, headers={"Content-Language": "es"})
    page = read_page(body, URL)
    return trouble(answer, page, FORM, {"folio": "A\r\nb", "secret": "s"}, tampered=tampered)


@pytest.mark.parametrize(
    ("body", "status", "fault"),
    [
        (f"<main>{ALERT}{FIELD.format('A&#10;b')}</main>", 422, ""),
        (f"<main>{ALERT}{FIELD.format('A&#10;b')}</main>", 200, ""),
        ("<main><h1>Hecho</h1></main>", 200, ""),
        (f"<main><h1>Formulario</h1>{FIELD.format('A b')}</main>", 422, "without a word"),
        (f"{ALERT}<main>{FIELD.format('A&#10;b')}</main>", 422, "without a word"),
        (f"<main><div hidden>{ALERT}</div>{FIELD.format('A')}</main>", 422, "without a word"),
        (f"<main><template>{ALERT}</template>{FIELD.format('A')}</main>", 422, "without a word"),
        (f"<main><p role='alert'> </p>{FIELD.format('A')}</main>", 409, "without a word"),
        (f"<main>{ALERT}{FIELD.format('')}</main>", 422, "is gone"),
        (f"<main>{ALERT}{FIELD.format('')}</main>", 200, "is gone"),
        (f"<main>{ALERT}</main><p>A\nb</p>", 422, "is gone"),
        (f"<main>{ALERT}{FIELD.format('A&#10;b')}{MARKUP}</main>", 422, "unescaped"),
        ("<main><img src=y onload=z></main>", 200, "unescaped"),
        ("<main><dl><dt>Qué pasó</dt><dd>x</dd></dl></main>", 413, ""),
        ("", 413, "without a word"),
        (f"<main>{ALERT}</main>", 404, "status 404"),
        (f"<main>{ALERT}</main>", 500, "status 500"),
        (f"<main>{ALERT}</main>", 429, "status 429"),
    ],
)
def test_every_fault_is_found(body: str, status: int, fault: str) -> None:
    found = judged(body, status)
    assert fault in found
    assert bool(found) == bool(fault)


def test_what_no_page_sends_is_refused_with_words_too() -> None:
    assert judged("<main><dl><dt>Qué pasó</dt><dd>x</dd></dl></main>", 404, tampered=True) == ""
    assert "without a word" in judged("", 400, tampered=True)
    assert "status 500" in judged("", 500, tampered=True)


def test_ten_megabytes_are_refused_and_told() -> None:
    assert "status 302" in too_large(HttpResponse(status=302))
    silent = HttpResponse("nada", status=413, headers={"Content-Language": "es"})
    assert "not said" in too_large(silent)


def test_a_form_is_found_with_all_that_sends_it() -> None:
    page = read_page(
        '<form id="lote" method="post" action="/lote/"><button name="hacer" value="a">A</button>'
        '<button formaction="/otra/">B</button></form>'
        '<input type="checkbox" form="lote" name="caso" value="1.2">'
        '<select form="lote" name="n"><option>Uno</option><option selected>Dos</option></select>'
        '<a hx-post="/tercera/">C</a>',
        "/cola/",
    )
    ways = {each.action: each for each in page.forms}
    assert set(ways) == {"/lote/", "/otra/", "/tercera/"}
    assert ways["/lote/"].pressed == ("hacer", "a")
    assert ways["/otra/"].chosen == {"caso": "1.2", "n": "Dos"}
