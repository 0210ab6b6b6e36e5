"""Writing what was said, and facts about it, into an open record."""

from __future__ import annotations

import re
from typing import Any

from ventanilla.core.refusals import Refusal
from ventanilla.register.entries.base import Entry
from ventanilla.register.entries.conversation import MessageReceived, MessageSent, NoteAdded
from ventanilla.register.entries.facts import Fact
from ventanilla.register.models import Case, Message
from ventanilla.register.recording import Record
from ventanilla.register.rules.chain import canonical, digest_of_text
from ventanilla.register.rules.clocks import Clocks
from ventanilla.register.rules.conversing import Said, ends_wait, hear
from ventanilla.register.values import MessageIn

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL keeps neither NUL nor half surrogates; real mail holds both."""


class FactUnknown(Refusal):
    """No hay un hecho «{kind}» que se pueda anotar en el registro."""


def write_fact(record: Record, kind: str, payload: dict[str, Any], *, remark: str = "") -> None:
    """Write the entry of a fact into an open record. Raises FactUnknown."""
    found = Entry.kinds.get(kind)
    if found is None or not issubclass(found, Fact):
        raise FactUnknown(kind=kind)
    fact = found.model_validate(payload)
    if found.meets:
        clocks = record.clocks()
        clocks.meet_word(found.meets, record.as_of)
        if changes := clocks.changes():
            fact = fact.model_copy(update={"commitments": changes})
    record.write(fact, remark=remark)


def add_to(record: Record, message: MessageIn) -> Message:
    """Write the entry of a message into an open record; its row is for the caller to save."""
    row = _row(record.case, message)
    said = said_of(message)
    clocks = record.clocks()
    hear(clocks, said)
    entry = _entry(record, message, said, row.digest, clocks)
    row.ledger_seq = record.write(entry, at=message.at, channel=message.channel).seq
    return row


def said_of(message: MessageIn) -> Said:
    """What counts about a message for the clocks."""
    return Said(
        direction=message.direction,
        at=message.at,
        says_something=message.says_something,
        outsider=message.outsider,
        automatic=message.automatic,
        by_staff=message.author_staff_id is not None,
    )


def said_of_row(message: Message) -> Said:
    """The same, of a message recorded earlier."""
    return Said(
        direction=message.direction,
        at=message.at,
        says_something=not message.automatic and bool(message.text.strip() or message.html),
        outsider=message.outsider,
        automatic=message.automatic,
        by_staff=message.author_staff_id is not None,
    )


def message_digest(subject: str, segments: list[dict[str, Any]]) -> str:
    """The digest of a message that the ledger holds: subject and whole text."""
    return digest_of_text(subject, canonical(segments).decode("utf-8", "surrogatepass"))


def _entry(
    record: Record, message: MessageIn, said: Said, digest: str, clocks: Clocks
) -> MessageReceived | MessageSent | NoteAdded:
    facts: dict[str, Any] = {"channel": message.channel, "digest": digest}
    if message.automatic:
        facts["automatic"] = True
    if not message.says_something:
        facts["substantive"] = False
    if changes := clocks.changes():
        facts["commitments"] = changes
    if message.direction == Message.Direction.OUT:
        return MessageSent(**facts)
    if message.direction == Message.Direction.NOTE:
        return NoteAdded(**facts)
    if message.outsider:
        facts["outsider"] = True
    if message.inbound_item_id is not None:
        facts["inbound_item_id"] = message.inbound_item_id
    if ends_wait(record.state, said):
        facts["ends_wait"] = True
    return MessageReceived(**facts)


def _row(case: Case, message: MessageIn) -> Message:
    subject = _clean(message.subject)[:300]
    segments = [
        {name: _clean(value) if isinstance(value, str) else value for name, value in each.items()}
        for each in message.all_segments
    ]
    return Message(
        case=case,
        direction=message.direction,
        channel=message.channel,
        automatic=message.automatic,
        outsider=message.outsider,
        author_person_id=message.author_person_id,
        author_staff_id=message.author_staff_id,
        author_name=_clean(message.author_name)[:200],
        author_address=message.author_address[:320],
        at=message.at,
        subject=subject,
        text=_clean(message.text),
        segments=segments,
        html=_clean(message.html),
        message_id=message.message_id[:998],
        in_reply_to=message.in_reply_to[:998],
        references=[each[:998] for each in message.references],
        inbound_item_id=message.inbound_item_id,
        digest=message_digest(subject, segments),
    )


def _clean(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
