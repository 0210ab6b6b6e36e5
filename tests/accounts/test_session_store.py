"""What a stranger's cookie can say of a session."""

from __future__ import annotations

import pytest

from ventanilla.accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["a" * 32, "", "\0", "a" * 31 + "\0", "ñ" * 40, "x" * 9_000])
def test_an_unknown_session_knows_nothing(key: str) -> None:
    store = SessionStore(key)
    assert store.load() == {}
    assert store.session_key is None


def test_a_known_one_is_read_and_is_not_known_by_a_key_with_more_in_it() -> None:
    kept = SessionStore()
    kept["seen"] = 7
    kept.save()
    assert SessionStore(kept.session_key).load() == {"seen": 7}
    assert SessionStore(f"{kept.session_key}\0").load() == {}
