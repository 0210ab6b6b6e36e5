"""What opens a case in the portal, for how long, and what is left on the device afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.desk import people
from tests.web.clock import Clock
from tests.web.test_portal_asking import FORM, told, typed
from tests.web.test_portal_following import at, now_case, opened, page_of, token_of
from ventanilla.desk import portal
from ventanilla.desk.enclosing import Upload
from ventanilla.register import folio as folios
from ventanilla.register.models import Case
from ventanilla.register.rules.folios import write as write_folio
from ventanilla.web import form_tokens
from ventanilla.web.limits import network_of
from ventanilla.web.models import Tries
from ventanilla.web.portal_pass import COOKIE

HOUR = timedelta(hours=1)
PLACE = "192.0.2.9"

pytestmark = pytest.mark.usefixtures("desk")


def test_each_visit_prolongs_the_pass_up_to_an_end_that_no_visit_moves(clock: Clock) -> None:
    case = now_case()
    browser = opened(case)
    for _visit in range(7):
        clock.forward(1.7 * HOUR)
        assert browser.get(at(case)).status_code == 200
    clock.forward(0.2 * HOUR)
    ended = browser.get(at(case), follow=True)
    assert ended.redirect_chain[-1][0] == "/seguimiento/"
    assert "termina tras dos horas sin usarlo" in told(ended)


def test_an_answer_under_way_does_not_undo_leaving(clock: Clock) -> None:
    case = now_case()
    browser = opened(case)
    clock.forward(HOUR)
    under_way = browser.get(at(case)).cookies[COOKIE].value  # asked for before, heard after
    browser.post(f"{at(case)}salida/")
    browser.cookies[COOKIE] = under_way
    assert browser.get(at(case)).status_code == 302
    clock.forward(timedelta(minutes=1))
    browser.get(f"{at(case)}{folios.secret_of(case)}/")
    assert browser.get(at(case)).status_code == 200


def test_only_pages_prolong_a_pass_and_only_one_that_is_no_longer_new(clock: Clock) -> None:
    case = now_case()
    file = Upload(filename="carta.txt", content=b"hola")
    kept = portal.add_message(case=case, text="", files=[file], as_of=timezone.now()).files.get()
    browser = opened(case)
    clock.forward(timedelta(minutes=9))
    assert COOKIE not in browser.get(at(case)).cookies
    clock.forward(timedelta(minutes=2))
    downloaded: Any = browser.get(at(case, "archivos", str(kept.pk)))
    assert b"".join(downloaded.streaming_content) == b"hola"
    assert COOKIE not in downloaded.cookies
    assert COOKIE in browser.get(at(case)).cookies


def test_without_a_visit_it_ends_and_who_never_had_one_is_told_nothing(clock: Clock) -> None:
    case = now_case()
    browser = opened(case)
    clock.forward(2.1 * HOUR)
    assert "termina tras dos horas" in told(browser.get(at(case), follow=True))
    assert "termina tras" not in told(Client().get(at(case), follow=True))


def test_what_is_sent_after_the_end_is_sent_with_the_code_and_nothing_is_lost(
    clock: Clock,
) -> None:
    case = now_case()
    browser = opened(case)
    token = token_of(page_of(browser, case))
    up: Any = browser.post(
        "/preguntar/archivos/", data=b"uno", content_type="text/plain",
        headers={"X-Formulario": token, "X-Archivo": "uno.txt"},
    )  # fmt: skip
    clock.forward(3 * HOUR)
    form = {
        "formulario": token, "text": "Dos horas <b>escribiendo</b>.",
        "archivo": up.json()["token"],
        "archivos": SimpleUploadedFile("dos.txt", b"dos"),
    }  # fmt: skip
    asked = browser.post(at(case, "mensajes"), form)
    assert asked.status_code == 403
    page = told(asked)
    assert "Dos horas &lt;b&gt;escribiendo&lt;/b&gt;." in page
    assert "Todavía no se envió nada" in page
    slots = re.findall(r'name="archivo" value="([^"]+)"', page)
    assert len(slots) == 2
    again = {"formulario": token_of(page), "text": form["text"], "archivo": slots}

    wrong = browser.post(at(case, "mensajes"), again | {"secret": "AAAA-AAAA-AAAA"})
    assert wrong.status_code == 403
    assert "La clave no coincide" in told(wrong)
    assert len(re.findall(r'name="archivo" value="([^"]+)"', told(wrong))) == 2

    for _click in range(2):
        right = browser.post(at(case, "mensajes"), again | {"secret": folios.secret_of(case)})
        assert right.headers["Location"] == at(case)
    (said,) = case.messages.filter(direction="in", channel="web")
    assert {each.filename for each in said.files.all()} == {"uno.txt", "dos.txt"}
    assert "Dos horas" in page_of(browser, case)


def test_the_page_that_asks_for_the_code_tells_of_no_folio() -> None:
    case = now_case()
    number = int(case.folio.split("-")[2])
    nowhere = write_folio(people.pack().folio, number + 500, timezone.now(), people.BOGOTA)
    pages = []
    for folio in (case.folio, nowhere):
        for code in ("", "AAAA-AAAA-AAAA"):
            answer = Client().post(
                f"/seguimiento/{folio}/mensajes/", {"text": "Hola.", "secret": code}
            )
            assert answer.status_code == 403
            page = re.sub(
                r'name="(csrfmiddlewaretoken|formulario)" value="[^"]+"', "", told(answer)
            )
            pages.append(page.replace(folio, "F"))
    assert pages[:2] == pages[2:]


def test_leaving_takes_the_page_with_the_code_along() -> None:
    browser = Client()
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(form_tokens, "FASTEST", timedelta(0))
        assert browser.post(FORM, typed(browser)).status_code == 302
    assert browser.get("/preguntar/recibida/").status_code == 200
    case = Case.objects.get()
    browser.post(at(case, "salida"))
    assert browser.get("/preguntar/recibida/").headers["Location"] == "/seguimiento/"
    assert browser.get(at(case)).status_code == 302


@pytest.mark.parametrize("way", ["link", "form"])
def test_whoever_opens_a_case_on_this_device_finds_no_others_code(way: str) -> None:
    other = now_case()
    browser = Client()
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(form_tokens, "FASTEST", timedelta(0))
        assert browser.post(FORM, typed(browser)).status_code == 302
    if way == "link":
        browser.get(at(other, folios.secret_of(other)))
    else:
        browser.post("/seguimiento/", {"folio": other.folio, "secret": folios.secret_of(other)})
    assert browser.get("/preguntar/recibida/").headers["Location"] == "/seguimiento/"


@pytest.mark.parametrize(
    ("told_address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:cccc::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_a_line_of_ipv6_counts_as_one_place(told_address: str, place: str) -> None:
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=told_address)) == place


@pytest.mark.usefixtures("clock")
def test_another_address_of_the_same_line_gets_no_tries_of_its_own() -> None:
    case = now_case()
    wrong = {"folio": case.folio, "secret": "AAAA"}
    statuses = [
        Client().post("/seguimiento/", wrong, REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(1, 12)
    ]
    assert statuses == [422] * 10 + [429]


def languages_next(page: str) -> str:
    (found,) = re.findall(r'class="language".*?name="next" value="([^"]*)"', page, re.DOTALL)
    return str(found).replace("&amp;", "&")


def test_the_language_is_changed_also_on_a_page_that_answers_a_form() -> None:
    case = now_case()
    browser = opened(case)
    empty = {"formulario": token_of(page_of(browser, case)), "text": ""}
    drawn = [
        browser.post(at(case, "mensajes"), empty),
        Client().post(at(case, "mensajes"), {"text": "Hola."}),
        Client().post(FORM, {"sigue": "algo&más", "text": "Hola."}),
        Client().post("/seguimiento/", {"folio": "", "secret": ""}),
    ]
    for answer in drawn:
        assert answer.status_code in (403, 422)
        going_on = browser.post(
            "/cuenta/idioma/", {"language": "en", "next": languages_next(told(answer))}
        )
        assert browser.get(going_on.headers["Location"]).status_code == 200
    assert languages_next(told(drawn[2])) == f"{FORM}?sigue=algo%26m%C3%A1s"


def test_the_menu_says_where_one_is() -> None:
    for path, name in (
        ("/preguntar/", "Preguntar"),
        ("/seguimiento/", "Seguir"),
        ("/ayuda/", "Ayuda"),
    ):
        assert re.search(rf'href="{path}" aria-current="page">{name}</a>', told(Client().get(path)))
    case = now_case()
    assert 'href="/seguimiento/" aria-current="page"' in page_of(opened(case), case)


@pytest.mark.usefixtures("clock")
def test_wrong_codes_count_a_place_once_and_touch_nothing_that_guards_the_sign_in() -> None:
    cache.set("guards", [1, 2, 3], 300)
    answers = [
        Client().post(
            "/seguimiento/", {"folio": f"NADA-{n}", "secret": "x" * 12}, REMOTE_ADDR=PLACE
        )
        for n in range(40)
    ]
    assert [answers[n].status_code for n in (29, 30, 39)] == [422, 429, 429]
    assert list(Tries.objects.values_list("used", flat=True)) == [40]
    assert cache.get("guards") == [1, 2, 3]
    assert caches_rows() == 1


@pytest.mark.usefixtures("clock")
def test_once_a_place_tried_too_often_no_folio_is_noted_any_more() -> None:
    folio = now_case().folio
    for n in range(30):
        Client().post(
            "/seguimiento/", {"folio": f"NADA-{n}", "secret": "x" * 12}, REMOTE_ADDR=PLACE
        )
    told_off = Client().post(
        "/seguimiento/", {"folio": folio, "secret": "x" * 12}, REMOTE_ADDR=PLACE
    )
    assert told_off.status_code == 429
    assert Tries.objects.count() == 1


def caches_rows() -> int:
    """How many rows lie in the table of the sign-in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM web_counter")
        return int(cursor.fetchone()[0])
