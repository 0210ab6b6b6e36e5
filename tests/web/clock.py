"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone


class Clock:
    """The time of every signature, every page and every limit, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._start = timezone.now()
        self._passed = timedelta()
        monkeypatch.setattr(timezone, "now", lambda: self._start + self._passed)
        monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp())

    def forward(self, by: timedelta) -> None:
        """So much later."""
        self._passed += by
