"""The relay of the demonstration: takes every mail on loopback and lets it go no further."""

from __future__ import annotations

import itertools
import re
import signal
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SENT = "enviados"
"""Folder, inside the data folder, of every mail that was sent, one .eml each."""

_FOLLOW_UP = re.compile(r"https?://\S+/seguimiento/\S+/\S+/")
_UNSAFE = re.compile(r"[^\w@.+-]")


class Catcher:
    """Says yes to everything and keeps it: pages never show a person's secret, the mail does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(len(list(folder.glob("*.eml"))) + 1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one mail."""
        content = envelope.original_content or b""
        to = _UNSAFE.sub("_", "+".join(envelope.rcpt_tos))[:100]
        (self.folder / f"{next(self._numbers):05}-{to}.eml").write_bytes(content)
        return "250 2.0.0 tomado por la demostración"


def catch(*, port: int, folder: Path) -> None:
    """Listen on loopback until SIGTERM or SIGINT; mails are kept in ``folder``."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Catcher(folder), hostname="127.0.0.1", port=port)
    controller.start()
    stop.wait()
    controller.stop()


def last_follow_up(folder: Path) -> str:
    """The newest link with which a person follows their case; empty when nobody got one."""
    for path in sorted(folder.glob("*.eml"), reverse=True):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
        found = _FOLLOW_UP.search(body.get_content() if body else "")
        if found:
            return found.group()
    return ""
