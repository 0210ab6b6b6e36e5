"""A line between a browser and the house that can be slow and can be cut, as real ones are."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 32 * 1024
RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing then resets the connection instead of ending it politely."""


class Line:
    """Carries connections to a port of this machine. Cut, it resets them and takes no new ones."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pause = 0.0
        self._is_cut = False
        self._live: set[socket.socket] = set()
        self._door = socket.socket()
        # Small, or the machine would swallow a file whole before the line has carried any of it.
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
        self._door.bind(("127.0.0.1", 0))
        self._door.listen(64)
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the browser goes instead of to the house."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def slow(self, bytes_per_second: int) -> None:
        """What goes up goes so slowly from now on; 0 is as fast as it can."""
        self._pause = PIECE / bytes_per_second if bytes_per_second else 0.0

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Nothing gets through inside the block; what is under way is lost."""
        self._is_cut = True
        for each in list(self._live):
            self._reset(each)
        yield
        self._is_cut = False

    def close(self) -> None:
        """End it for good."""
        self._door.close()
        for each in list(self._live):
            self._reset(each)

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._door.accept()
                if self._is_cut:
                    self._reset(near)
                    continue
                far = socket.create_connection(("127.0.0.1", self._port), timeout=60)
                self._live |= {near, far}
                for one, other, is_up in ((near, far, True), (far, near, False)):
                    threading.Thread(
                        target=self._carry, args=(one, other, is_up), daemon=True
                    ).start()

    def _carry(self, one: socket.socket, other: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                if is_up and self._pause:
                    time.sleep(self._pause)
                other.sendall(piece)
        for each in (one, other):
            self._live.discard(each)
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _reset(self, each: socket.socket) -> None:
        with suppress(OSError):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            each.shutdown(socket.SHUT_RDWR)
        each.close()
