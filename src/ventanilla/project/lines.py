"""The lines on which people reach this process: those whose other end is gone are noticed.

A telephone that loses its network closes nothing. Whoever waits for such a line, to read a body or to
write an answer, would wait until the process ends, so the kernel is told to ask the other end.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ventanilla.project.calling import Application, Environ, StartResponse

OPEN_FILES = Path("/proc/self/fd")
QUIET_S = 60
"""So long a line may be quiet before its other end is asked whether it is there."""
BETWEEN_S = 15
TIMES = 4


class Asking:
    """The same application; from its first request on, the other end of every new line is asked.

    The web server opens the socket to which lines come only once it has the application, and has no
    setting for it.
    """

    def __init__(self, pages: Application) -> None:
        self._pages = pages
        self._asks = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        if not self._asks:
            self._asks = True
            ask_other_ends()
        return self._pages(environ, start_response)


def ask_other_ends() -> None:
    """Have it done for every line that comes from now on: a line takes after the socket it came to.

    Only Linux tells which sockets are open; elsewhere nobody is asked.
    """
    if sys.platform != "linux":
        return
    for listening in _listening():
        with listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, QUIET_S)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, BETWEEN_S)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, TIMES)


def _listening() -> Iterator[socket.socket]:
    for entry in OPEN_FILES.iterdir():
        with suppress(OSError):  # closed meanwhile
            if not entry.is_socket():
                continue
            found = socket.socket(fileno=os.dup(int(entry.name)))
            is_tcp = found.family in (socket.AF_INET, socket.AF_INET6)
            if is_tcp and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield found
            else:
                found.close()
