"""What an address or a form brings, as text and numbers that the database can hold."""

from __future__ import annotations

from collections.abc import Mapping

from ventanilla.core.numbers import number_in
from ventanilla.web.forms.fields import MOST_REVISIONS


def parameter(given: Mapping[str, str], name: str, *, most: int) -> str:
    """One parameter without spaces around and at most so long; empty when it is not given."""
    return without_zero(given.get(name, "")).strip()[:most]


def without_zero(text: str) -> str:
    """The same text without zero bytes, which the database refuses with an error."""
    return text.replace("\0", "")


def revision_in(given: Mapping[str, str]) -> int:
    """Which version of a kept text a form was drawn from; 0 for none."""
    return number_in(given.get("revision"), most=MOST_REVISIONS)
