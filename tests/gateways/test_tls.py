"""STARTTLS at the listener, and IMAP over TLS."""

import asyncio
import smtplib
import socket
import ssl
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.certificates import Certificate, write_certificate
from tests.gateways.listening import DESK, Shelf, listening
from tests.gateways.mailboxes import mail_server
from tests.gateways.patience import wait_until
from ventanilla.channels.models import InboundItem, MailboxCursor
from ventanilla.core.config import Config
from ventanilla.desk.intake.accept import accept
from ventanilla.gateways.imap import MailboxPoller
from ventanilla.gateways.run import TlsNotPossible, start_listener
from ventanilla.gateways.waking import Alarm

MAIL = b"From: ana@cliente.example\r\nSubject: Hola\r\n\r\nBuenos dias\r\n"


@pytest.fixture
def ours(tmp_path: Path) -> Certificate:
    return write_certificate(tmp_path)


def server_side(ours: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ours.chain, ours.key)
    return context


def client_side(ours: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ours.chain))


def test_starttls_is_offered_used_and_forgets_what_was_said_before(ours: Certificate) -> None:
    shelf = Shelf()
    with (
        listening(shelf.accept, tls=server_side(ours)) as (port, listener),
        smtplib.SMTP("localhost", port, timeout=10) as smtp,
    ):
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        smtp.mail("evil@x.example")
        smtp.starttls(context=client_side(ours))
        assert smtp.docmd("RCPT", f"TO:<{DESK}>")[0] == 503  # greeted and addressed in the clear
        smtp.sendmail("ana@cliente.example", [DESK], MAIL)
        assert not smtp.has_extn("auth")
        assert sum(listener.admission.connected.values()) == 1
    assert [kept.envelope_from for kept in shelf.kept] == ["ana@cliente.example"]


def test_plain_text_is_refused_where_tls_is_required(ours: Certificate) -> None:
    shelf = Shelf()
    with (
        listening(shelf.accept, tls=server_side(ours), tls_required=True) as (port, _),
        smtplib.SMTP("localhost", port, timeout=10) as smtp,
    ):
        smtp.ehlo()
        assert smtp.mail("ana@cliente.example")[0] == 530
        smtp.starttls(context=client_side(ours))
        smtp.sendmail("ana@cliente.example", [DESK], MAIL)
    assert len(shelf.kept) == 1


async def _start(**settings: object) -> None:
    await start_listener(Config(**settings))  # type: ignore[arg-type]  # the settings of the case


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"smtp_tls_required": True}, "falta el certificado"),
        (
            {
                "smtp_tls_required": True,
                "smtp_tls_certificate": "chain",
                "smtp_tls_key": "key",
                "smtp_protocol": "lmtp",
            },
            "LMTP",
        ),
    ],
)
def test_tls_that_cannot_be_had_is_said_at_the_start(
    settings: dict[str, object], expected: str, ours: Certificate
) -> None:
    files = {"chain": ours.chain, "key": ours.key}
    settings = {name: files.get(str(value), value) for name, value in settings.items()}
    with pytest.raises(TlsNotPossible, match=expected):
        asyncio.run(_start(**settings))


class TlsInFront:
    """Ends TLS in front of a plain server: one connection at a time is enough here."""

    def __init__(self, behind: int, tls: ssl.SSLContext) -> None:
        self.behind, self.tls = behind, tls
        self.socket = socket.create_server(("localhost", 0))
        self.port: int = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
                secure = self.tls.wrap_socket(client, server_side=True)
            except (ssl.SSLError, ConnectionError):
                continue
            except OSError:
                return
            plain = socket.create_connection(("127.0.0.1", self.behind))
            for source, sink in ((secure, plain), (plain, secure)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        with closing(source), closing(sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
            except OSError:
                return


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_is_fetched_over_tls_and_only_from_the_server_it_should_be(
    monkeypatch: pytest.MonkeyPatch, ours: Certificate
) -> None:
    with mail_server() as server, Alarm() as alarm:
        server.append(MAIL)
        front = TlsInFront(server.port, server_side(ours))
        secure = replace(server.mailbox, host="localhost", port=front.port, is_tls=True)
        poller = MailboxPoller(secure, accept=accept, max_bytes=9999, poll_s=60, alarm=alarm)
        thread = threading.Thread(target=poller.run)
        thread.start()
        try:
            wait_until(lambda: MailboxCursor.objects.exclude(last_error="").exists())
            assert "certificate verify failed" in MailboxCursor.objects.get().last_error
            assert not InboundItem.objects.exists()
            monkeypatch.setenv("SSL_CERT_FILE", str(ours.chain))
            wait_until(lambda: MailboxCursor.objects.filter(last_error="", last_uid=101).exists())
        finally:
            alarm.ring()
            thread.join(15)
            front.socket.close()
    assert not thread.is_alive()
    assert bytes(InboundItem.objects.get().raw) == MAIL
