"""What the portal asks of a person, for each kind of request."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .base import Key, Part

MOST_FIELDS = 8
"""More than that is a form nobody finishes; the rest can be asked in the conversation."""
MOST_CHOICES = 12
Label = Annotated[str, Field(min_length=1, max_length=120)]
Hint = Annotated[str, Field(max_length=300)]


class FieldKind(StrEnum):
    """How an answer is given."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


class FormField(Part):
    """One thing to ask, in the customer's words; ``choices`` belong to the kind ``choice``."""

    key: Key
    label: Label
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    help: Hint = ""
    choices: tuple[Label, ...] = Field((), max_length=MOST_CHOICES)
