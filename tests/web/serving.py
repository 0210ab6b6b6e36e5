"""The real web server over the database of the tests, and browsers that listen to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from tests.kill.installation import free_port
from tests.web.cast import client_of
from ventanilla.core.actors import Actor

READY_S = 60.0
STOP_S = 20.0
SOON_S = 10.0


@dataclass
class Server:
    """``ventanilla serve web`` on a port of its own."""

    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> float:
        """Ask the server to end; how many seconds it took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=STOP_S)
        return time.monotonic() - began

    def request(
        self, method: str, path: str, cookie: str = "", body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """Send a request on a connection of its own and return the answer, unread."""
        conversation = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": f"localhost:{self.port}", "Cookie": cookie, **headers}
        conversation.request(method, path, body, sent)
        return conversation.getresponse()

    def status(self, path: str, cookie: str = "", method: str = "GET") -> int:
        """The number a page answers with."""
        answer = self.request(method, path, cookie)
        answer.read()
        return answer.status

    def listen(self, cookie: str, *folios: str, **query: str) -> Listening:
        """Open a live stream, as a browser does."""
        asked = urlencode([*[("caso", folio) for folio in folios], *query.items()])
        answer = self.request("GET", f"/vivo/?{asked}", cookie)
        assert answer.status == 200, answer.status
        return Listening(answer)

    def posts(self, path: str, cookie: str, **typed: str) -> int:
        """Send a form past the CSRF check as its page would."""
        secret = "a" * 32
        body = urlencode({**typed, "csrfmiddlewaretoken": secret}).encode()
        kind = "application/x-www-form-urlencoded"
        answer = self.request(
            "POST", path, f"{cookie}; csrftoken={secret}", body, **{"Content-Type": kind}
        )
        answer.read()
        return answer.status


@dataclass
class Listening:
    """What one open stream has told so far, read in a thread."""

    answer: http.client.HTTPResponse
    events: list[tuple[float, str, Any]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._socket = self.answer.fp.raw._sock  # type: ignore[attr-defined]  # what its file holds
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event = ""
        with contextlib.suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            while line := self.answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    self.events.append((time.monotonic(), event, json.loads(value)))
        self.ended.set()

    def told(self, event: str) -> list[Any]:
        """Every detail of one kind, oldest first."""
        return [detail for _, name, detail in list(self.events) if name == event]

    def wait(
        self, event: str, right: Callable[[Any], bool] = lambda _: True, *, within_s: float = SOON_S
    ) -> Any:
        """The first detail of this kind that is right; fails when none comes in time."""
        deadline = time.monotonic() + within_s
        while True:
            for detail in self.told(event):
                if right(detail):
                    return detail
            assert time.monotonic() < deadline, (event, self.events)
            time.sleep(0.01)

    def close(self) -> None:
        """Go away without a word, as a killed browser does."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def cookie_of(actor: Actor) -> str:
    """A session of this member of the team."""
    return f"sessionid={client_of(actor).cookies['sessionid'].value}"


def database_url() -> str:
    """Where the tests' own database is, for another process."""
    given = connection.get_connection_params()
    host, port = quote(given["host"], safe=""), given.get("port") or 5432
    who = given["user"] + (f":{quote(given['password'])}" if given.get("password") else "")
    return f"postgresql://{who}@{host}:{port}/{given['dbname']}"


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """Run the web server while the block runs."""
    port = free_port()
    environment = os.environ | {"VENTANILLA_PORT": str(port), "VENTANILLA_LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ventanilla.cli.main", "serve", "web"],
        env=environment | settings,
    )
    server = Server(port, process)
    try:
        _wait_until_up(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=STOP_S)


def _wait_until_up(server: Server) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        with contextlib.suppress(OSError):
            if server.status("/salud/") == 200:
                return
        assert server.process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
