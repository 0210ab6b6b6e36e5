"""The same pages in English; what leaves the house stays in the language of the policy."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of, url_of
from tests.web.doors import enter, member
from ventanilla.channels.models import OutboundMessage
from ventanilla.crm.models import Interaction
from ventanilla.register.time_words import format_duration, format_moment, format_term

LEFT_SPANISH = re.compile(r"[¿¡]|\b(?:Buscar|Salir|Cerrar|Guardar|Volver|Caso|Colas?|Mesas?)\b")
TEXT = re.compile(r"<[^>]*>")
COOKIE = {"idioma": "en"}


def in_english(browser: Client) -> Client:
    browser.cookies.load(COOKIE)
    return browser


def words_of(page: str) -> str:
    """What a page says, without its markup, scripts and what people wrote."""
    body = page.partition("<main")[2] or page
    return " ".join(TEXT.sub(" ", body).split())


@pytest.mark.usefixtures("desk")
def test_the_cookie_decides_and_not_what_the_browser_announces() -> None:
    spanish = Client().get("/cuenta/login/", headers={"Accept-Language": "en-US,en"})
    assert spanish.headers["Content-Language"] == "es"
    assert "Contraseña" in spanish.content.decode()
    english = in_english(Client()).get("/cuenta/login/")
    assert english.headers["Content-Language"] == "en"
    assert "Cookie" in english.headers["Vary"]
    page = english.content.decode()
    assert '<html lang="en">' in page
    assert "Password" in page
    assert not LEFT_SPANISH.search(words_of(page).replace("Español", "")), words_of(page)
    nonsense = Client()
    nonsense.cookies.load({"idioma": "../../x"})
    assert nonsense.get("/cuenta/login/").headers["Content-Language"] == "es"


@pytest.mark.usefixtures("desk")
def test_one_chooses_with_a_button_and_comes_back_to_where_one_was() -> None:
    browser = Client()
    answer = browser.post("/cuenta/idioma/", {"language": "en", "next": "/cuenta/login/?next=/x/"})
    assert answer.headers["Location"] == "/cuenta/login/?next=/x/"
    assert answer.cookies["idioma"].value == "en"
    assert answer.cookies["idioma"]["httponly"]
    assert browser.get("/cuenta/login/").headers["Content-Language"] == "en"
    away = browser.post("/cuenta/idioma/", {"language": "es", "next": "https://mala.example/"})
    assert away.headers["Location"] == "/"
    assert browser.get("/cuenta/idioma/").status_code == 405


@pytest.mark.usefixtures("desk")
def test_signing_in_brings_the_language_of_the_account() -> None:
    staff = member()
    staff.language = "en"
    staff.save()
    browser = Client()
    assert enter(browser, staff).cookies["idioma"].value == "en"
    assert browser.get("/cuenta/").headers["Content-Language"] == "en"


@pytest.mark.usefixtures("desk")
def test_two_languages_side_by_side_do_not_mix() -> None:
    a_case()
    berta = people.berta()
    spanish, english = client_of(berta), in_english(client_of(berta))
    for _ in range(2):
        assert "Todos los abiertos" in spanish.get("/cola/todos/").content.decode()
        page = english.get("/cola/todos/").content.decode()
        assert "All open" in page
        assert "Todos los abiertos" not in page


@pytest.mark.usefixtures("desk")
def test_a_person_tracks_a_request_and_staff_watch_a_case() -> None:
    portal = in_english(Client()).get("/seguimiento/").content.decode()
    assert ">Track</a>" in portal
    assert "Watch" not in portal
    a_case()
    assert "Watch" in in_english(client_of(people.berta())).get("/cola/todos/").content.decode()


@pytest.mark.usefixtures("desk")
def test_a_case_its_record_and_its_refusals_read_in_english() -> None:
    case = a_case()
    browser = in_english(client_of(people.elena()))
    page = browser.get(url_of(case)).content.decode()
    for said in ("Commitments", "why this hour?", "Reply", 'data-many="{n} files"'):
        assert said in page, said
    ledger = browser.get(url_of(case, "registro")).content.decode()
    assert "It was registered with" in ledger
    assert "Se registró" not in ledger
    url = url_of(case, "asignacion")
    empty = browser.post(url, form_of(browser.get(url).content.decode(), url))
    assert empty.status_code == 422
    assert "Something needs correcting." in empty.content.decode()


@pytest.mark.usefixtures("desk")
def test_what_an_english_screen_sends_and_records_stays_in_the_language_of_the_policy() -> None:
    case = a_case()
    browser = in_english(client_of(people.berta()))
    url = url_of(case, "evaluacion")
    typed = form_of(browser.get(url).content.decode(), url) | {
        "category": case.category,
        "priority": case.priority,
        "asked": "Cobro doble",
    }
    assert browser.post(url, typed).status_code == 302
    told = OutboundMessage.objects.filter(case=case).latest("id")
    assert "Buen día" in told.text
    assert "Hello" not in told.text
    history = list(Interaction.objects.values_list("summary", flat=True))
    assert [each for each in history if each.startswith("Escribió por correo: ")]


def test_outside_of_a_page_nothing_is_english() -> None:
    assert translation.get_language() == "es"


def test_moments_and_terms_in_both_languages() -> None:
    from datetime import UTC, datetime, timedelta

    from ventanilla.policy import load

    pack = load("generasoft")
    at = datetime(2026, 12, 29, 21, 0, tzinfo=UTC).astimezone(pack.calendar.zone)
    term = next(each for each in pack.categories[0].commitments).target.term
    assert format_moment(at) == "martes 29 de diciembre de 2026, 4:00 p. m."
    assert format_term(pack, term) == pack.format_term(term)
    with translation.override("en"):
        assert format_moment(at) == "Tuesday 29 December 2026, 4:00 p.m."
        assert format_duration(timedelta(days=1, hours=2, minutes=5)) == "1 day 2 h 5 min"
        assert re.fullmatch(r"\d+ (business )?(hours?|minutes?|days?).*", format_term(pack, term))
