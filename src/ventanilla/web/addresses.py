"""Addresses of pages, worked out once per process: a queue writes the same one thirty times."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse

NUMBER_MARK = 7_000_000
SAFE = "/~:@!$&'()*+,;="
"""What may stand in a path as it is (RFC 3986); Django's ``reverse`` leaves the same."""


def address(name: str, *parts: str | int) -> str:
    """The address of a page, like Django's ``reverse``. Raises NoReverseMatch."""
    pattern = _pattern(name, tuple(isinstance(part, int) for part in parts))
    return pattern.format(
        *(part if isinstance(part, int) else quote(part, safe=SAFE) for part in parts)
    )


@lru_cache(maxsize=64)
def _pattern(name: str, numbers: tuple[bool, ...]) -> str:
    """The address with a pair of braces where each part stands."""
    marks = [
        NUMBER_MARK + at if is_number else f"parte-{at}" for at, is_number in enumerate(numbers)
    ]
    found = reverse(name, args=marks)
    for mark in marks:
        found = found.replace(str(mark), "{}")
    return found
