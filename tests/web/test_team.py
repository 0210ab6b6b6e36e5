"""The home of a leader: what is at risk, who carries what, and giving cases on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import mails, people
from tests.web.cast import HOSTILE, a_case, client_of, form_of, url_of
from ventanilla.accounts import absences
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import changes
from ventanilla.register.models import Case, Commitment

pytestmark = pytest.mark.usefixtures("desk")
MOST_QUERIES = 12
"""Session, person and message storage; then ten reads, each bounded."""


def held(case: Case, owner: Actor) -> Case:
    return changes.assign(
        case=case, assignee_id=owner.id, acting_user=people.elena(), as_of=timezone.now()
    )


def away(member: Actor, *, cover: Actor | None = None) -> None:
    now = timezone.now()
    absences.note_absence(
        staff_id=member.id or 0,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=2),
        covered_by_id=cover.id if cover else None,
        acting_user=people.elena(),
        as_of=now,
    )


@pytest.mark.parametrize(("role", "place"), [("lead", "/equipo/"), ("director", "/equipo/")])
def test_who_leads_begins_at_the_team(role: str, place: str) -> None:
    person = Staff.objects.create_user("x@generasoft.example", full_name="X", role=role)
    browser = client_of(Actor.staff(person.pk))
    assert browser.get("/cola/").headers["Location"] == place


@pytest.mark.parametrize("role", [Role.AGENT])
def test_agents_find_no_team(role: Role) -> None:
    browser = client_of(people.berta())
    assert browser.get("/equipo/").status_code == 404
    assert browser.get("/equipo/promesas/").status_code == 404
    assert browser.get(f"/equipo/personas/{people.elena().id}/").status_code == 404


def test_what_is_overdue_is_told_with_clause_person_and_time() -> None:
    case = held(a_case(timezone.now() - timedelta(days=20)), people.berta())
    page = client_of(people.elena()).get("/equipo/").content.decode()
    clause = Commitment.objects.filter(case=case, key="first_response").get().clause
    risk = page[page.index('id="riesgo-t"') : page.index('id="hoy-t"')]
    assert case.folio in risk
    assert f"cláusula {clause}" in risk
    assert "Berta Nieto" in risk
    assert "venció hace" in risk


def test_the_page_costs_the_same_for_one_case_and_for_thirty() -> None:
    browser = client_of(people.elena())
    costs = []
    for count in (1, 29):
        for number in range(count):
            held(a_case(timezone.now() - timedelta(days=9), subject=f"A {number}"), people.berta())
        browser.get("/equipo/")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/equipo/")
        costs.append(len(asked))
    assert costs[0] == costs[1] <= MOST_QUERIES, [each["sql"][:90] for each in asked]
    following = re.search(r'href="(/equipo/\?horas=24[^"]*despues=[^"]+)"', page.content.decode())
    assert following
    first = set(re.findall(r"/casos/([^/]+)/", page.content.decode().split('id="hoy-t"')[0]))
    rest = browser.get(following[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert "<html" not in rest.content.decode()
    second = set(re.findall(r"/casos/([^/]+)/", rest.content.decode()))
    assert len(first | second) == 30
    assert not first & second


def test_a_lead_sees_only_their_desks() -> None:
    case = a_case(timezone.now() - timedelta(days=9))
    lead = Staff.objects.create_user(
        "lara@generasoft.example", full_name="Lara", role=Role.LEAD, desks=["soporte"]
    )
    browser = client_of(Actor.staff(lead.pk))
    for url in ("/equipo/", "/equipo/promesas/"):
        assert case.folio not in browser.get(url).content.decode()


def test_that_nothing_waits_long_does_not_say_that_nothing_waits() -> None:
    browser = client_of(people.elena())
    page = browser.get("/equipo/").content.decode()
    assert "Nada lleva más de 2 horas sin asignar." in page
    assert "espera quien lo atienda" not in page
    a_case(timezone.now() - timedelta(minutes=20))
    page = browser.get("/equipo/").content.decode()
    assert "Nada lleva más de 2 horas sin asignar." in page
    assert "1 caso más reciente espera quien lo atienda" in page
    a_case(timezone.now() - timedelta(hours=3), subject="Lleva rato", text="Otra cosa")
    page = browser.get("/equipo/").content.decode()
    assert "Nada lleva más de" not in page


def test_promises_of_today_are_listed_with_how_they_stand() -> None:
    case = a_case(timezone.now() - timedelta(minutes=5))
    due = timezone.now() + timedelta(seconds=30)
    Commitment.objects.filter(case=case, key="first_response").update(due_at=due)
    page = client_of(people.elena()).get("/equipo/promesas/").content.decode()
    assert case.folio in page
    assert re.search(r"\d+ abiertas?", page)


def test_who_is_absent_stands_with_cover_and_the_cases_are_given_on() -> None:
    berta, elena = people.berta(), people.elena()
    cases = [held(a_case(subject=f"Asunto {n}"), berta) for n in range(2)]
    away(berta, cover=people.carlos())
    browser = client_of(elena)
    home = browser.get("/equipo/").content.decode()
    assert "ausente hasta" in home
    assert "cubre Carlos Amaya" in home
    assert "Repartir sus 2 casos" in home
    url = f"/equipo/personas/{berta.id}/"
    form = browser.get(url).content.decode()
    assert f'value="{people.carlos().id}" selected' in form, "who covers is offered first"
    sent = {"case": [each.pk for each in cases], "to": str(elena.id)}
    for expected in ("pasado", "ya estaba así"):
        told = browser.post(url, sent).content.decode()
        assert told.count(expected) == 2
    assert set(Case.objects.values_list("assignee", flat=True)) == {elena.id}


def option(page: str, name: str) -> str:
    """The words of a choice; of several with that name the last, that of who covers."""
    return str(re.findall(rf"<option[^>]*>({name}[^<]*)</option>", page)[-1])


def test_who_cannot_come_in_yet_is_offered_with_a_word_about_it() -> None:
    case, browser = held(a_case(), people.berta()), client_of(people.elena())
    for mailbox, name, facts in (
        ("nora", "Nora Gil", {}),
        ("paz", "Paz Ruiz", {"password": "caballo grapa"}),
        ("olga", "Olga Paz", {"last_login": timezone.now()}),  # by another door than a password
    ):
        Staff.objects.create_user(f"{mailbox}@generasoft.example", full_name=name, **facts)
    chosen = {"hacer": "asignar", "caso": f"{case.pk}.{case.ledger_seq}"}
    pages = [
        browser.post("/lote/", chosen),
        browser.get(url_of(case, "asignacion")),
        browser.get(f"/equipo/personas/{people.berta().id}/"),
        browser.get("/administracion/ausencias/nueva/"),
    ]
    for page in (each.content.decode() for each in pages):
        assert option(page, "Nora Gil").endswith("todavía no ha entrado")
        for name in ("Paz Ruiz", "Olga Paz"):
            assert "no ha entrado" not in option(page, name)
    staff = Staff.objects.get(full_name="Nora Gil")
    browser.post(
        url_of(case, "asignacion"),
        form_of(pages[1].content.decode(), url_of(case, "asignacion"))
        | {"assignee": str(staff.pk)},
    )
    assert Case.objects.get(pk=case.pk).assignee_id == staff.pk


def test_bad_choices_are_told_and_change_nothing() -> None:
    berta = people.berta()
    case = held(a_case(), berta)
    browser = client_of(people.elena())
    url = f"/equipo/personas/{berta.id}/"
    for sent in (
        {"case": [case.pk], "to": "999999"},
        {"case": [case.pk], "to": HOSTILE},
        {"case": ["x"], "to": "0"},
        {"case": ["9" * 40], "to": "0"},
        {"to": "0"},
        {},
    ):
        answer = browser.post(url, sent)
        assert answer.status_code in (409, 422), (sent, answer.status_code)
        assert "<script>alert" not in answer.content.decode()
    assert Case.objects.get(pk=case.pk).assignee_id == berta.id
    assert browser.get("/equipo/personas/999999/").status_code == 404


def test_an_auditor_looks_and_gives_nothing() -> None:
    case = held(a_case(), people.berta())
    browser = client_of(people.octavio())
    url = f"/equipo/personas/{people.berta().id}/"
    page = browser.get(url).content.decode()
    assert case.folio in page
    assert "Repartir los marcados" not in page
    assert browser.post(url, {"case": [case.pk], "to": "0"}).status_code == 404
    assert Case.objects.get(pk=case.pk).assignee_id == people.berta().id


def test_hostile_words_stay_words() -> None:
    held(mails.opened(mails.mail(subject=HOSTILE)), people.berta())
    for url in ("/equipo/", f"/equipo/personas/{people.berta().id}/", "/equipo/promesas/"):
        assert "<script>alert" not in client_of(people.elena()).get(url).content.decode()
