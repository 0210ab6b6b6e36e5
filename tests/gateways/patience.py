"""Waiting for something that happens in another thread."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    """Fail when it has not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
