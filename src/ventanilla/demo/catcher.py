"""The relay of the demonstration: takes every mail on loopback and lets it go no further."""

from __future__ import annotations

import signal
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Catcher:
    """Says yes to everything; what was sent is seen on the outbox page."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one mail."""
        return "250 2.0.0 tomado por la demostración"


def catch(*, port: int) -> None:
    """Listen on loopback until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    controller = Controller(Catcher(), hostname="127.0.0.1", port=port)
    controller.start()
    stop.wait()
    controller.stop()
