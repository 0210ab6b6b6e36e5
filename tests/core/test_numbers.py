"""Numbers that strangers write."""

from __future__ import annotations

import pytest

from ventanilla.core.numbers import LARGEST_ID, number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("0042", 42),
        (str(LARGEST_ID), LARGEST_ID),
        (str(LARGEST_ID + 1), 0),
        ("9" * 5_000, 0),
        ("", 0),
        (None, 0),
        ("-1", 0),
        ("1.5", 0),
        ("٣", 0),
        ("²", 0),
        (" 7", 0),
        ("7\0", 0),
    ],
)
def test_a_text_is_a_number_or_nothing(text: str | None, number: int) -> None:
    assert number_in(text) == number


def test_no_more_than_the_most() -> None:
    assert number_in("12", most=12) == 12
    assert number_in("13", most=12) == 0
