"""What stands behind the question mark of an address, as text that the database can hold."""

from __future__ import annotations

from collections.abc import Mapping


def parameter(given: Mapping[str, str], name: str, *, most: int) -> str:
    """One parameter without spaces around and at most so long; empty when it is not given."""
    return without_zero(given.get(name, "")).strip()[:most]


def without_zero(text: str) -> str:
    """The same text without zero bytes, which the database refuses with an error."""
    return text.replace("\0", "")
