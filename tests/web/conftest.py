"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


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
