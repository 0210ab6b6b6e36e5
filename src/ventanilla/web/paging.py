"""Where a page of a list begins: behind a key, never at an offset."""

from __future__ import annotations

from datetime import UTC, datetime

from ventanilla.core.numbers import number_in

NO_DUE = "-"


def page_number(text: str | None) -> int | None:
    """An id from an address, None when it is none."""
    return number_in(text) or None


def write_key(key: tuple[datetime | None, int]) -> str:
    """A key of the queue, as it stands in an address."""
    due_at, case_id = key
    moment = due_at.astimezone(UTC).isoformat() if due_at else NO_DUE
    return f"{moment}~{case_id}"


def read_key(text: str | None) -> tuple[datetime | None, int] | None:
    """The key behind an address, None when it is none."""
    moment, _, number = (text or "").partition("~")
    case_id = page_number(number)
    if case_id is None:
        return None
    if moment == NO_DUE:
        return None, case_id
    try:
        due_at = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        return None
    return (due_at, case_id) if due_at.tzinfo else None
