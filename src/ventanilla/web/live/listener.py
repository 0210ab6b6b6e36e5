"""Listens to what the database announces: one connection and one thread a process.

A connection of its own, beside the pool of the pages: it stands for as long as the process does and
never waits for anybody. When the database goes away the thread tries again, a little later each
time, for ever.
"""

from __future__ import annotations

import json
import logging
import random
import select
import socket
import threading
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from ventanilla.register.announcing import CHANNEL
from ventanilla.web.live.hub import Hub

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
CONNECT_TIMEOUT_S = 5
ALIVE_EVERY_S = 30.0
"""So often the connection is asked whether it lives: a server that lost its power says nothing."""
NOT_FOR_LISTENING = ("pool", "context", "cursor_factory", "prepare_threshold", "options")

logger = logging.getLogger(__name__)


class Listener:
    """Fills the hub until told to stop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._stopping, self._stop = socket.socketpair()
        self.failures = 0
        """Announcements that ended in an error nobody foresaw, since the process began."""
        self._thread = threading.Thread(target=self._run, name="live-listener", daemon=True)

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end soon."""
        self._stop.send(b"\0")

    @property
    def is_alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread.is_alive()

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._is_stopped(0):
            try:
                with _connected() as connection:
                    self._hub.hears()
                    pause = FIRST_PAUSE_S
                    self._listen(connection)
            except (psycopg.Error, OSError) as error:
                self._hub.is_deaf()
                logger.info("live updates wait for the database: %s", str(error).strip()[:200])
                if self._is_stopped(pause * random.uniform(0.7, 1.3)):  # noqa: S311 - spreads load
                    return
                pause = min(2 * pause, LONGEST_PAUSE_S)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        """Pass everything on until the connection breaks or the thread is told to stop."""
        stopping = self._stopping.fileno()
        while True:
            ready, _, _ = select.select([connection.fileno(), stopping], [], [], ALIVE_EVERY_S)
            if stopping in ready:
                return
            if not ready:
                connection.execute("SELECT 1")
            for notify in connection.notifies(timeout=0):
                self._pass_on(notify.payload)

    def _pass_on(self, payload: str) -> None:
        try:
            self._hub.tell(json.loads(payload))
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # not ours: another program's
        except Exception:  # the next announcement may be all right
            self.failures += 1
            logger.exception("live updates: an announcement could not be passed on")

    def _is_stopped(self, seconds: float) -> bool:
        return bool(select.select([self._stopping], [], [], seconds)[0])


def _connected() -> psycopg.Connection[Any]:
    """A connection of its own that listens. Raises psycopg.Error."""
    given = connections["default"].get_connection_params()
    parameters = {name: value for name, value in given.items() if name not in NOT_FOR_LISTENING}
    parameters |= {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "ventanilla live"}
    connection = psycopg.connect(**parameters, autocommit=True)
    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
    return connection
