"""What the desk's tests share."""

from __future__ import annotations

import pytest


@pytest.fixture
def desk(transactional_db: None) -> None:
    """A database that commits (the desk's transactions are durable) and the policy in force."""
    from tests.desk.people import policy  # models may be imported only after the set-up

    policy()
