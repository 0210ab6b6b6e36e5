"""The real web server: half of a body is no body, and too much of one is told in words."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.patience import until
from tests.web.serving import Server, database_url, serving
from tests.web.test_portal_asking import FORM
from ventanilla.channels.models import InboundItem
from ventanilla.evidence.models import HeldContent
from ventanilla.project.bodies import MOST_OF_NETWORK
from ventanilla.web import form_tokens

MEBIBYTE = 1024 * 1024
SECRET = "a" * 32
KEEPALIVE = "02"

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(DATABASE_URL=database_url()) as running:
        yield running


def head(server: Server, path: str, length: int, **headers: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1", f"Host: localhost:{server.port}", f"Content-Length: {length}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def broken_off(server: Server, sent: bytes) -> None:
    """The line ends politely after what was sent, as that of a browser that was closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(sent)
        time.sleep(0.5)
    time.sleep(1)


def a_form(token: str) -> bytes:
    typed = {
        "csrfmiddlewaretoken": SECRET, "formulario": token, "name": "Ana Pérez",
        "email": "ana@cliente.example", "subject": "Cobro", "dato_need": "Otra cosa",
        "text": "Me cobraron dos veces.",
    }  # fmt: skip
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in typed.items()
    ]
    return "".join(parts).encode()


def test_half_of_a_file_is_kept_nowhere_and_half_of_a_form_asks_nothing(server: Server) -> None:
    token = form_tokens.new_token()
    upload = head(server, "/preguntar/archivos/", 100_000, X_Formulario=token, X_Archivo="a.bin")
    broken_off(server, upload + b"x" * 50_000)
    assert not HeldContent.objects.exists()
    headers = {"X-Formulario": token, "X-Archivo": "a.bin"}
    assert (
        server.request("POST", "/preguntar/archivos/", "", b"x" * 100_000, **headers).status == 201
    )
    assert HeldContent.objects.count() == 1
    HeldContent.objects.all().delete()

    time.sleep(3)  # a person's form is not that quick
    file = (
        b'--x\r\nContent-Disposition: form-data; name="archivos"; filename="a.bin"\r\n\r\n'
        + b"x" * 50_000
    )
    kind = {"Content_Type": "multipart/form-data; boundary=x", "Cookie": f"csrftoken={SECRET}"}
    whole = a_form(token) + file
    broken_off(server, head(server, FORM, len(whole) + 60_000, **kind) + whole)
    assert not InboundItem.objects.exists()
    assert not HeldContent.objects.exists()

    # The same, whole, is a request.
    whole += b"\r\n--x--\r\n"
    headers = {"Content-Type": kind["Content_Type"]}
    answer = server.request("POST", FORM, kind["Cookie"], whole, **headers)
    assert answer.status == 302
    assert InboundItem.objects.count() == 1


def test_what_weighs_too_much_gets_its_answer_although_nobody_reads_it(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    kind = "multipart/form-data; boundary=x"
    line.request("POST", FORM, b"x" * (30 * MEBIBYTE), {"Content-Type": kind})
    answer = line.getresponse()
    assert answer.status == 413
    assert "pesa demasiado" in answer.read().decode()


@contextmanager
def slow_lines(server: Server, count: int, length: int) -> Iterator[list[socket.socket]]:
    """So many that say what they will send, begin, and go quiet."""
    with ExitStack() as open_lines:
        lines = [
            open_lines.enter_context(socket.create_connection(("127.0.0.1", server.port), 20))
            for _ in range(count)
        ]
        for line in lines:
            line.sendall(head(server, FORM, length, Content_Type="multipart/form-data; boundary=x"))
            line.sendall(b"--x\r\n")
        until(lambda: server.request("POST", FORM, body=b"a=b").status == 503)
        yield lines


@pytest.mark.parametrize("length", [1_000_000, 30 * MEBIBYTE])
def test_who_sends_slowly_holds_up_no_page_and_takes_only_the_places_of_their_network(
    server: Server, length: int
) -> None:
    with slow_lines(server, MOST_OF_NETWORK, length):
        began = time.monotonic()
        assert server.status("/preguntar/") == 200
        assert time.monotonic() - began < 5
        refused = server.request("POST", FORM, body=b"a=b")
        assert refused.status == 503
        assert refused.headers["Retry-After"] == "30"
        assert "Espere medio minuto" in refused.read().decode()
    until(lambda: server.request("POST", FORM, body=b"a=b").status != 503)
    assert server.status(FORM, method="POST") == 403  # read again: it lacks a token
    assert server.request("POST", FORM, body=b"a=b").status == 403


def test_a_line_whose_other_end_is_gone_is_noticed(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(head(server, FORM, 1_000_000))
        own, theirs = (f":{port:04X}" for port in (server.port, line.getsockname()[1]))
        until(lambda: KEEPALIVE in timers_of(own, theirs))


def timers_of(own: str, theirs: str) -> list[str]:
    """What the kernel waits for on the line between two ports, as ``/proc/net/tcp`` tells."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()]
    return [row[5][:2] for row in rows if row[1].endswith(own) and row[2].endswith(theirs)]
