"""The house that the browser visits: the real processes, a real database, real mail in and out."""

from __future__ import annotations

import email
import email.policy
import http
import http.client
import itertools
import os
import re
import smtplib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from tests.channels.receiving import Receiver
from tests.kill.installation import Installation
from ventanilla.demo.access import PASSWORD, TEAM

ROOT = Path(__file__).parents[2]
DOMAIN = "generasoft.example"
CUSTOMERS = f"clientes@{DOMAIN}"
SMTP_TIMEOUT_S = 20
PATIENCE_S = 30.0
_FOLLOW = re.compile(r"/seguimiento/(?P<folio>[^/\s]+)/(?P<secret>[^/\s]+)/")
_serial = itertools.count(1)


@dataclass
class BrowserHouse(Installation):
    """``ventanilla up`` with a past and a relay that keeps what it takes."""

    relay: Receiver = field(default_factory=Receiver)
    ready_within_s: float = 240.0
    cases: int = 0
    """How many the told history has; what tests need comes from ``seeds.py``, which is quicker."""

    @property
    def environment(self) -> dict[str, str]:
        """The name ``localhost``: a browser trusts it like HTTPS, which passkeys need."""
        return super().environment | {
            "VENTANILLA_PUBLIC_URL": self.url,
            "VENTANILLA_MAIL_DOMAIN": DOMAIN,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }

    @property
    def url(self) -> str:
        """Where the pages are, without a slash at the end."""
        return f"http://localhost:{self.web_port}"

    def opening(self) -> list[str]:
        """As ``up``, after the history has been told."""
        return [sys.executable, "-m", "tests.browser.raising", str(self.cases)]

    def one(self, query: str) -> str:
        """The one value that a query finds, as text; raises when it finds none."""
        rows = self.rows(query)
        assert rows, f"nothing found: {query}"
        return str(rows[0][0])

    def wait(self, condition: Callable[[], object], *, what: str = "") -> None:
        """Until the condition holds; raises after ``PATIENCE_S``."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain: {what or condition}"
            time.sleep(0.1)

    def is_healthy(self) -> bool:
        """Whether the pages answer and reach the database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=5)
        try:
            connection.request("GET", "/salud/", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def post(self, mail: EmailMessage | bytes, *, sender: str, to: str = CUSTOMERS) -> None:
        """Hand a mail over by SMTP."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=SMTP_TIMEOUT_S) as conversation:
            conversation.sendmail(sender, [to], content)

    def case_by_mail(
        self, subject: str, *, text: str = "", sender: str = "", mail: EmailMessage | None = None
    ) -> str:
        """Let a customer write; the folio of the case that comes of it.

        The subject must be one that no other test uses: it is how the case is found.
        """
        sender = sender or f"ana{next(_serial)}@cliente.example"
        message = mail or a_mail(subject, text=text, sender=sender)
        self.post(message, sender=sender)
        self.wait(lambda: self.folio_of(subject), what=f"a case of «{subject}»")
        return self.folio_of(subject)

    def folio_of(self, subject: str) -> str:
        """The newest case of that subject; empty when there is none yet."""
        rows = self.rows("SELECT folio, subject FROM register_case ORDER BY id DESC LIMIT 80")
        return next((str(folio) for folio, name in rows if name == subject), "")

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What the relay was handed for an address so far, oldest first."""
        taken = [each for each in list(self.relay.taken) if address in each.rcpt_tos]
        return [_parsed(each.original_content or each.content or b"") for each in taken]

    def follow_link(self, folio: str) -> str:
        """The link by which the person served opens their case, from the mail that brought it."""
        self.wait(lambda: self._link_of(folio), what=f"a mail with the link of {folio}")
        return self._link_of(folio)

    def _link_of(self, folio: str) -> str:
        for envelope in reversed(list(self.relay.taken)):
            content = words(_parsed(envelope.original_content or envelope.content or b""))
            for found in _FOLLOW.finditer(content):
                if found["folio"] == folio:
                    return self.url + found.group()
        return ""


def a_mail(subject: str, *, text: str, sender: str) -> EmailMessage:
    """A plain mail of a customer."""
    message = EmailMessage()
    message["From"] = f"Ana Pérez <{sender}>"
    message["To"] = CUSTOMERS
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain="cliente.example")
    message.set_content(text or "Buenas tardes:\n\nMe cobraron dos veces la factura.\n\nAna\n")
    return message


def words(mail: EmailMessage) -> str:
    """The plain text of a mail; empty when it has none."""
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def address_of(mailbox: str) -> str:
    """The sign-in of a colleague of the demonstration, e.g. ``diego``."""
    assert mailbox in {each[1] for each in TEAM}
    return f"{mailbox}@{DOMAIN}"


def _parsed(content: bytes | str) -> EmailMessage:
    raw = content if isinstance(content, bytes) else content.encode()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


__all__ = ["CUSTOMERS", "PASSWORD", "BrowserHouse", "a_mail", "address_of", "words"]
