"""How a case begins: its number, its first entry, its participants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema.promise import StartEvent
from ventanilla.policy.schema.service import Category
from ventanilla.register.entries.registration import CaseRegistered
from ventanilla.register.models import Case, PolicyVersion
from ventanilla.register.policies import promises_of
from ventanilla.register.recording import Record
from ventanilla.register.rules import folios
from ventanilla.register.rules.chain import Stamp, digest_of_text
from ventanilla.register.rules.clocks import Clocks
from ventanilla.register.rules.promising import Promises
from ventanilla.register.values import ParticipantIn

NEXT_NUMBER = """
    INSERT INTO register_folioseries (name, last_number) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET last_number = register_folioseries.last_number + 1
    RETURNING last_number, nextval(pg_get_serial_sequence('register_case', 'id'))
"""
PARTICIPANTS = """
    INSERT INTO register_caseparticipant (case_id, added_at, address, name, role)
    SELECT %s::bigint, %s::timestamptz, * FROM unnest(%s::text[], %s::text[], %s::text[])
    ON CONFLICT DO NOTHING
"""
SUBJECT_LENGTH = 300


class CategoryUnknown(Refusal):
    """La política no tiene la categoría «{category}», así que no se puede registrar nada con
    ella."""


def category_of(promises: Promises, key: str) -> Category:
    """A category of a policy version. Raises CategoryUnknown."""
    try:
        return promises.pack.category(key)
    except PolicyError as unknown:
        raise CategoryUnknown(category=key) from unknown


def begin_case(
    *, person_id: int, policy_version: PolicyVersion, desk: str, category: str, priority: str,
    subject: str, channel: str, received_at: datetime, emergency: bool = False,
    participants: Sequence[ParticipantIn] = (), follows: Case | None = None,
    split_from: Case | None = None, acting_user: Actor, as_of: datetime,
) -> Record:  # fmt: skip
    """A record whose first entry is written and nothing of it saved. Raises CategoryUnknown."""
    promises = promises_of(policy_version.pk)
    subject = subject[:SUBJECT_LENGTH]
    facts = CaseRegistered(
        folio="-", series="-", number=0,
        person_id=person_id,
        policy_version_id=policy_version.pk,
        subject_digest=digest_of_text(subject),
        channel=channel,
        desk=desk,
        category=category,
        priority=priority,
        received_at=received_at,
        emergency=emergency,
        participants_digest=_digest_of_participants(participants),
        follows_id=follows.pk if follows else None,
        split_from_id=split_from.pk if split_from else None,
    )  # fmt: skip
    stamp = Stamp(1, as_of, acting_user.kind.value, acting_user.id, channel)
    clocks = Clocks(facts.opening(stamp), promises_of)
    try:
        clocks.open(StartEvent.RECEIVED, received_at)
    except PolicyError as unknown:
        raise CategoryUnknown(category=category) from unknown
    changes = clocks.changes()
    # Last of all: until the transaction ends, nobody else gets a number of this series.
    case_id, folio, series, number = _take_folio(promises, as_of)
    entry = facts.model_copy(
        update={"folio": folio, "series": series, "number": number, "commitments": changes}
    )
    case = Case(pk=case_id, subject=subject)
    record = Record(case, entry.opening(stamp), acting_user=acting_user, as_of=as_of, opening=entry)
    record.write(entry, channel=channel)
    return record


def _take_folio(promises: Promises, as_of: datetime) -> tuple[int, str, str, int]:
    """The row's id, the folio, and the series and number it is made of, in one statement."""
    rule, zone = promises.pack.folio, promises.pack.calendar.zone
    series = folios.series_of(rule, as_of, zone)
    number, case_id = execute(NEXT_NUMBER, [series]).fetchone()
    return case_id, folios.write(rule, number, as_of, zone), series, number


def keep_participants(case: Case, participants: Sequence[ParticipantIn], as_of: datetime) -> None:
    """Let these addresses write into the case; each once."""
    if participants:
        addresses = [each.address.strip().lower() for each in participants]
        names = [each.name[:200] for each in participants]
        roles = [each.role for each in participants]
        execute(PARTICIPANTS, [case.pk, as_of, addresses, names, roles])


def _digest_of_participants(participants: Sequence[ParticipantIn]) -> str:
    addresses = sorted({each.address.strip().lower() for each in participants})
    return digest_of_text(*addresses) if addresses else ""
