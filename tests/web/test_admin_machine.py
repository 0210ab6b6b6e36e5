"""Jobs, health and the record of administration on screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.desk import people
from tests.web.cast import HOSTILE, client_of
from ventanilla.accounts import absences, operations
from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.core.statements import execute
from ventanilla.desk import job_troubles, queueing
from ventanilla.web.presenters.administration import ACTS

pytestmark = pytest.mark.usefixtures("desk")


def marcela() -> Actor:
    found = Staff.objects.filter(email="marcela@generasoft.example").first()
    made = found or Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela Ibáñez", role=Role.ADMINISTRATOR
    )
    return Actor.staff(made.pk)


def boss() -> Client:
    return client_of(marcela())


def failed_job() -> int:
    queueing.defer_receive(2**40)
    job_id = int(ProcrastinateJob.objects.get().id)
    execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
    job_troubles.note(
        job_id=job_id, task_name="receive", error=ValueError(HOSTILE), as_of=timezone.now()
    )
    return job_id


def test_a_failed_job_is_seen_with_its_reason_tried_again_and_given_up() -> None:
    job_id, browser = failed_job(), boss()
    page = browser.get("/administracion/trabajos/").content.decode()
    assert "Procesar un correo" in page
    assert "ValueError" in page
    assert "<script>alert" not in page
    url = f"/administracion/trabajos/{job_id}/"
    assert "Qué va a pasar" in browser.get(f"{url}repeticion/").content.decode()
    assert browser.post(f"{url}repeticion/").status_code == 302
    assert browser.post(f"{url}repeticion/").status_code == 409
    assert browser.post(f"{url}fin/").status_code == 302
    assert browser.get(f"{url}fin/").status_code == 404
    assert not ProcrastinateJob.objects.exists()


def test_the_pages_cost_little_and_are_for_who_may() -> None:
    job_id = failed_job()
    browser = boss()
    for url in ("trabajos", "registro", "salud"):
        browser.get(f"/administracion/{url}/")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/administracion/{url}/").status_code == 200
        assert len(asked) <= 20, (url, len(asked))
        assert client_of(people.octavio()).get(f"/administracion/{url}/").status_code == 200
        for other in (people.elena(), people.berta()):
            assert client_of(other).get(f"/administracion/{url}/").status_code == 404
    for actor in (people.octavio(), people.elena()):
        for deed in ("repeticion", "fin"):
            assert (
                client_of(actor).post(f"/administracion/trabajos/{job_id}/{deed}/").status_code
                == 404
            )
    assert ProcrastinateJob.objects.get().status == "failed"


def test_health_says_what_is_missing_and_what_to_do() -> None:
    page = boss().get("/administracion/salud/").content.decode()
    assert "PostgreSQL" in page
    assert "Tablas: al día" in page
    assert "Trabajador: ninguno da señales de vida" in page
    assert "Registro: todavía no se ha verificado" in page
    assert "VENTANILLA_RELAY_URL" in page
    assert "procrastinate" in page


def test_health_is_told_in_the_language_of_who_looks() -> None:
    browser = boss()
    browser.cookies.load({"idioma": "en"})
    page = browser.get("/administracion/salud/").content.decode()
    assert "Tables: up to date" in page
    assert "Worker: none gives a sign of life" in page
    assert "Free disk space: " in page
    assert "Record: not verified yet" in page
    page = page[page.index("<main") :]
    for spanish in ("Tablas", "Trabajador", "Espacio libre", "Registro:", "Envío de correo"):
        assert spanish not in page


def test_health_knows_a_living_worker_and_the_last_verification() -> None:
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    facts = {"cases": 3, "entries": 9, "faults": 0}
    record(Act.RECORD_VERIFIED, facts, acting_user=SYSTEM, as_of=timezone.now())
    page = boss().get("/administracion/salud/").content.decode()
    assert "Trabajador: en marcha" in page
    assert "íntegro" in page
    record(Act.RECORD_VERIFIED, facts | {"faults": 2}, acting_user=SYSTEM, as_of=timezone.now())
    assert "con 2 fallas" in boss().get("/administracion/salud/").content.decode()


def test_every_act_has_words() -> None:
    assert set(ACTS) == set(Act)


def test_the_record_tells_who_did_what_with_before_and_after() -> None:
    now, berta = timezone.now(), people.berta()
    operations.change_staff(
        staff_id=berta.id or 0, full_name="Berta Nieto", role="lead", desks=["soporte"],
        language="es", acting_user=marcela(), as_of=now,
    )  # fmt: skip
    absences.note_absence(
        staff_id=berta.id or 0, starts_at=now, ends_at=now + timedelta(days=1),
        covered_by_id=people.carlos().id, acting_user=people.elena(), as_of=now,
    )  # fmt: skip
    page = boss().get("/administracion/registro/").content.decode()
    assert "Cambió la cuenta de Berta Nieto" in page
    assert "función: Agente → Líder de equipo" in page
    assert "mesas: todas → soporte" in page
    assert "cubre: Carlos Amaya" in page
    assert "Elena Rojas" in page


def test_the_record_is_paged_by_key() -> None:
    for number in range(60):
        facts = {"cases": number, "entries": 0, "faults": 0}
        record(Act.RECORD_VERIFIED, facts, acting_user=SYSTEM, as_of=timezone.now())
    browser = boss()
    first = browser.get("/administracion/registro/").content.decode()
    following = re.search(r'href="(/administracion/registro/\?despues=\d+)"', first)
    assert following
    second = browser.get(following[1]).content.decode()
    assert first.count("Se verificó") == 50
    assert second.count("Se verificó") == 10
