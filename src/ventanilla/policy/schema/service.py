"""Who serves what: clauses, desks, priorities and categories."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from .asking import MOST_FIELDS, FormField, Hint
from .base import Address, ClauseId, Key, Part, TermText, Whole, Words
from .promise import Commitment, CommitmentKind

RESPONSES = (CommitmentKind.FIRST_RESPONSE, CommitmentKind.RESOLUTION)


class Clause(Part):
    """One clause of the written policy, in our words.

    ``enforced_by`` names the modules that carry it out when no rule of this pack can.
    """

    id: ClauseId
    requirement: ClauseId
    title: Words
    text: Words
    enforced_by: tuple[Key, ...] = ()


class Desk(Part):
    """A counter that people write to. Addresses are compared without regard to case."""

    key: Key
    name: Words
    addresses: tuple[Address, ...] = Field(min_length=1)
    default_category: Key | None = None


class Priority(Part):
    """A priority; rank 1 goes first."""

    key: Key
    name: Words
    rank: Whole = Field(ge=1, le=99)


class CategoryKind(StrEnum):
    """What sort of request it is; complaints have a life of their own."""

    QUERY = "query"
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    REQUEST = "request"


class Match(Part):
    """Words that point to a category, compared without accents or case, as whole words."""

    subject: tuple[Words, ...] = ()
    body: tuple[Words, ...] = ()


ADDED_LATER = ("customer_name", "customer_description", "fields")
"""Left out of the document while empty: a policy that was published before them keeps its digest."""


class Category(Part):
    """A kind of request with its desk, its priority and its promises.

    ``customer_name`` and ``customer_description`` are how the portal offers it; without a name it
    is offered by ``name``. ``fields`` are what the portal asks beside the text.
    """

    key: Key
    name: Words
    customer_words: Words
    desk: Key
    priority: Key
    kind: CategoryKind
    match: Match = Match()
    acknowledgement: Key
    commitments: tuple[Commitment, ...]
    reopening_window: TermText | None = None
    customer_name: Hint = ""
    customer_description: Hint = ""
    fields: tuple[FormField, ...] = Field((), max_length=MOST_FIELDS)

    @model_serializer(mode="wrap")
    def _as_document(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document: dict[str, Any] = serialise(self)
        return {k: value for k, value in document.items() if value or k not in ADDED_LATER}

    @property
    def offered_as(self) -> str:
        """What a person chooses in the portal."""
        return self.customer_name or self.name

    def commitment(self, key: str) -> Commitment | None:
        """The promise of this category with a key, or None."""
        return next((each for each in self.commitments if each.key == key), None)

    @property
    def main_commitment(self) -> Commitment | None:
        """The promise that the acknowledgement states: the first response, else the resolution."""
        for kind in RESPONSES:
            for commitment in self.commitments:
                if commitment.kind is kind:
                    return commitment
        return None
