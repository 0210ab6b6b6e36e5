"""How an operation says no."""

from __future__ import annotations

import inspect
import re

from django.utils.translation import gettext

_TWO_STOPS = re.compile(r"([ap]\.\s?m\.)\.(?!\.)")
"""A moment ends in «p. m.», and a sentence that ends with it has its full stop already."""


class Refusal(Exception):
    """No se puede hacer lo que pide."""

    # The docstring of each subclass is the message that a person reads, in Spanish, and may hold
    # {placeholders} filled from the facts given when it is raised. Nothing has changed when a
    # Refusal leaves an operation: the transaction around it is rolled back.

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    @property
    def code(self) -> str:
        """A stable snake_case name for logs and the API, made from the class name."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def message(self) -> str:
        """What the person reads, in their language: what was wrong and what to do."""
        said = gettext(words_of(type(self))).format(**self.facts)
        return _TWO_STOPS.sub(r"\1", said)

    def __str__(self) -> str:
        return self.message


def words_of(kind: type[Refusal]) -> str:
    """What a refusal says, in Spanish, with its {placeholders}; the catalogue is made from it."""
    return " ".join((inspect.getdoc(kind) or "").split())
