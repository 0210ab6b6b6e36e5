"""Numbers that come from outside: of an address, of a form, of a cookie."""

from __future__ import annotations

LARGEST_ID = 2**63 - 1
"""The database holds no larger one."""


def number_in(text: str | None, *, most: int = LARGEST_ID) -> int:
    """The number that a text is; 0 for anything else, and for one above ``most``.

    Its length is looked at first: Python refuses with an error to read thousands of digits.
    """
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return 0
    number = int(text)
    return number if number <= most else 0
