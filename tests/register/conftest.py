"""What the tests of the register share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def whole_record(db: None) -> Iterator[None]:
    """Whatever a test did: replaying it gives the same rows."""
    yield
    from ventanilla.register.verification import verify

    assert [each.sentence for each in verify(words=True).findings] == []
