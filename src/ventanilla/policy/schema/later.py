"""What other modules read: surveys, refunds, authorizations, privacy, measures, knowledge, agenda."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .base import Key, Part, TermText, Whole, Words
from .guidelines import Guideline


class SurveyScale(StrEnum):
    """How a question is answered."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"
    TEXT = "text"


class Question(Part):
    """One question of a survey."""

    key: Key
    text: Words
    scale: SurveyScale


class Survey(Part):
    """A survey: when it goes out after the resolution, at most once a period per person."""

    key: Key
    name: Words
    send_after: TermText
    once_per: TermText
    review_below: Whole = Field(ge=0, le=10)
    questions: tuple[Question, ...] = Field(min_length=1)


class RefundCause(Part):
    """A cause for which money is given back; statutory ones stand whatever the policy says."""

    key: Key
    name: Words
    evidence: Words
    statutory: bool = False


class Authorization(Part):
    """An act that needs somebody's authorization before it happens."""

    key: Key
    name: Words
    granted_by: Words
    acts: tuple[Key, ...] = Field(min_length=1)
    expires_after: TermText | None = None


class Purpose(Part):
    """A purpose of the privacy policy; data is used for nothing else."""

    key: Key
    name: Words
    needs_consent: bool


class Kpi(Part):
    """A measure of the reports."""

    key: Key
    name: Words
    period: Annotated[str, Field(pattern="^(day|week|month)$")]
    goal: str = ""


class ArticleKind(Part):
    """A sort of article of the knowledge base."""

    key: Key
    name: Words


class Knowledge(Part):
    """The knowledge base and the guidelines checked while writing.

    A guideline may be a sentence alone, as in the first version of the format: then it is only
    shown. Published documents keep the form, and so the digest, that they were published with.
    """

    article_kinds: tuple[ArticleKind, ...] = Field(min_length=1)
    reply_guidelines: tuple[Guideline | Words, ...] = ()
    cite_article_in_answers: bool = False


class Agenda(Part):
    """Follow-up reminders, appointments, minutes and tasks."""

    follow_up_after: TermText
    minute_kinds: tuple[ArticleKind, ...] = ()


class AfterSales(Part):
    """The contact after a resolution that confirms satisfaction."""

    contact_after: TermText
    channels: tuple[Key, ...] = Field(min_length=1)


class Area(Part):
    """An area that may be asked for a technical analysis."""

    key: Key
    name: Words


class Channel(Part):
    """A way in."""

    key: Key
    name: Words
    live: bool = False


class EvidenceRules(Part):
    """What is kept as evidence."""

    kinds: tuple[Key, ...] = Field(min_length=1)


class Segment(Part):
    """A way of looking at customers together."""

    key: Key
    name: Words


class Improvement(Part):
    """What feedback turns into, always with an owner and a date."""

    kinds: tuple[ArticleKind, ...] = Field(min_length=1)
