"""A letter to the people of a case: its words, its place in the thread, its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ventanilla.channels.rules import Suppression
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn

SUBJECT_LENGTH = 300
_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|rv|fw|fwd|aw|sv|res)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The message that is answered: its Message-ID and the ones it answered itself."""

    message_id: str = ""
    references: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Case) -> Thread:
        """The last message of the person, so that the answer stands below it in their mailbox."""
        heard = Message.objects.filter(case=case, direction=Message.Direction.IN, automatic=False)
        last = heard.exclude(message_id="").order_by("-at", "-id").first()
        if last is None:
            return cls()
        return cls(message_id=last.message_id, references=tuple(last.references))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to the people of a case, before it has its headers.

    ``key`` names what it is for, so that it is sent once. ``text`` is what goes out, ``html`` the
    same laid out; ``said`` and ``signature`` tell its parts apart for the record, when there are
    any. ``substantive``: a person's answer, which can meet a promise; a status change or a receipt
    cannot. ``answers_automatic``: the mail it answers must not be answered by a machine.
    ``sender_disowned``: the domain of that mail's sender says that it is forged. ``is_first``: the
    case is being opened in this very transaction; ``address_typed``: somebody typed the address
    into a form, which does not prove that mail reaches it; ``to_stranger``: nobody was ever written
    to there. ``facts`` go into the record together with the message.
    """

    kind: str
    key: str
    subject: str
    text: str
    automatic: bool
    substantive: bool = False
    said: str = ""
    signature: str = ""
    copies: tuple[str, ...] = ()
    files: Sequence[EvidenceItem | Upload] = ()
    thread: Thread | None = None
    html: str = ""
    answers_automatic: bool = False
    sender_disowned: bool = False
    is_first: bool = False
    address_typed: bool = False
    to_stranger: bool = False
    facts: Mapping[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Post:
    """The headers of one letter."""

    to: str
    from_address: str
    from_name: str
    reply_to: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A letter with its headers; without a ``message`` it was ``stopped``, and ``facts`` say why."""

    letter: Letter
    post: Post
    message: MessageIn | None = None
    stopped: Suppression | None = None
    facts: Mapping[str, dict[str, object]] = field(default_factory=dict)


def reply_subject(case: Case) -> str:
    """«Re: asunto [folio]», each of them once, however often the mail went to and fro."""
    bare = _REPLY_PREFIX.sub("", case.subject).strip()
    return with_folio(f"Re: {bare}" if bare else "Re:", case.folio)


def with_folio(subject: str, folio: str) -> str:
    """The subject with the folio in it once, cut so that the folio is never what is lost."""
    if folio in subject:
        return subject[:SUBJECT_LENGTH]
    mark = f" [{folio}]"
    return subject[: SUBJECT_LENGTH - len(mark)].rstrip() + mark
