"""The running house, under each of the two policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.house import House


@pytest.fixture
def generasoft(
    transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """GeneraSoft, on Friday 2026-12-04 at 15:00."""
    from tests.desk.people import FRIDAY_3PM
    from tests.e2e.house import open_house

    with open_house(settings, monkeypatch, pack="generasoft", now=FRIDAY_3PM) as house:
        yield house


@pytest.fixture
def sion(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """SIÓN, on Monday 2026-11-23 at 10:00 in Mexico City."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from tests.e2e.house import open_house

    monday = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Mexico_City"))
    with open_house(settings, monkeypatch, pack="sion", now=monday) as house:
        yield house
