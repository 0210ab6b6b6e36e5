"""What the tests of the workspace share."""

from __future__ import annotations

import pytest


@pytest.fixture
def desk(transactional_db: None) -> None:
    """A database that commits and the policy in force."""
    from tests.desk.people import policy  # models may be imported only after the set-up

    policy()
