"""The mail rooms: what arrived, what went out, and processing again."""

from __future__ import annotations

import hashlib

import pytest

from tests.desk import mails, people
from tests.web.cast import client_of
from ventanilla.channels.models import Fate, InboundItem, OutboundMessage


def quarantined() -> InboundItem:
    """A mail without a sender: nobody can be served, so it waits for a person."""
    item = mails.arrived(b"Subject: nadie\r\n\r\nSin remitente.\r\n", recipients=[people.CUSTOMERS])
    assert item.fate == Fate.QUARANTINE, (item.fate, item.fate_reason)
    return item


@pytest.mark.usefixtures("desk")
def test_quarantine_is_seen_with_its_reason_and_can_be_replayed() -> None:
    item = quarantined()
    browser = client_of(people.elena())
    assert "cuarentena" in browser.get("/entrada/?estado=quarantine").content.decode()
    page = browser.get(f"/entrada/{item.pk}/").content.decode()
    assert "Procesar de nuevo" in page
    browser.post(f"/entrada/{item.pk}/repeticion/")
    item.refresh_from_db()
    assert item.replays == 1
    assert (
        "Procesar de nuevo"
        not in client_of(people.octavio()).get(f"/entrada/{item.pk}/").content.decode()
    )
    refused = client_of(people.octavio()).post(f"/entrada/{item.pk}/repeticion/")
    assert refused.status_code == 409


@pytest.mark.usefixtures("desk")
def test_what_is_still_being_read_asks_again_by_itself_until_it_is() -> None:
    item = quarantined()
    browser = client_of(people.elena())
    assert "every 2s" not in browser.get(f"/entrada/{item.pk}/").content.decode()
    browser.post(f"/entrada/{item.pk}/repeticion/")
    item.refresh_from_db()
    assert item.fate == Fate.PENDING
    page = browser.get(f"/entrada/{item.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Llega en unos segundos" in page
    assert f'<a href="/entrada/{item.pk}/" id="actualizar">' in page
    assert "no se pudo leer" not in page


@pytest.mark.usefixtures("desk")
def test_the_original_is_handed_out_byte_by_byte_and_runs_nowhere() -> None:
    item = quarantined()
    answer = client_of(people.octavio()).get(f"/entrada/{item.pk}/original/")
    assert hashlib.sha256(answer.content).hexdigest() == item.sha256
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for whose in (people.berta(), people.elena()):
        assert client_of(whose).get(f"/entrada/{item.pk}/original/").status_code == 404


@pytest.mark.usefixtures("desk")
def test_the_outbox_shows_text_and_state() -> None:
    case = mails.arrived(mails.mail()).case
    assert case is not None
    sent = OutboundMessage.objects.get(case=case, kind="acknowledgement")
    browser = client_of(people.elena())
    assert sent.subject in browser.get("/salida/").content.decode()
    assert "Nada por aquí" in browser.get("/salida/?estado=failed").content.decode()
    page = browser.get(f"/salida/{sent.pk}/").content.decode()
    assert case.folio in page
    assert "Todavía no se ha intentado" in page
