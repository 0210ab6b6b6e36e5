"""How an answer should read: rules a machine can look at while somebody writes (S5)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .base import ClauseId, Key, Part, Words


class GuidelineKind(StrEnum):
    """What is looked for, and where."""

    GREETING = "greeting"
    """One of the phrases in the first lines."""
    CUSTOMER_NAME = "customer_name"
    """The person's name in the first lines."""
    MENTIONS = "mentions"
    """One of the phrases anywhere."""
    FOLIO = "folio"
    """The folio of the case."""
    COMMITTED_DATE = "committed_date"
    """The day that is promised now, however it is written."""
    CLOSING = "closing"
    """One of the phrases in the last lines."""
    AGENT_NAME = "agent_name"
    """The writer's name in the last lines."""
    ARTICLE = "article"
    """The answer cites a published article of the knowledge base."""
    FORBIDDEN = "forbidden"
    """None of the phrases, anywhere."""
    SHOUTING = "shouting"
    """No words in capitals one after the other, no exclamation marks."""
    REMINDER = "reminder"
    """Nothing a machine could tell: only shown."""


WITH_PHRASES = frozenset(
    {
        GuidelineKind.GREETING,
        GuidelineKind.MENTIONS,
        GuidelineKind.CLOSING,
        GuidelineKind.FORBIDDEN,
    }
)
"""The kinds that look for phrases of the pack."""


class GuidelineSeverity(StrEnum):
    """``advise`` is shown while writing; ``require`` has to be met, or excused with a reason."""

    ADVISE = "advise"
    REQUIRE = "require"


class Guideline(Part):
    """One guideline: what it asks for in words, and how it is looked for.

    ``phrases`` are compared word by word, without accents or case. ``clause`` is the clause of the
    policy it comes from.
    """

    key: Key
    words: Words
    kind: GuidelineKind
    severity: GuidelineSeverity = GuidelineSeverity.ADVISE
    clause: ClauseId
    phrases: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = ()
