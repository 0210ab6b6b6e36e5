"""The whole process: started, written to, stopped."""

import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from tests.gateways.mailboxes import FOLDER, PASSWORD, USER, free_port, mail_server
from tests.gateways.patience import wait_until
from ventanilla.channels.models import InboundItem

MAIL = b"From: ana@cliente.example\r\nSubject: Hola\r\n\r\nBuenos dias\r\n"
DESK = "soporte@generasoft.example"


def database_url() -> str:
    """The test database, as another process would name it."""
    found = connection.get_connection_params()
    where = urlencode({"host": found["host"], "port": found["port"]})
    return f"postgresql://{quote(found['user'])}@/{connection.settings_dict['NAME']}?{where}"


@contextmanager
def gateways(log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or database_url(),
        **{f"VENTANILLA_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "ventanilla.cli.main", "serve", "gateways"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stderr=output)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def answers(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
    except OSError:
        return False
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="names no test database")
def test_takes_mail_from_every_door_and_stops_when_told(tmp_path: Path) -> None:
    port = free_port()
    with mail_server() as server:
        server.append(MAIL)
        imap_url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{server.port}/{FOLDER}"
        log = tmp_path / "log"
        with gateways(log, smtp_port=str(port), imap_url=imap_url) as process:
            wait_until(lambda: answers(port))
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
                smtp.sendmail("ana@cliente.example", [DESK], MAIL)
            wait_until(lambda: InboundItem.objects.count() == 2)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            assert time.monotonic() - began < 5
    assert sorted(InboundItem.objects.values_list("gateway", flat=True)) == ["imap", "smtp"]
    printed = log.read_text()
    assert re.search(rf"smtp 127\.0\.0\.1:{port} connected 0", printed)
    assert "gateways stopped" in printed
    assert PASSWORD not in printed
    assert "Traceback" not in printed


def test_a_port_in_use_is_said_and_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        log = tmp_path / "log"
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")  # not needed
        with gateways(log, smtp_port=str(port)) as process:
            assert process.wait(30) == 1
    printed = log.read_text()
    assert f"127.0.0.1:{port}" in printed
    assert "VENTANILLA_SMTP_PORT" in printed
    assert "Traceback" not in printed
