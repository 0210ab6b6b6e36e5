"""Many rows at once, as plain forms: what it does, what it refuses, and the way back."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of
from ventanilla.desk import bulk, changes
from ventanilla.register.models import Case
from ventanilla.workspace.models import BulkDeed, Watch

pytestmark = pytest.mark.usefixtures("desk")


def chosen(*cases: Case) -> list[str]:
    return [f"{case.pk}.{case.ledger_seq}" for case in cases]


def asked(browser: Client, what: str, *cases: Case, **more: object) -> str:
    """Press a button of the queue; the page one lands on."""
    page = browser.get("/cola/todos/").content.decode()
    form = form_of(page, "/lote/")
    answer = browser.post(
        "/lote/", form | {"hacer": what, "caso": chosen(*cases)} | more, follow=True
    )
    assert answer.status_code in (200, 422), answer.status_code
    return str(answer.content.decode())


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_rows_can_be_chosen_and_taken_and_given_back() -> None:
    cases = [a_case(subject=f"Cobro {number}") for number in range(3)]
    berta = people.berta()
    browser = client_of(berta)
    page = asked(browser, "asignarme", *cases)
    assert {now(case).assignee_id for case in cases} == {berta.id}
    assert "3 casos" in page
    undo = re.search(r'data-undo="([^"]+)"', page)
    outcome = re.search(r'class="undo" href="([^"]+)"', page)
    assert undo and outcome
    told = browser.get(outcome[1]).content.decode()
    assert all(case.folio in told for case in cases)
    assert f'action="{undo[1]}"' in told  # without a script it is a button there
    after = browser.post(undo[1], {"volver": "/cola/todos/"}, follow=True).content.decode()
    assert "Se deshizo en 3 casos." in after
    assert {now(case).assignee_id for case in cases} == {None}
    assert 'class="button go"' not in browser.get(outcome[1]).content.decode()
    assert "deshecho" in browser.get(reverse("bulk-deeds")).content.decode()


def test_an_undoing_that_broke_off_is_not_called_undone() -> None:
    case, browser = a_case(), client_of(people.berta())
    asked(browser, "asignarme", case)
    deed = BulkDeed.objects.get()
    BulkDeed.objects.update(undone_at=deed.done_at)
    assert "deshecho" not in browser.get(reverse("bulk-deeds")).content.decode()
    told = browser.get(reverse("bulk-deed", args=[deed.pk])).content.decode()
    assert 'class="button go"' in told


def test_assigning_asks_to_whom_and_only_offers_who_serves_all_of_them() -> None:
    case, support = a_case(), a_case(to=people.SUPPORT)
    berta, carlos = people.berta(), people.carlos()
    browser = client_of(berta)
    form = asked(browser, "asignar", case, support)
    assert case.folio in form and "Berta Nieto" in form
    assert "Carlos Amaya" not in form
    assert "Carlos Amaya" in asked(browser, "asignar", support)
    asked(browser, "asignar", support, listo="1", assignee=str(carlos.id))
    assert now(support).assignee_id == carlos.id
    asked(browser, "asignar", now(support), listo="1", assignee="nadie")
    assert now(support).assignee_id is None


def test_priority_needs_a_reason() -> None:
    case, browser = a_case(), client_of(people.berta())
    form = asked(browser, "prioridad", case, listo="1", priority="low", reason=" ")
    assert "Falta completar este dato" in form
    assert now(case).priority == case.priority
    asked(browser, "prioridad", case, listo="1", priority="low", reason="Se aclaró")
    assert now(case).priority == "low"


def test_the_same_request_twice_is_done_once_and_another_choice_is_another_request() -> None:
    case, other = a_case(), a_case()
    browser = client_of(people.berta())
    sent = {"hacer": "asignarme", "volver": "/cola/todos/", "request_key": str(uuid4())}
    for _ in range(2):
        browser.post("/lote/", sent | {"caso": chosen(case)})
    assert BulkDeed.objects.count() == 1
    assert now(case).ledger_seq == case.ledger_seq + 1
    browser.post("/lote/", sent | {"caso": chosen(other)})
    assert now(other).assignee_id is not None


def test_what_moved_or_is_hidden_is_left_and_told() -> None:
    case, moved = a_case(), a_case()
    support = a_case(to=people.SUPPORT)
    carlos, berta = people.carlos(), people.berta()
    changes.assign(case=moved, assignee_id=berta.id, acting_user=berta, as_of=people.FRIDAY_3PM)
    page = asked(client_of(people.elena()), "asignarme", case, moved)
    assert "1 quedó igual" in page
    outcome = (
        client_of(people.elena())
        .get(f"/lotes/{BulkDeed.objects.latest('id').pk}/")
        .content.decode()
    )
    assert "Berta Nieto" in outcome
    browser = client_of(carlos)
    asked(browser, "asignarme", case, support)
    assert now(support).assignee_id == carlos.id
    told = browser.get(f"/lotes/{BulkDeed.objects.latest('id').pk}/").content.decode()
    assert case.folio not in told
    assert "1 caso que no está a su alcance" in told


def test_deeds_are_ones_own() -> None:
    case = a_case()
    asked(client_of(people.berta()), "asignarme", case)
    deed = BulkDeed.objects.get()
    other = client_of(people.elena())
    assert other.get(f"/lotes/{deed.pk}/").status_code == 404
    assert other.post(f"/lotes/{deed.pk}/deshacer/").status_code == 404
    assert now(case).assignee_id is not None
    assert f"/lotes/{deed.pk}/" in client_of(people.berta()).get("/lotes/").content.decode()


def test_marks_and_following_in_bulk() -> None:
    case, browser = a_case(), client_of(people.berta())
    assert "unread" in browser.get("/cola/todos/").content.decode()
    asked(browser, "leido", case)
    assert "sin leer" not in browser.get("/cola/todos/").content.decode()
    asked(browser, "no-leido", case)
    assert "sin leer" in browser.get("/cola/todos/").content.decode()
    asked(browser, "seguir", case)
    assert case.folio in browser.get("/cola/seguidos/").content.decode()
    asked(browser, "no-seguir", case)
    assert not Watch.objects.exists()


def test_nothing_chosen_too_much_and_nonsense_are_told_kindly() -> None:
    a_case()
    browser = client_of(people.berta())
    assert "No eligió ningún caso" in asked(browser, "asignarme")
    assert "No eligió ningún caso" in asked(browser, "asignar")
    many = [f"{number}.1" for number in range(1, bulk.MOST + 2)]
    answer = browser.post("/lote/", {"hacer": "asignarme", "caso": many}, follow=True)
    assert f"hasta {bulk.MOST}" in answer.content.decode()
    assert browser.post("/lote/", {"hacer": "borrar", "caso": "1.1"}).status_code == 404
    assert browser.post("/lote/", {"hacer": "leido", "caso": "x.y"}).status_code == 302
    away = browser.post("/lote/", {"hacer": "leido", "volver": "//mala.example/"})
    assert away.headers["Location"] == "/cola/"


def test_who_may_not_assign_is_not_offered_it() -> None:
    case = a_case()
    page = client_of(people.octavio()).get("/cola/todos/").content.decode()
    assert 'value="asignarme"' not in page
    asked(client_of(people.octavio()), "asignarme", case)
    assert now(case).assignee_id is None
