"""What callers hand to the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantIn:
    """An address that may write into a case. Roles: ``requester``, ``copy``."""

    address: str
    name: str = ""
    role: str = "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageIn:
    """One item of a conversation, as a channel or a face hands it over.

    ``at`` is the moment of the event. ``substantive`` is False for what says nothing new: empty,
    a bare "gracias", an automatic answer. ``segments`` is the whole text in order, as the model
    says; without it, it is made of ``text``.
    """

    direction: str
    channel: str
    at: datetime
    subject: str = ""
    text: str = ""
    segments: Sequence[dict[str, Any]] = ()
    html: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = field(default_factory=tuple)
    inbound_item_id: int | None = None
    automatic: bool = False
    outsider: bool = False
    substantive: bool = True
    author_person_id: int | None = None
    author_staff_id: int | None = None
    author_name: str = ""
    author_address: str = ""

    @property
    def all_segments(self) -> list[dict[str, Any]]:
        """The whole text in order."""
        if self.segments:
            return [dict(each) for each in self.segments]
        return [{"kind": "new", "text": self.text}] if self.text else []

    @property
    def says_something(self) -> bool:
        """Whether a person said something in it that can meet or start a promise."""
        return self.substantive and not self.automatic and bool(self.text.strip() or self.html)
