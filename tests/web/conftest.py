"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.clock import Clock


@pytest.fixture
def desk(transactional_db: None) -> Iterator[None]:
    """A database that commits, the policy in force, and nobody counted yet."""
    from django.core.cache import cache  # settings and models only after the set-up

    from tests.desk.people import policy
    from ventanilla.register.policies import promises_of
    from ventanilla.web import visit

    visit._pack_in_force.cache_clear()
    promises_of.cache_clear()
    cache.clear()
    policy()
    yield
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time moved by hand; a form may be sent as soon as it is drawn."""
    from tests.web.clock import Clock
    from ventanilla.web import form_tokens

    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))
    return Clock(monkeypatch)
