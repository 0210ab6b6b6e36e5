"""What every part of a pack shares."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, Strict

from ventanilla.policy.clock import BadTerm, Term

KEY = r"^[a-z][a-z0-9_]*$"
CLAUSE_ID = r"^[A-Z][A-Z0-9.]*$"
ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$"
Key = Annotated[str, Field(pattern=KEY, max_length=40)]
ClauseId = Annotated[str, Field(pattern=CLAUSE_ID, max_length=12)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Address = Annotated[str, Field(pattern=ADDRESS, max_length=254)]
Whole = Annotated[int, Strict()]
"""A number written as one: not in quotes, not ``true``."""


def _term(value: object) -> Term:
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return Term.parse(value)
    raise BadTerm(value)


TermText = Annotated[
    Term, PlainValidator(_term), PlainSerializer(str, return_type=str, when_used="always")
]
"""A term written as ``5 business_days``; see ``Term.parse`` for the words."""


class Part(BaseModel):
    """A part of a pack: frozen, and closed to fields it does not know.

    ``implements`` names the clauses of the policy this part carries out. ``decided`` gives the reason
    when the policy text does not say this and we chose it; the linter lists those choices.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    implements: tuple[ClauseId, ...] = ()
    decided: str = ""
