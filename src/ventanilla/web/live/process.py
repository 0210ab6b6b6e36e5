"""The live parts of one web process: made once, ended with it."""

from __future__ import annotations

import signal
import socket
import threading
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from ventanilla.core.findings import Finding, Verdict
from ventanilla.web.live.clerk import Clerk
from ventanilla.web.live.hub import Hub
from ventanilla.web.live.listener import Listener

MOST_EACH = 20
"""Streams one person may have open in one process: browsers share one among their tabs."""
ENDING = {signal.SIGTERM, signal.SIGINT}


@dataclass(frozen=True, slots=True)
class Live:
    """The hub of this process, and who fills it."""

    hub: Hub
    clerk: Clerk
    listener: Listener

    def end(self) -> None:
        """End every stream and both threads."""
        self.hub.close()
        self.clerk.stop()
        self.listener.stop()

    def finding(self) -> Finding:
        """How they are, for who looks after the house."""
        told = _("Actualizaciones en vivo: %(open)s de %(most)s conexiones en este proceso") % {
            "open": len(self.hub.streams()),
            "most": self.hub.most,
        }
        failures = self.clerk.failures + self.listener.failures
        if not (self.clerk.is_alive and self.listener.is_alive):
            return Finding(Verdict.WRONG, told, _("Se detuvieron. Reinicie «ventanilla up»."))
        if not self.hub.is_heard:
            return Finding(Verdict.NOTICE, told, _("No oyen a la base de datos; lo intentan."))
        if failures:
            remedy = _("Errores inesperados: %(count)s. El registro del proceso dice cuáles.")
            return Finding(Verdict.NOTICE, told, remedy % {"count": failures})
        return Finding(Verdict.WELL, told)


def finding_here() -> Finding | None:
    """How the live parts of this process are; None when it has none: nothing is started."""
    return live().finding() if live.cache_info().currsize else None


@lru_cache(maxsize=1)
def live() -> Live:
    """The live parts of this process, started when first asked for."""
    clerk = Clerk()
    hub = Hub(most=settings.VENTANILLA.live_streams, most_each=MOST_EACH, asking=clerk)
    parts = Live(hub, clerk, Listener(hub))
    clerk.start(hub)
    parts.listener.start()
    return parts


def start_with_server() -> None:
    """Start at once, and end the streams when the process is asked to end.

    A stream never ends by itself, so a server that waits for open responses would wait for ever.
    The server sets its own signal handlers after this; the number of the signal is written to our
    socket whatever they do. Call from the main thread.
    """
    parts = live()
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def wait_for_the_end() -> None:
        with writing:  # kept open as long as the thread
            while not ENDING & set(reading.recv(64)):
                pass
        parts.end()

    threading.Thread(target=wait_for_the_end, name="live-end", daemon=True).start()
