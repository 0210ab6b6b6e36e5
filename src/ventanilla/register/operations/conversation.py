"""What was said is recorded, and the promises answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ventanilla.core.actors import Actor
from ventanilla.core.statements import insert
from ventanilla.register.models import Case, Message
from ventanilla.register.recording import Record, together
from ventanilla.register.speaking import FactUnknown, add_to, write_fact
from ventanilla.register.values import MessageIn

__all__ = ["FactUnknown", "add_message", "note_fact"]


def add_message(
    *, case: Case, message: MessageIn, facts: Mapping[str, dict[str, Any]] | None = None,
    acting_user: Actor, as_of: datetime, expected_seq: int | None = None,
) -> Message:  # fmt: skip
    """Record one item of the conversation (S7), with facts about it by kind as in ``note_fact``.

    Raises CaseMoved, CaseIsMerged, FactUnknown.
    """
    with together():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        row = add_to(record, message)
        for kind, payload in (facts or {}).items():
            write_fact(record, kind, payload)
        record.save()
        insert(row)
    return row


def note_fact(
    *, case: Case, kind: str, payload: dict[str, Any], remark: str = "", acting_user: Actor,
    as_of: datetime,
) -> Case:  # fmt: skip
    """Write down a fact of another room; its kind is a class in ``entries.facts``.

    ``remark`` is a reason in free words, whose digest the payload has as ``reason_digest``.

    Facts are welcome on merged and closed cases too. Raises FactUnknown, and pydantic's
    ValidationError when the payload does not fit the kind.
    """
    with together():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, merged_too=True)
        write_fact(record, kind, payload, remark=remark)
        return record.save()
