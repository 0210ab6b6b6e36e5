"""A request becomes a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.core.statements import insert, unawaited
from ventanilla.register.beginning import CategoryUnknown, begin_case, keep_participants
from ventanilla.register.models import Case, Message, PolicyVersion
from ventanilla.register.recording import Record, together
from ventanilla.register.rules.state import CaseState
from ventanilla.register.speaking import add_to, write_fact
from ventanilla.register.values import MessageIn, ParticipantIn

__all__ = [
    "CategoryUnknown",
    "FirstAnswer",
    "open_answered_case",
    "open_case",
    "open_case_with_message",
]


def open_case(
    *, person_id: int, policy_version: PolicyVersion, desk: str, category: str, priority: str,
    subject: str, channel: str, received_at: datetime, emergency: bool = False,
    participants: Sequence[ParticipantIn] = (), follows: Case | None = None,
    split_from: Case | None = None, acting_user: Actor, as_of: datetime,
) -> Case:  # fmt: skip
    """Register a request: folio, status, and the promises of its category, begun at receipt (S1).

    Raises CategoryUnknown.
    """
    record = begin_case(
        person_id=person_id, policy_version=policy_version, desk=desk, category=category,
        priority=priority, subject=subject, channel=channel, received_at=received_at,
        emergency=emergency, participants=participants, follows=follows, split_from=split_from,
        acting_user=acting_user, as_of=as_of,
    )  # fmt: skip
    with transaction.atomic():
        case = record.save()
        keep_participants(case, participants, as_of)
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What is said at once to a new request: a message, and facts by kind as in ``note_fact``."""

    message: MessageIn | None
    facts: Mapping[str, dict[str, Any]] = field(default_factory=dict)


Answering = Callable[[Case, CaseState], FirstAnswer]
"""Writes the answer when folio and promises are known; the row is not in the database yet."""


def open_case_with_message(
    *, message: MessageIn, acting_user: Actor, as_of: datetime, **facts: Any
) -> tuple[Case, Message]:
    """Register a request and its first message in as few statements as one of the two.

    The same as ``open_case``, whose keywords it takes, followed by ``add_message``.
    Raises CategoryUnknown.
    """
    case, row, _ = open_answered_case(
        message=message, answering=None, acting_user=acting_user, as_of=as_of, **facts
    )
    return case, row


def open_answered_case(
    *, person_id: int, policy_version: PolicyVersion, desk: str, category: str, priority: str,
    subject: str, channel: str, received_at: datetime, message: MessageIn,
    answering: Answering | None, emergency: bool = False,
    participants: Sequence[ParticipantIn] = (), follows: Case | None = None, acting_user: Actor,
    as_of: datetime,
) -> tuple[Case, Message, Message | None]:  # fmt: skip
    """Register a request, its first message and what the system answers at once, for intake.

    As few statements as one of the three. Returns the case, the message and the answer's message.
    Raises CategoryUnknown, FactUnknown.
    """
    record = begin_case(
        person_id=person_id, policy_version=policy_version, desk=desk, category=category,
        priority=priority, subject=subject, channel=channel, received_at=received_at,
        emergency=emergency, participants=participants, follows=follows,
        acting_user=acting_user, as_of=as_of,
    )  # fmt: skip
    row = add_to(record, message)
    answer = _answer(record, answering) if answering else None
    with together(), unawaited():
        case = record.save()
        keep_participants(case, participants, as_of)
        insert(*filter(None, (row, answer)))
    return case, row, answer


def _answer(record: Record, answering: Answering) -> Message | None:
    answer = answering(record.shown(), record.state)
    record.acting_user = SYSTEM
    row = add_to(record, answer.message) if answer.message else None
    for kind, payload in answer.facts.items():
        write_fact(record, kind, payload)
    return row
