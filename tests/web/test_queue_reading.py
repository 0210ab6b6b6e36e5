"""Unread rows, mentions, following, news of a queue, the pane, and what the palette is offered."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of, url_of
from ventanilla.crm.models import ContactPoint, Person
from ventanilla.desk import changes
from ventanilla.register.models import Case, Message
from ventanilla.workspace.models import Mention, ReadMark, Watch

pytestmark = pytest.mark.usefixtures("desk")


def row_of(browser: Client, case: Case, url: str = "/cola/todos/") -> str:
    page = browser.get(url).content.decode()
    start = page.index(f'id="caso-{case.pk}"')
    return str(page[start - 60 : page.index("</li>", start)])


def test_a_row_is_bold_and_says_so_until_the_case_is_opened() -> None:
    case, browser = a_case(), client_of(people.berta())
    assert "unread" in row_of(browser, case)
    assert "sin leer: " in row_of(browser, case)
    browser.get(url_of(case))
    assert "unread" not in row_of(browser, case)
    elena = people.elena()
    changes.assign(case=case, assignee_id=elena.id, acting_user=elena, as_of=timezone.now())
    assert "unread" in row_of(browser, case)


def test_who_has_no_name_is_called_by_the_address_in_every_list() -> None:
    elena, case = people.elena(), a_case()
    Person.objects.filter(pk=case.person_id).update(name="")
    changes.assign(case=case, assignee_id=elena.id, acting_user=elena, as_of=timezone.now())
    browser = client_of(elena)
    assert people.ANA_ADDRESS in row_of(browser, case)
    assert people.ANA_ADDRESS in browser.get(f"/equipo/personas/{elena.id}/").content.decode()
    ContactPoint.objects.filter(person=case.person_id).delete()
    assert "Persona sin nombre" in row_of(browser, case)


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}])
def test_a_page_fetched_ahead_is_not_read(headers: dict[str, str]) -> None:
    case, browser = a_case(), client_of(people.berta())
    browser.get(url_of(case), headers=headers)
    browser.head(url_of(case))
    assert not ReadMark.objects.exists()


def test_nobody_marks_a_case_they_may_not_see() -> None:
    case, browser = a_case(), client_of(people.carlos())
    assert browser.get(url_of(case)).status_code == 404
    assert browser.post(url_of(case, "vigilancia"), {"seguir": "si"}).status_code == 404
    assert not ReadMark.objects.exists()
    assert not Watch.objects.exists()


def test_following_from_the_case_puts_it_into_the_queue_of_the_followed() -> None:
    case, browser = a_case(), client_of(people.berta())
    assert "No sigue ningún caso" in browser.get("/cola/seguidos/").content.decode()
    assert 'aria-pressed="false"' in browser.get(url_of(case)).content.decode()
    browser.post(url_of(case, "vigilancia"), {"seguir": "si"})
    assert case.folio in row_of(browser, case, "/cola/seguidos/")
    assert 'aria-pressed="true"' in browser.get(url_of(case)).content.decode()
    part = browser.post(
        url_of(case, "vigilancia"), {"seguir": "no"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part and 'aria-pressed="false"' in part
    assert not Watch.objects.exists()


def test_a_call_by_name_stands_in_the_list_until_its_case_is_opened() -> None:
    case, berta, elena = a_case(), people.berta(), people.elena()
    message = Message.objects.filter(case=case).earliest("id")
    assert berta.id and elena.id
    Mention.objects.create(
        staff_id=berta.id, by_id=elena.id, case=case, message=message, at=people.FRIDAY_3PM
    )
    browser = client_of(berta)
    assert "Elena Rojas le llamó" in row_of(browser, case, "/cola/menciones/")
    browser.get(url_of(case))
    assert "Nadie le espera" in browser.get("/cola/menciones/").content.decode()


def news(browser: Client, *seen: Case, url: str = "/cola/sin-asignar/") -> dict[str, object]:
    shown = ",".join(f"{case.pk}.{case.ledger_seq}" for case in seen)
    answer = browser.get(url, {"parte": "novedades", "vistos": shown})
    found: dict[str, object] = json.loads(answer.content)
    return found


def test_news_count_what_came_what_moved_and_say_who_has_what_left() -> None:
    seen = [a_case(subject=f"Cobro {number}") for number in range(2)]
    browser, elena = client_of(people.berta()), people.elena()
    assert news(browser, *seen) == {"count": 0, "words": "0 cambios", "rows": {}}
    fresh = a_case(subject="Nuevo")
    assert news(browser, *seen)["count"] == 1
    changes.assign(case=seen[0], assignee_id=elena.id, acting_user=elena, as_of=timezone.now())
    told = news(browser, *seen, fresh)
    assert told["rows"] == {str(seen[0].pk): "Lo tiene Elena Rojas"}
    assert told["words"] == "1 cambio"


def test_news_of_a_queue_tell_nothing_of_hidden_cases() -> None:
    case = a_case()
    browser = client_of(people.carlos())
    elena = people.elena()
    changes.assign(case=case, assignee_id=elena.id, acting_user=elena, as_of=timezone.now())
    assert news(browser, case)["rows"] == {}
    assert news(browser, case, url="/cola/todos/")["count"] == 0


@pytest.mark.parametrize("seen", ["", "x", "1", "9" * 30 + ".1", "1.1," * 5000])
def test_news_take_any_nonsense(seen: str) -> None:
    a_case()
    answer = client_of(people.berta()).get("/cola/todos/", {"parte": "novedades", "vistos": seen})
    assert answer.status_code == 200


def test_the_pane_is_a_part_and_the_page_works_without_it() -> None:
    case, browser = a_case(), client_of(people.berta())
    part = browser.get("/cola/todos/?parte=panel", headers={"HX-Request": "true"})
    body = part.content.decode()
    assert "<html" not in body and case.folio in body
    assert "<html" in browser.get("/cola/todos/?parte=panel").content.decode()
    page = browser.get(url_of(case)).content.decode()
    assert 'id="cola-lado"' in page and 'id="recorrido"' in page


def offers(browser: Client, query: str = "") -> dict[str, list[dict[str, str]]]:
    groups = json.loads(browser.get("/comandos/", {"q": query} if query else {}).content)["groups"]
    return {group["name"]: group["items"] for group in groups}


def test_the_palette_is_offered_what_this_person_may_open() -> None:
    case = a_case()
    places = offers(client_of(people.elena()))
    assert {each["url"] for each in places["Cola"]} >= {"/cola/mia/", "/cola/seguidos/"}
    assert "/entrada/" in {each["url"] for items in places.values() for each in items}
    agent = offers(client_of(people.carlos()))
    urls = {each["url"] for items in agent.values() for each in items}
    assert "/entrada/" not in urls
    assert "/mesas/soporte/" in urls and f"/mesas/{case.desk}/" not in urls


def test_the_palette_finds_cases_by_folio_and_by_words_among_those_one_sees() -> None:
    case = a_case()
    berta, carlos = client_of(people.berta()), client_of(people.carlos())
    for query in (case.folio.lower(), "cobraron factura", "repet"):
        assert offers(berta, query)["Casos"][0]["url"] == url_of(case)
        assert [each["url"] for each in offers(carlos, query)["Casos"]] == [
            offers(carlos, query)["Casos"][-1]["url"]
        ]
    wrong = "2" if case.folio[-1] != "2" else "3"
    assert len(offers(berta, case.folio[:-1] + wrong)["Casos"]) == 1
    assert offers(berta, "x" * 5000)
    assert Client().get("/comandos/").status_code == 302


def test_the_menu_leads_to_every_queue_with_its_keys() -> None:
    page = client_of(people.berta()).get("/cola/mia/").content.decode()
    for slug, key in (("mia", "m"), ("seguidos", "g"), ("menciones", "n"), ("vencidos", "v")):
        assert f'href="/cola/{slug}/" data-key="g {key}"' in page
