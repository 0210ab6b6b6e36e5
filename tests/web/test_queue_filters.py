"""Filters and saved views: addresses that can be shared, and that show nobody more than they may see."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import people
from tests.web.cast import HOSTILE, a_case, client_of
from ventanilla.desk import changes, progress
from ventanilla.register.models import Case
from ventanilla.workspace.models import SavedView

pytestmark = pytest.mark.usefixtures("desk")


def folios(browser: Client, url: str, **query: object) -> set[str]:
    page = browser.get(f"{url}?{urlencode(query, doseq=True)}" if query else url)
    assert page.status_code == 200, (url, query, page.status_code)
    return set(re.findall(r'data-folio="([^"]+)"', page.content.decode()))


def test_each_filter_narrows_and_several_hold_together() -> None:
    plain, urgent = a_case(subject="Cobro doble"), a_case(subject="Devolución del pago")
    support = a_case(to=people.SUPPORT, subject="No abre")
    berta = people.berta()
    now = timezone.now()
    Case.objects.filter(pk=urgent.pk).update(emergency=True, next_due_at=now + timedelta(hours=1))
    changes.assign(case=plain, assignee_id=berta.id, acting_user=berta, as_of=now)
    Case.objects.filter(pk=plain.pk).update(next_due_at=now - timedelta(hours=1))
    browser, every = client_of(berta), {plain.folio, urgent.folio, support.folio}
    told = {
        (): every,
        (("mesa", "soporte"),): {support.folio},
        (("mesa", "soporte"), ("mesa", plain.desk)): every,
        (("emergencia", "1"),): {urgent.folio},
        (("responsable", "yo"),): {plain.folio},
        (("responsable", str(berta.id)),): {plain.folio},
        (("responsable", "nadie"),): {urgent.folio, support.folio},
        (("responsable", "nadie"), ("responsable", "yo")): every,
        (("vence", "vencidos"),): {plain.folio},
        (("asunto", "DEVOLUCION"),): {urgent.folio},
        (("asunto", "devolución"), ("emergencia", "1")): {urgent.folio},
        (("asunto", "devolución"), ("responsable", "yo")): set(),
        (("estado", "registered"),): every,
        (("estado", "resolved"),): set(),
        (("canal", "email"),): every,
        (("categoria", plain.category),): {
            each.folio for each in (plain, urgent, support) if each.category == plain.category
        },
        (("prioridad", plain.priority),): {
            each.folio for each in (plain, urgent, support) if each.priority == plain.priority
        },
    }
    for query, expected in told.items():
        url = "/cola/todos/" + (f"?{urlencode(query)}" if query else "")
        assert folios(browser, url) == expected, query


def test_a_complex_case_is_found_as_such() -> None:
    case, other = a_case(), a_case()
    lead = people.elena()
    from ventanilla.desk import assessment

    assessed = assessment.assess(
        case=case, category=case.category, priority=case.priority, asked="x", acting_user=lead,
        as_of=people.FRIDAY_3PM + timedelta(minutes=5),
    )  # fmt: skip
    progress.mark_complex(
        case=assessed, reason="Hay que migrar", acting_user=lead,
        as_of=people.FRIDAY_3PM + timedelta(minutes=9),
    )  # fmt: skip
    assert folios(client_of(lead), "/cola/todos/", complejo=1) == {case.folio}
    assert other.folio in folios(client_of(lead), "/cola/todos/")


@pytest.mark.parametrize(
    "query",
    [
        {"mesa": "no-hay"}, {"responsable": "9" * 40}, {"responsable": "x"}, {"vence": "siempre"},
        {"asunto": HOSTILE}, {"asunto": "%_\\"}, {"asunto": "\x00"}, {"prioridad": ["a"] * 500},
        {"despues": "no-es-clave"}, {"estado": "'; --"}, {"canal": "x" * 9000},
    ],
)  # fmt: skip
def test_no_address_breaks_the_queue(query: dict[str, str | list[str]]) -> None:
    a_case()
    page = client_of(people.berta()).get("/cola/todos/", query)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_filters_show_nobody_what_they_may_not_see() -> None:
    hidden, carlos = a_case(), people.carlos()
    browser = client_of(carlos)
    assert folios(browser, "/cola/todos/", mesa=hidden.desk) == set()
    assert hidden.folio not in browser.get("/cola/todos/?asunto=cobro").content.decode()
    berta = people.berta()
    client_of(berta).post(
        "/vistas/nueva/", {"name": "De todos", "shared": "on", "mesa": hidden.desk, "cola": "todos"}
    )
    view = SavedView.objects.get()
    assert folios(client_of(berta), f"/vistas/{view.pk}/") == {hidden.folio}
    assert folios(browser, f"/vistas/{view.pk}/") == set()


def test_a_view_is_saved_from_an_address_shared_renamed_and_deleted() -> None:
    case, berta, carlos = a_case(), people.berta(), people.carlos()
    browser, other = client_of(berta), client_of(carlos)
    page = browser.get("/cola/sin-asignar/?prioridad=high&asunto=cobro").content.decode()
    save = re.search(r'href="(/vistas/nueva/\?[^"]+)"', page)
    assert save
    url = save[1].replace("&amp;", "&")
    form = browser.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    hidden.pop("csrfmiddlewaretoken", None)
    assert hidden == {"prioridad": "high", "asunto": "cobro", "cola": "sin-asignar"}
    assert browser.post("/vistas/nueva/", hidden | {"name": " "}).status_code == 422
    browser.post("/vistas/nueva/", hidden | {"name": "Cobros sin dueño"})
    view = SavedView.objects.get()
    assert folios(browser, f"/vistas/{view.pk}/") == {case.folio}
    assert browser.post("/vistas/nueva/", hidden | {"name": "Cobros sin dueño"}).status_code == 422
    assert other.get(f"/vistas/{view.pk}/").status_code == 404
    browser.post(f"/vistas/{view.pk}/cambio/", {"name": "Cobros", "shared": "on"})
    assert other.get(f"/vistas/{view.pk}/").status_code == 200
    assert "Cobros" in other.get("/vistas/menu/").content.decode()
    assert other.post(f"/vistas/{view.pk}/cambio/", {"name": "Mía"}).status_code == 404
    assert other.post(f"/vistas/{view.pk}/retiro/").status_code == 404
    browser.post(f"/vistas/{view.pk}/retiro/")
    assert not SavedView.objects.exists()


def test_mine_in_a_shared_view_is_whoever_looks() -> None:
    case, other_case = a_case(), a_case()
    berta, elena = people.berta(), people.elena()
    for each, who in ((case, berta), (other_case, elena)):
        changes.assign(case=each, assignee_id=who.id, acting_user=who, as_of=people.FRIDAY_3PM)
    client_of(berta).post("/vistas/nueva/", {"name": "Lo mío", "shared": "on", "cola": "mia"})
    view = SavedView.objects.get()
    assert folios(client_of(berta), f"/vistas/{view.pk}/") == {case.folio}
    assert folios(client_of(elena), f"/vistas/{view.pk}/") == {other_case.folio}


def test_pages_behind_a_key_keep_the_filters() -> None:
    for number in range(34):
        a_case(subject=f"Cobro {number}")
    a_case(subject="Otra cosa")
    browser = client_of(people.berta())
    first = browser.get("/cola/todos/?asunto=cobro").content.decode()
    following = re.search(r'href="(/cola/todos/\?asunto=cobro&amp;despues=[^"]+)"', first)
    assert following
    rest = browser.get(following[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    seen = re.findall(r'data-folio="([^"]+)"', first + rest.content.decode())
    assert len(seen) == len(set(seen)) == 34


def test_the_form_stands_alone_and_in_place_and_is_filled_in() -> None:
    browser = client_of(people.berta())
    url = "/cola/todos/filtros/?prioridad=high&asunto=cobro&emergencia=1"
    whole = browser.get(url).content.decode()
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert re.search(r'value="high"[^>]*checked', part)
    assert 'value="cobro"' in part
    assert client_of(people.carlos()).get("/mesas/atencion/filtros/").status_code == 404
    assert client_of(people.carlos()).get("/mesas/soporte/filtros/").status_code == 200


def test_narrowing_costs_no_more_than_a_name_to_look_up() -> None:
    a_case()
    berta = people.berta()
    browser = client_of(berta)
    browser.get("/cola/todos/")
    for url, most in (
        ("/cola/todos/?prioridad=high&asunto=cobro", 5),
        (f"/cola/todos/?responsable={berta.id}", 6),
        ("/cola/seguidos/", 5),
        ("/cola/menciones/", 5),
    ):
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        assert len(asked) <= most, (url, [each["sql"][:90] for each in asked])
