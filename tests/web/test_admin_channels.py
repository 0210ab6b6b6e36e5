"""Mail that went wrong is done again, one by one or all, and tests of the channels on screen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import mails, people
from tests.web.cast import BIDI, HOSTILE, client_of
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Role, Staff
from ventanilla.channels.models import Delivery, Fate, InboundItem, OutboundMessage
from ventanilla.core.actors import Actor

pytestmark = pytest.mark.usefixtures("desk")


def boss() -> Client:
    made = Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela", role=Role.ADMINISTRATOR
    )
    return client_of(Actor.staff(made.pk))


def quarantined(count: int = 1) -> list[InboundItem]:
    raws = (f"Subject: nadie {n}\r\n\r\nSin remitente.\r\n".encode() for n in range(count))
    return [mails.arrived(raw, recipients=[people.CUSTOMERS]) for raw in raws]


def stuck(state: Delivery, count: int = 2) -> list[OutboundMessage]:
    for number in range(count):
        mails.opened(mails.mail(subject=f"Asunto {number}"))
    rows = list(OutboundMessage.objects.order_by("id"))
    OutboundMessage.objects.update(state=state, next_attempt_at=None, state_reason="550 no")
    return rows


def test_the_page_counts_and_costs_little() -> None:
    quarantined(2)
    browser = boss()
    browser.get("/administracion/canales/")  # what a process reads once is read now
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/administracion/canales/").content.decode()
    assert len(asked) <= 9, [each["sql"][:120] for each in asked]
    assert "cuarentena" in page
    assert "procesar de nuevo por motivo" in page
    assert "ninguno: los envíos quedan retenidos" in page


def test_a_test_out_shows_what_the_server_said() -> None:
    browser = boss()
    answer = browser.post("/administracion/canales/salida/", {"to": "yo@generasoft.example"})
    sent = OutboundMessage.objects.get()
    assert answer.headers["Location"] == f"/salida/{sent.pk}/"
    assert "VENTANILLA_RELAY_URL" in browser.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    "to", ["", "x", "a@b.example\nBcc: c@d.example", "x" * 300 + "@b.example", HOSTILE, BIDI]
)
def test_an_address_that_is_none_is_told(to: str) -> None:
    answer = boss().post("/administracion/canales/salida/", {"to": to})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not OutboundMessage.objects.exists()


def test_tests_are_not_for_flooding() -> None:
    browser = boss()
    codes = [
        browser.post("/administracion/canales/salida/", {"to": "yo@g.example"}).status_code
        for _ in range(12)
    ]
    assert codes.count(302) == 10
    assert codes[-1] == 409
    assert OutboundMessage.objects.count() == 10


def test_who_may_not_test_finds_nothing() -> None:
    for actor in (people.elena(), people.octavio(), people.berta()):
        browser = client_of(actor)
        assert (
            browser.post("/administracion/canales/salida/", {"to": "a@b.example"}).status_code
            == 404
        )
        assert (
            browser.post("/administracion/canales/entrada/", {"desk": "soporte"}).status_code == 404
        )
    assert not OutboundMessage.objects.exists()


def test_one_message_is_tried_again_once() -> None:
    row = stuck(Delivery.FAILED, 1)[0]
    browser = client_of(people.elena())
    assert "Reintentar" in browser.get(f"/salida/{row.pk}/").content.decode()
    for expected in ("Se intentará de nuevo", "no espera otro intento"):
        page = browser.post(f"/salida/{row.pk}/reintento/", follow=True).content.decode()
        assert expected in page
    row.refresh_from_db()
    assert row.state == Delivery.QUEUED
    assert [each.kind for each in entries()] == [Act.DELIVERIES_RETRIED]


def test_who_only_reads_retries_nothing() -> None:
    row = stuck(Delivery.FAILED, 1)[0]
    browser = client_of(people.octavio())
    assert "Reintentar" not in browser.get(f"/salida/{row.pk}/").content.decode()
    browser.post(f"/salida/{row.pk}/reintento/")
    assert browser.get("/salida/reintentos/failed/").status_code == 404
    row.refresh_from_db()
    assert row.state == Delivery.FAILED
    assert client_of(people.berta()).post(f"/salida/{row.pk}/reintento/").status_code == 404


def test_all_that_failed_is_tried_again_in_one_go() -> None:
    stuck(Delivery.FAILED, 3)
    browser = client_of(people.elena())
    listing = browser.get("/salida/?estado=failed").content.decode()
    assert "no entregado · 3" in listing
    assert "/salida/reintentos/failed/" in listing
    page = browser.get("/salida/reintentos/failed/").content.decode()
    assert "con 3 mensajes" in page
    browser.post("/salida/reintentos/failed/")
    assert set(OutboundMessage.objects.values_list("state", flat=True)) == {"queued"}
    assert len(entries()[0].payload["outbound_ids"]) == 3
    assert browser.get("/salida/reintentos/sent/").status_code == 404


def test_quarantine_is_replayed_by_reason() -> None:
    items = quarantined(3)
    InboundItem.objects.filter(pk=items[0].pk).update(fate_reason="unexpected_error")
    browser = client_of(people.elena())
    assert "cuarentena · 3" in browser.get("/entrada/?estado=quarantine").content.decode()
    form = browser.get("/entrada/repeticiones/").content.decode()
    assert "No se pudo procesar por un error nuestro. (1)" in form
    answer = browser.post("/entrada/repeticiones/", {"reason": "no_sender"})
    assert answer.status_code == 302
    fates = dict(InboundItem.objects.values_list("pk", "fate"))
    assert fates[items[0].pk] == Fate.QUARANTINE
    assert [fates[each.pk] for each in items[1:]] == [Fate.PENDING, Fate.PENDING]
    assert entries()[0].payload["reason"] == "no_sender"
    for wrong in ("", "no_hay", HOSTILE):
        assert browser.post("/entrada/repeticiones/", {"reason": wrong}).status_code == 422
    assert client_of(people.octavio()).get("/entrada/repeticiones/").status_code == 404
