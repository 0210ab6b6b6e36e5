"""Accounts, roles, desks, absences on screen: who may, what happens, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import people
from tests.web.cast import BIDI, HOSTILE, client_of
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Absence, Role, Staff
from ventanilla.accounts.permissions import Permission
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.actors import Actor
from ventanilla.web.presenters.roles import WORDS

pytestmark = pytest.mark.usefixtures("desk")
NEW = {"full_name": "Nueva Pérez", "email": "nueva@generasoft.example", "role": "agent",
       "language": "es"}  # fmt: skip
GOOD = "caballo grapa batería 9"


def marcela() -> Actor:
    found = Staff.objects.filter(email="marcela@generasoft.example").first()
    made = found or Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela Ibáñez", role=Role.ADMINISTRATOR
    )
    return Actor.staff(made.pk)


def boss() -> Client:
    return client_of(marcela())


def pages() -> list[str]:
    berta = people.berta().id or 0
    return [
        "/administracion/personal/",
        "/administracion/personal/nueva/",
        f"/administracion/personal/{berta}/",
        f"/administracion/personal/{berta}/baja/",
        f"/administracion/personal/{berta}/alta/",
        f"/administracion/personal/{berta}/enlace/",
        "/administracion/funciones/",
        "/administracion/mesas/",
        "/administracion/mesas/soporte/",
    ]


def test_every_page_is_for_who_administers_and_costs_little() -> None:
    browser, agent, lead = boss(), client_of(people.berta()), client_of(people.elena())
    assert browser.get("/administracion/").headers["Location"] == "/administracion/personal/"
    for url in pages():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200, url
        assert len(asked) <= 10, url
        for other in (agent, lead):
            assert other.get(url).status_code == 404, url
            assert other.post(url, NEW).status_code in (404, 405), url
    assert not entries()


def test_an_auditor_reads_the_accounts_and_changes_none() -> None:
    browser = client_of(people.octavio())
    berta = people.berta().id or 0
    page = browser.get(f"/administracion/personal/{berta}/").content.decode()
    assert "Guardar" not in page
    browser.post(f"/administracion/personal/{berta}/", NEW | {"role": "director"})
    assert Staff.objects.get(pk=berta).role == "agent"
    assert browser.get(f"/administracion/personal/{berta}/baja/").status_code == 404


def test_a_new_colleague_is_invited_chooses_a_password_and_signs_in() -> None:
    answer = boss().post("/administracion/personal/nueva/", NEW | {"desks": ["soporte"]})
    sent = OutboundMessage.objects.get()
    assert answer.headers["Location"] == f"/salida/{sent.pk}/"
    link = re.search(r"/invitacion/\S+/", sent.text)
    assert link
    door = Client()
    first = door.get(link[0])
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in first.headers["Cache-Control"]
    for wrong in ({"password": GOOD, "again": "otra"}, {"password": "1234", "again": "1234"},
                  {"password": "", "again": ""}, {"password": "x" * 300, "again": "x" * 300}):  # fmt: skip
        assert door.post(link[0], wrong).status_code == 422, wrong
    assert door.post(link[0], {"password": GOOD, "again": GOOD}).headers["Location"] == (
        "/cuenta/login/"
    )
    assert door.get(link[0]).status_code == 410
    staff = Staff.objects.get(email="nueva@generasoft.example")
    assert (staff.desks, staff.check_password(GOOD)) == (["soporte"], True)
    door.post("/cuenta/login/", {"login": staff.email, "password": GOOD})
    assert door.get("/cola/").headers["Location"] == "/cola/mia/"


def test_who_came_in_by_another_door_is_not_called_invited() -> None:
    staff = Staff.objects.create_user("olga@generasoft.example", full_name="Olga Paz")
    url = f"/administracion/personal/{staff.pk}/"
    assert "invitada, sin contraseña" in boss().get(url).content.decode()
    Staff.objects.filter(pk=staff.pk).update(last_login=timezone.now())
    assert "invitada, sin contraseña" not in boss().get(url).content.decode()


def test_the_link_is_shown_to_nobody_on_the_pages() -> None:
    browser = boss()
    browser.post("/administracion/personal/nueva/", NEW)
    sent = OutboundMessage.objects.get()
    page = browser.get(f"/salida/{sent.pk}/").content.decode()
    token = re.search(r"/invitacion/[^/]+/([^/]+)/", sent.text)
    assert token and token[1] not in page
    assert "/invitacion/····" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "no es un correo"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"email": "x" * 300 + "@b.example"},
        {"full_name": ""},
        {"full_name": "x" * 121},
        {"full_name": f"Ana{BIDI}"},
        {"full_name": "\u200b"},
        {"full_name": "Ana <b>Gil</b>"},
        {"role": "rey"},
        {"role": HOSTILE},
        {"desks": ["no-hay"]},
        {"language": "xx"},
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(wrong: dict[str, object]) -> None:
    answer = boss().post("/administracion/personal/nueva/", NEW | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Falta corregir algo" in page
    assert "<script>alert" not in page
    assert not OutboundMessage.objects.exists()


def test_an_address_that_is_taken_is_refused_kindly() -> None:
    answer = boss().post(
        "/administracion/personal/nueva/", NEW | {"email": "MARCELA@generasoft.example"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "No se creó la cuenta: el correo marcela@generasoft.example ya es de" in page
    assert "Su ficha está en «Personal»" in page
    assert "Ya existe" not in page


def test_role_and_desks_change_and_are_written_down() -> None:
    berta = people.berta().id or 0
    sent = {"full_name": "Berta Nieto", "role": "lead", "desks": ["soporte"], "language": "en"}
    answer = boss().post(f"/administracion/personal/{berta}/", sent)
    assert answer.status_code == 302
    staff = Staff.objects.get(pk=berta)
    assert (staff.role, staff.desks, staff.language) == ("lead", ["soporte"], "en")
    assert entries()[0].kind == Act.STAFF_CHANGED


def test_nobody_locks_themselves_out() -> None:
    me = marcela().id or 0
    sent = {"full_name": "Marcela", "role": "agent", "language": "es"}
    answer = boss().post(f"/administracion/personal/{me}/", sent)
    assert answer.status_code == 409
    assert "Nadie cambia su propia función" in answer.content.decode()
    assert boss().post(f"/administracion/personal/{me}/baja/").status_code == 409
    assert Staff.objects.get(pk=me).is_active


def test_an_ended_account_is_out_at_once_and_comes_back() -> None:
    berta = people.berta()
    theirs, browser = client_of(berta), boss()
    assert theirs.get("/cola/mia/").status_code == 200
    page = browser.get(f"/administracion/personal/{berta.id}/baja/").content.decode()
    assert "Qué va a pasar" in page
    browser.post(f"/administracion/personal/{berta.id}/baja/")
    assert theirs.get("/cola/mia/").headers["Location"].startswith("/cuenta/login/")
    assert "desactivada" in browser.get("/administracion/personal/").content.decode()
    browser.post(f"/administracion/personal/{berta.id}/alta/")
    assert theirs.get("/cola/mia/").status_code == 200


def test_every_permission_has_words() -> None:
    assert set(WORDS) == set(Permission)


def test_the_matrix_says_what_the_table_decides() -> None:
    page = boss().get("/administracion/funciones/").content.decode()
    row = re.search(r"Crear y cambiar cuentas</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    cells = ["kept" in each for each in row[1].split("<td")[1:]]
    assert cells == [False, False, False, True, False]
    assert "no lo permite. Pídalo a «Administración»" in row[1]


def test_members_of_a_desk_are_changed_and_nobody_comes_to_serve_all() -> None:
    carlos = people.carlos()
    browser = boss()
    answer = browser.post("/administracion/mesas/soporte/", {})
    assert answer.status_code == 409
    assert "sin mesas se atienden todas" in answer.content.decode()
    browser.post("/administracion/mesas/atencion/", {"members": [carlos.id]})
    assert Staff.objects.get(pk=carlos.id or 0).desks == ["atencion", "soporte"]
    assert browser.get("/administracion/mesas/no-hay/").status_code == 404
    assert browser.post("/administracion/mesas/soporte/", {"members": ["x"]}).status_code == 422


def test_a_lead_notes_changes_and_ends_an_absence() -> None:
    browser = client_of(people.elena())
    berta, carlos = people.berta(), people.carlos()
    today = timezone.now().astimezone(people.BOGOTA).date()
    sent = {"staff": berta.id, "first": today, "last": today + timedelta(days=2),
            "covered_by": carlos.id, "reason": "Vacaciones"}  # fmt: skip
    assert browser.post("/administracion/ausencias/nueva/", sent).status_code == 302
    absence = Absence.objects.get()
    local = absence.ends_at.astimezone(people.BOGOTA)
    assert (local.date(), local.hour) == (today + timedelta(days=3), 0), "the last day counts whole"
    page = browser.get("/administracion/ausencias/").content.decode()
    assert "cubre Carlos Amaya" in page
    url = f"/administracion/ausencias/{absence.pk}/"
    form = browser.get(url).content.decode()
    assert f'value="{today + timedelta(days=2)}"' in form
    changed = {"first": today, "last": today + timedelta(days=1), "covered_by": "", "reason": ""}
    assert browser.post(url, changed).status_code == 302
    assert Absence.objects.get().covered_by is None
    assert browser.post(f"{url}fin/").status_code == 302
    assert browser.get(url).status_code == 404
    assert "Nadie está ausente" in browser.get("/administracion/ausencias/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": "2020-01-01"},
        {"first": "ayer"},
        {"first": ""},
        {"last": "9999-12-31"},
        {"first": "0001-01-01", "last": "0001-01-02"},
        {"staff": "999999"},
        {"staff": "x"},
        {"covered_by": "999999"},
        {"reason": "x" * 201},
        {"reason": f"a{BIDI}b"},
    ],
)
def test_absences_that_cannot_be_are_told(wrong: dict[str, str]) -> None:
    browser = client_of(people.elena())
    today = timezone.now().astimezone(people.BOGOTA).date()
    sent = {"staff": people.berta().id, "first": today, "last": today, "reason": ""}
    answer = browser.post("/administracion/ausencias/nueva/", sent | wrong)
    assert answer.status_code in (409, 422)
    assert not Absence.objects.exists()


def test_agents_note_no_absences() -> None:
    browser = client_of(people.berta())
    assert browser.get("/administracion/ausencias/").status_code == 404
    assert browser.get("/administracion/").status_code == 404


def test_the_assignment_form_says_who_is_absent() -> None:
    from tests.web.cast import a_case, url_of

    case = a_case()
    browser = client_of(people.elena())
    today = timezone.now().astimezone(people.BOGOTA).date()
    sent = {"staff": people.berta().id, "first": today, "last": today + timedelta(days=3)}
    browser.post("/administracion/ausencias/nueva/", sent)
    form = browser.get(url_of(case, "asignacion")).content.decode()
    assert re.search(r"Berta Nieto — ausente hasta", form)
    assert "Elena Rojas</option>" in form
