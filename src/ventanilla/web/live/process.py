"""The live parts of one web process: made once, ended with it."""

from __future__ import annotations

import signal
import socket
import threading
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

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
