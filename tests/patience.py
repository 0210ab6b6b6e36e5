"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(is_so: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Wait until something is so; fails the test when it does not come true."""
    ends_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come true in time"
        time.sleep(0.02)
