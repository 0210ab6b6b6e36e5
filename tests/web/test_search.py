"""The search: what one means is found, what one may not see is not, and everything stays words."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import mails, people
from tests.web.cast import HOSTILE, a_case, client_of, url_of
from ventanilla.crm.models import ContactPoint, Person
from ventanilla.desk import changes, structure
from ventanilla.register.models import Case

MOST_QUERIES = 10
LINKED = re.compile(r'class="row-title" href="/casos/([^/]+)/"')
pytestmark = pytest.mark.usefixtures("desk")


def found(browser: Client, **asked: str) -> list[str]:
    """The folios on a page of results, in their order."""
    return LINKED.findall(page(browser, **asked))


def page(browser: Client, **asked: str) -> str:
    answer = browser.get("/buscar/", asked)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def of_marta(text: str = "La impresora no imprime.", subject: str = "La impresora") -> Case:
    """A case of another person, in the same desk."""
    return a_case(sender="Marta Ríos <marta.rios@papeleria.example>", text=text, subject=subject)


def test_a_folio_leads_to_its_case_however_it_is_written() -> None:
    case = a_case()
    browser = client_of(people.berta())
    for written in (case.folio, case.folio.lower().replace("-", " "), f" {case.folio} "):
        assert browser.get("/buscar/", {"q": written}).headers["Location"] == url_of(case)


def test_a_mistyped_folio_offers_the_cases_that_may_be_meant() -> None:
    case, other = a_case(), of_marta()
    browser = client_of(people.berta())
    head, number, check = case.folio.rpartition("-")[0], case.folio.split("-")[2], case.folio[-1]
    swapped = f"{head[: -len(number)]}{number[:-2]}{number[-1]}{number[-2]}-{check}"
    wrong_digit = f"{head[: -len(number)]}9{number[1:]}-{check}"
    unlike = next(each for each in "XYZ" if each not in (check, other.folio[-1]))
    wrong_check = f"{head}-{unlike}"
    for typed in (swapped, wrong_digit, wrong_check):
        shown = page(browser, q=typed)
        assert "carácter de control" in shown, typed
        assert LINKED.findall(shown) == [case.folio], typed
    assert other.folio not in shown
    hidden = page(client_of(people.carlos()), q=wrong_check)
    assert case.folio not in hidden
    assert "Ningún caso se le parece" in hidden
    assert "el correo que le enviamos" not in hidden + shown


def test_a_number_alone_is_the_case_of_this_year() -> None:
    case = a_case(at=None)
    number = str(int(case.folio.split("-")[2]))
    assert found(client_of(people.berta()), q=number) == [case.folio]


def test_people_are_found_by_name_address_and_number() -> None:
    case, other = of_marta(), a_case()
    ContactPoint.objects.create(
        person=case.person, kind="phone", value="+576015550199", created_at=people.LONG_AGO
    )
    browser = client_of(people.berta())
    for asked in ("marta", "MÁRTA rios", "rio mar", "marta.rios@papeleria.example", "marta.rios@",
                  "@papeleria.example", "5550199", "+57 601 555 0199"):  # fmt: skip
        shown = page(browser, q=asked)
        assert f"persona={case.person_id}" in shown, asked
        assert f"persona={other.person_id}" not in shown, asked
    assert found(browser, q="marta.rios@papeleria.example") == [case.folio]
    assert found(browser, persona=str(case.person_id)) == [case.folio]
    assert "Casos de Marta Ríos" in page(browser, persona=str(case.person_id))
    assert f"persona={case.person_id}" not in page(browser, q="550199 marta")


def in_palette(browser: Client, query: str) -> list[dict[str, str]]:
    groups = browser.get("/comandos/", {"q": query}).json()["groups"]
    return next((each["items"] for each in groups if each["name"] == "Personas"), [])


def test_the_palette_finds_the_people_whose_cases_one_sees() -> None:
    case = a_case()
    browser = client_of(people.berta())
    for query in ("perez", people.ANA_ADDRESS[:8], people.ANA_ADDRESS):
        (ana,) = in_palette(browser, query)
        assert (ana["name"], ana["hint"]) == (
            "Ana Pérez", f"{people.ANA_ADDRESS} · 1 caso, 1 sin cerrar",
        )  # fmt: skip
        assert LINKED.findall(browser.get(ana["url"]).content.decode()) == [case.folio]
        assert in_palette(client_of(people.carlos()), query) == []
    for query in ("pe", case.folio, "zapato"):
        assert in_palette(browser, query) == [], query


def test_the_palette_shows_few_people_and_their_names_as_they_are() -> None:
    for number in range(6):
        a_case(sender=f"Marta Ríos {number} <marta{number}@papeleria.example>")
    Person.objects.filter(name="Marta Ríos 5").update(name="Marta <b>Ríos</b>")
    found = in_palette(client_of(people.berta()), "marta")
    assert len(found) == 4
    assert found[0]["name"] == "Marta <b>Ríos</b>", "the script shows it as text"


def test_who_has_no_name_is_called_by_the_address() -> None:
    case = of_marta()
    Person.objects.filter(pk=case.person_id).update(name="")
    shown = page(client_of(people.berta()), q="impresora")
    assert "marta.rios@papeleria.example" in shown
    assert "Persona " + str(case.person_id) not in shown


def test_what_one_may_not_see_is_not_found_people_included() -> None:
    case = of_marta()
    other_desk = client_of(people.carlos())
    for asked in ({"q": "impresora"}, {"q": "marta"}, {"q": "marta.rios@papeleria.example"},
                  {"persona": str(case.person_id)}, {"q": case.folio},
                  {"q": "impresora", "mesa": case.desk}):  # fmt: skip
        shown = page(other_desk, **asked)
        assert case.folio not in shown.replace(f'value="{case.folio}"', "").replace(
            f"«{case.folio}»", ""
        ), asked
        assert "Ríos" not in shown, asked


def test_words_are_marked_where_they_were_said_whatever_they_hold() -> None:
    a_case(text=f"Señores: {HOSTILE} la FACTURACIÓN salió doble")
    shown = page(client_of(people.berta()), q="facturaciones dobles")
    assert "<mark>FACTURACIÓN</mark>" in shown
    assert "<mark>doble</mark>" in shown
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    reflected = page(client_of(people.berta()), q=HOSTILE)
    assert "<script>alert" not in reflected
    for odd in ("%", "\\", "a" * 5_000, "'; --", "(((", "&:*|!", "\x00", "@", "+57", "\u202e"):
        page(client_of(people.berta()), q=odd)


def test_filters_narrow_and_say_so() -> None:
    mine, other = a_case(), of_marta(text="La factura de la impresora")
    berta = people.berta()
    changes.assign(
        case=mine, assignee_id=berta.id, acting_user=people.elena(), as_of=mine.opened_at
    )
    browser = client_of(berta)
    day = mine.opened_at.astimezone(people.BOGOTA).date().isoformat()
    both = {mine.folio, other.folio}
    for narrowed, expected in (
        ({}, both),
        ({"responsable": "yo"}, {mine.folio}),
        ({"responsable": "nadie"}, {other.folio}),
        ({"responsable": str(berta.id)}, {mine.folio}),
        ({"estado": "abiertos"}, both),
        ({"estado": "terminados"}, set()),
        ({"mesa": mine.desk}, both),
        ({"mesa": "otra"}, set()),
        ({"categoria": "no-existe"}, set()),
        ({"canal": "email"}, both),
        ({"canal": "phone"}, set()),
        ({"desde": day, "hasta": day}, both),
        ({"hasta": "2001-01-01"}, set()),
        ({"desde": "ayer", "responsable": "9" * 30}, both),
    ):
        assert set(found(browser, q="factura", **narrowed)) == expected, narrowed
    nothing = page(browser, q="factura", canal="phone")
    assert "Quitar filtros" in nothing
    assert "quite alguno" in nothing


def test_pages_by_key_show_each_case_once_the_last_spoken_first() -> None:
    cases = [of_marta(subject=f"Asunto {number}", text="tornillo") for number in range(45)]
    spoken = mails.arrived(
        mails.mail(
            subject=f"Re: {cases[0].folio}",
            sender="Marta Ríos <marta.rios@papeleria.example>",
            text="otra vez el tornillo",
        ),
        at=people.FRIDAY_3PM,
    )
    assert spoken.case == cases[0]
    browser = client_of(people.berta())
    for asked in (
        {"q": "tornillo"},
        {"persona": str(cases[0].person_id)},
        {"q": "marta.rios@papeleria.example"},
    ):
        shown, pages = page(browser, **asked), 0
        seen = LINKED.findall(shown)
        if asked.get("q") == "tornillo":
            assert seen[0] == cases[0].folio
        while following := re.search(r'href="(/buscar/\?[^"]*antes=[^"]+)"', shown):
            url = following[1].replace("&amp;", "&")
            shown = browser.get(url, headers={"HX-Request": "true"}).content.decode()
            assert "<html" not in shown
            seen += LINKED.findall(shown)
            pages += 1
        assert pages == 2
        assert sorted(seen) == sorted(case.folio for case in cases)


def test_a_search_costs_few_queries() -> None:
    case = a_case()
    browser = client_of(people.elena())
    page(browser, q="factura")
    for asked in ({"q": "factura"}, {"q": "ana"}, {"q": people.ANA_ADDRESS},
                  {"persona": str(case.person_id)}):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page(browser, **asked)
        assert len(queries) <= MOST_QUERIES, (asked, [each["sql"] for each in queries])


def test_a_merged_case_is_found_as_what_it_was() -> None:
    one, other = a_case(), of_marta()
    structure.merge(case=other, into=one, acting_user=people.elena(), as_of=other.opened_at)
    assert found(client_of(people.berta()), q="impresora") == [other.folio]
