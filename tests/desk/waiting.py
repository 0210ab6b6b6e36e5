"""Two connections that meet: a thread of its own for one, and how to know that it waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE_S = 2.0
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Aside:
    """Something done on a connection of its own; ``result`` or ``error`` once it is over."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._do = do
        self._thread = threading.Thread(target=self._run)

    def start(self) -> Aside:
        """Begin it, and come back once it waits for a lock, is over, or takes its time."""
        self._thread.start()
        until = time.monotonic() + PATIENCE_S
        while self._thread.is_alive() and time.monotonic() < until and not _somebody_waits():
            time.sleep(0.02)
        return self

    def over(self) -> Aside:
        """Wait for its end; what it raised is raised."""
        self._thread.join(30)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
        return self

    def _run(self) -> None:
        try:
            self.result = self._do()
        except BaseException as error:  # noqa: BLE001 - raised again by ``over``
            self.error = error
        finally:
            connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def before(patch: Any, target: Any, name: str, meanwhile: Callable[[], Any]) -> None:
    """Have something done, once, at the moment at which a function is first called."""
    true, done = getattr(target, name), list[bool]()

    def called(*given: Any, **facts: Any) -> Any:
        if not done:
            done.append(True)
            meanwhile()
        return true(*given, **facts)

    patch.setattr(target, name, called)
