"""A request sent with the form of the portal, written down as a message so that it can be kept.

It is stored as a mail is: raw, whole, readable without this program, with its files. From then on it
goes the way of a mail. What the form knew better than any mail (the category that was chosen, each
answer by its key) stands in a JSON part, which is the first file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ventanilla.channels.email.attachments import safe_name
from ventanilla.channels.email.composing import OutgoingEmail, OutgoingFile, compose
from ventanilla.channels.email.values import Address, Attachment, ParsedEmail
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.queries import channel_of

GATEWAY = "web"
STRUCTURED = "datos-de-la-solicitud.json"
OWN = "datos-de-la-solicitud-1.json"
"""What a file of the person is called that came with the name of ours."""
JSON = "application/json"
PLAIN = "application/octet-stream"


class Answer(BaseModel):
    """One answered field: ``value`` as typed, ``shown`` as people read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    label: str
    value: str
    shown: str


class Submission(BaseModel):
    """What a person sent with the form. ``follows`` is the folio of an ended case of theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1, le=1)] = 1
    category: str
    name: str
    email: str
    subject: str
    text: str
    answers: tuple[Answer, ...] = ()
    follows: str = ""

    @property
    def said(self) -> str:
        """All of it as one text, the person's own words first."""
        lines = [f"{each.label} {each.shown}" for each in self.answers if "\n" not in each.shown]
        longer = [f"{each.label}\n{each.shown}" for each in self.answers if "\n" in each.shown]
        return "\n\n".join(part for part in (self.text, "\n".join(lines), *longer) if part)


def write(
    submission: Submission,
    files: Sequence[OutgoingFile],
    *,
    desk_address: str,
    message_id: str,
    at: datetime,
) -> bytes:
    """The submission as the bytes of a message; the same submission gives the same bytes."""
    structured = OutgoingFile(
        filename=STRUCTURED,
        media_type=JSON,
        content=submission.model_dump_json(indent=1).encode(),
    )
    return compose(
        OutgoingEmail(
            message_id=message_id,
            date=at,
            from_=Address(submission.name, submission.email),
            to=(Address("", desk_address),),
            subject=submission.subject,
            text=submission.said,
            attachments=(structured, *files),
        )
    )


def read(mail: ParsedEmail) -> Submission:
    """What ``write`` wrote down. Raises pydantic.ValidationError for anything else."""
    content = mail.attachments[0].content if mail.attachments else b""
    return Submission.model_validate_json(content)


def files_of(mail: ParsedEmail, submission: Submission) -> tuple[Attachment, ...]:
    """The files to keep; the structured answers are one of them where there are any."""
    structured, *theirs = mail.attachments
    own = (replace(each, filename=own_name(each.filename)) for each in theirs)
    return (structured, *own) if submission.answers else tuple(own)


def own_name(filename: str) -> str:
    """The name of a file that a person adds in the portal: never that of the structured answers."""
    return OWN if safe_name(filename, fallback="") == STRUCTURED else filename


def holds_answers(item: EvidenceItem) -> bool:
    """Whether this is the structured answers, which the text of their message says in words.

    The item is one that ``evidence.queries`` read. A mail may bring a file of any name.
    """
    return item.filename == STRUCTURED and channel_of(item) == GATEWAY
