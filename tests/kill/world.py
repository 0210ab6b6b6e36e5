"""The world outside: a mail server that sends until it is believed, and one that takes our mail."""

from __future__ import annotations

import email
import email.policy
import smtplib
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

RETRY_S = 0.2


@dataclass
class Catcher:
    """A relay on loopback: remembers each delivery by its recipient."""

    received: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail and remember its Message-ID."""
        message = email.message_from_bytes(
            envelope.original_content or b"", policy=email.policy.default
        )
        for recipient in envelope.rcpt_tos:
            self.received[recipient].append(str(message["Message-ID"]))
        return "250 OK"

    def start(self, port: int) -> None:
        """Listen on loopback."""
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()

    def stop(self) -> None:
        """Stop listening."""
        if self.controller is not None:
            self.controller.stop()


@dataclass
class Sender:
    """Several mail servers that each send their share, again and again until they hear 250."""

    port: int
    desk: str
    count: int
    servers: int = 4
    accepted: set[int] = field(default_factory=set)
    attempts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        """Begin sending in the background."""
        threads = [
            threading.Thread(target=self._send_share, args=(first,), daemon=True)
            for first in range(self.servers)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _send_share(self, first: int) -> None:
        for number in range(first, self.count, self.servers):
            while not self._try(number):
                time.sleep(RETRY_S)

    def _try(self, number: int) -> bool:
        with self._lock:
            self.attempts += 1
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as connection:
                connection.send_message(mail_number(number, self.desk))
        except (OSError, smtplib.SMTPException):
            return False
        with self._lock:
            self.accepted.add(number)
        return True


def sender_number(number: int) -> str:
    """The address that writes the mail of this number."""
    return f"persona{number:05}@clientes.example"


def mail_number(number: int, desk: str) -> EmailMessage:
    """The same bytes for the same number: a retry of a mail server is the very same mail."""
    mail = EmailMessage()
    mail["From"] = f"Persona {number} <{sender_number(number)}>"
    mail["To"] = desk
    mail["Subject"] = f"Consulta {number} sobre la factura"
    mail["Message-ID"] = f"<mail-{number}@clientes.example>"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 -0500"
    mail.set_content(f"Buenos días. Tengo una duda con la factura número {number}. Gracias.\n")
    return mail
