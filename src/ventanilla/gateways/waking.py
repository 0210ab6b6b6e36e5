"""Waiting that can be ended from another thread, without looking every second."""

import os
import select
from types import TracebackType
from typing import Self


class Alarm:
    """Rings once, for good: everybody who waits wakes up."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        self._rung = False

    def ring(self) -> None:
        """Wake everybody."""
        if not self._rung:
            self._rung = True
            os.write(self._write_end, b"!")  # never read, so that every wait sees it

    @property
    def has_rung(self) -> bool:
        """Whether it is time to stop."""
        return self._rung

    def wait(self, seconds: float, *also: int) -> bool:
        """Wait until the alarm rings or one of the file descriptors ``also`` can be read.

        Returns whether one of them can; False after the time or the alarm.
        """
        poller = select.poll()
        for descriptor in (self._read_end, *also):
            poller.register(descriptor, select.POLLIN)
        ready = [descriptor for descriptor, _ in poller.poll(seconds * 1000)]
        return any(descriptor in also for descriptor in ready)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._read_end)
        os.close(self._write_end)
