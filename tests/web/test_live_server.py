"""The web server around the live streams: its end, its large bodies, a database that goes away."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.desk import mails, people
from tests.web.cast import a_case, client_of, form_of, url_of
from tests.web.serving import cookie_of, database_url, serving
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import DATABASE, EmbeddedPostgres
from ventanilla.register.announcing import CHANNEL

pytestmark = pytest.mark.timeout(240)

SIZE = 25 * 1024 * 1024
STOPS_WITHIN_S = 5.0
NOTICED_WITHIN_S = 10.0
"""Shorter than the fifteen seconds after which a quiet stream would be noticed anyway."""


@pytest.mark.usefixtures("desk")
def test_fifty_open_streams_do_not_hold_up_the_end() -> None:
    cookies = [cookie_of(each) for each in (people.berta(), people.elena(), people.octavio())]
    with serving(DATABASE_URL=database_url()) as server:
        pages = [server.listen(cookies[number % 3]) for number in range(50)]
        for page in pages:
            page.wait("hello")
        pages[0].close()  # a browser that died and was not missed yet
        assert server.stop() < STOPS_WITHIN_S
        assert server.process.returncode == 0
        assert all(page.ended.wait(5) for page in pages)


@pytest.mark.usefixtures("desk")
def test_when_all_places_are_taken_the_next_is_asked_to_come_later() -> None:
    cookie = cookie_of(people.berta())
    with serving(DATABASE_URL=database_url(), VENTANILLA_LIVE_STREAMS="2") as server:
        pages = [server.listen(cookie) for _ in range(2)]
        refused = server.request("GET", "/vivo/", cookie)
        assert (refused.status, bool(refused.headers["Retry-After"])) == (429, True)
        asked = server.request("HEAD", "/vivo/", cookie)
        assert (asked.status, bool(asked.headers["Retry-After"])) == (429, True)
        health = server.request("GET", "/administracion/salud/", cookie_of(people.octavio()))
        assert "Actualizaciones en vivo: 2 de 2 conexiones" in health.read().decode()
        pages[0].close()  # nobody said so: it is noticed because the place is wanted
        deadline = time.monotonic() + NOTICED_WITHIN_S
        while server.status("/vivo/", cookie, "HEAD") == 429:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        server.listen(cookie).wait("hello")


@pytest.mark.usefixtures("desk")
def test_slow_downloads_hold_no_place_of_a_page() -> None:
    content = os.urandom(SIZE)
    mail = mails.mail(subject="Adjunto grande")
    mail.add_attachment(content, maintype="application", subtype="zip", filename="datos.bin")
    case = mails.arrived(mail).case
    assert case is not None
    item = EvidenceItem.objects.get(case=case)
    cookie, url = cookie_of(people.berta()), url_of(case, "evidencias", str(item.pk))
    with serving(DATABASE_URL=database_url(), VENTANILLA_WEB_THREADS="2") as server:
        slow = [server.request("GET", url + "?confirmado=1", cookie) for _ in range(12)]
        begun = [each.read(1024) for each in slow]
        for _ in range(5):
            assert server.status(url_of(case), cookie) == 200
        whole = begun[0] + slow[0].read()
        assert hashlib.sha256(whole).digest() == hashlib.sha256(content).digest()
        for each in slow:
            each.close()


@pytest.mark.usefixtures("desk")
def test_a_large_upload_arrives_whole() -> None:
    case, berta = a_case(), people.berta()
    browser = client_of(berta)
    url = url_of(case, "respuesta")
    page = browser.get(url_of(case)).content.decode()
    hidden = form_of(page, url)
    content = os.urandom(SIZE - 1024 * 1024)
    token = "a" * 32
    fields = hidden | {"text": "Va el archivo.", "then": "", "csrfmiddlewaretoken": token}
    body, kind = _multipart(fields, "attachments", "datos.bin", content)
    cookie = f"{cookie_of(berta)}; csrftoken={token}"
    with serving(DATABASE_URL=database_url()) as server:
        answer = server.request("POST", url, cookie, body, **{"Content-Type": kind})
        assert answer.status == 302, answer.read().decode()[-3000:]
    assert Blob.objects.filter(
        sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    ).exists()


HIRING = """
from ventanilla.cli._installation import set_up_django
set_up_django()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from ventanilla.accounts.models import Staff
staff = Staff.objects.create_user("berta@generasoft.example", full_name="Berta Nieto")
session = SessionStore()
session[SESSION_KEY] = str(staff.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@pytest.mark.timeout(240)
def test_a_database_that_restarts_is_told_and_the_stream_goes_on(tmp_path: Path) -> None:
    database = EmbeddedPostgres(DataFolder.at(tmp_path / "data"), durable=False)
    database.start()
    try:
        own = {"VENTANILLA_DATA": str(tmp_path / "data"), "DATABASE_URL": ""}
        environment = os.environ | own
        for words in (["-m", "ventanilla.cli.main", "serve", "prepare"], ["-c", HIRING]):
            done = subprocess.run(
                [sys.executable, *words],
                env=environment, capture_output=True, text=True, timeout=120, check=True,
            )  # fmt: skip
        with serving(**own) as server:
            page = server.listen(f"sessionid={done.stdout.strip()}")
            page.wait("hello")
            assert page.told("lost") == []
            database.stop()
            page.wait("lost", within_s=10.0)
            database.start()
            page.wait("back", within_s=20.0)
            page.wait("queue", lambda told: told["folios"] == [])
            page.events.clear()
            told = {"kind": "case", "case": 1, "folio": "GS-1", "desk": "soporte",
                    "assignee": None, "seq": 1}  # fmt: skip
            announced = database.psql(
                f"SELECT pg_notify('{CHANNEL}', '{json.dumps(told)}')", database=DATABASE
            )
            assert announced.returncode == 0, announced.stderr
            page.wait("queue", lambda told: told["folios"] == ["GS-1"])
            assert not page.ended.is_set()
    finally:
        database.stop()


def _multipart(
    fields: dict[str, str], name: str, filename: str, content: bytes
) -> tuple[bytes, str]:
    mark = "frontera-de-la-prueba"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    body = b"".join([*parts, head.encode(), kind.encode(), content, f"\r\n--{mark}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={mark}"
