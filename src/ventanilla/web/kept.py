"""What was drawn or told once, kept by this process for whoever reads the same language."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar, TypeVarTuple

from django.utils.translation import get_language

Given = TypeVarTuple("Given")
Made = TypeVar("Made")


class KeptPerLanguage(Generic[*Given, Made]):
    """A function of its arguments and of the language of the moment, with its latest outcomes."""

    def __init__(self, make: Callable[[*Given], Made], most: int) -> None:
        @lru_cache(maxsize=most)
        def made(_language: str | None, *given: *Given) -> Made:
            return make(*given)

        self._made = made

    def __call__(self, *given: *Given) -> Made:
        """The outcome in the language of the moment."""
        return self._made(get_language(), *given)


def kept_per_language(
    most: int,
) -> Callable[[Callable[[*Given], Made]], KeptPerLanguage[*Given, Made]]:
    """Keep the latest ``most`` outcomes of a function; its arguments can be hashed."""
    return lambda make: KeptPerLanguage(make, most)
