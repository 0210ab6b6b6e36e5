"""What a case is about, who works on it, and what date was promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema.promise import CommitmentKind, MeetEvent
from ventanilla.register.beginning import CategoryUnknown, category_of
from ventanilla.register.entries.progress import DateCommitted
from ventanilla.register.entries.registration import (
    CaseAssessed,
    CaseAssigned,
    CategoryChanged,
    PolicyAdopted,
    PriorityChanged,
    SecretRenewed,
)
from ventanilla.register.models import Case, PolicyVersion
from ventanilla.register.policies import promises_of
from ventanilla.register.recording import Record, reason_digest
from ventanilla.register.rules.promising import COMMITTED_DATE, committed_date
from ventanilla.register.rules.recomputing import recompute
from ventanilla.register.rules.statuses import ENDED, Status

FARTHEST_DATE = timedelta(days=366)
"""A date further away is a slip of the keys: nobody waits a year for a desk."""


class ReasonMissing(Refusal):
    """Falta el motivo: escriba por qué se hace el cambio, para que quede en el registro."""


class DateInPast(Refusal):
    """La fecha comprometida ({date}) ya pasó. Elija una posterior a este momento."""


class DateTooFar(Refusal):
    """La fecha comprometida ({date}) está a más de un año. Revise el año o elija una más cercana."""


class CaseEnded(Refusal):
    """El caso {folio} ya terminó. Reábralo primero."""


def assess(
    *, case: Case, category: str, priority: str, asked: str = "", acting_user: Actor,
    as_of: datetime, expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Confirm category, priority and what is asked (G7); promises follow a corrected category.

    Raises StatusNotAllowed, CategoryUnknown, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        record.require_move(Status.ASSESSED)
        desk = category_of(record.promises, category).desk
        clocks = record.clocks()
        if category != record.state.category:
            recompute(clocks, category=category, promises=record.promises, at=as_of)
        clocks.meet(MeetEvent.ASSESSED, as_of)
        entry = CaseAssessed(
            category=category, desk=desk, priority=priority, asked_digest=reason_digest(asked),
            commitments=clocks.changes(),
        )  # fmt: skip
        record.write(entry, remark=asked)
        return record.save()


def assign(
    *, case: Case, assignee_id: int | None, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Give the case to a staff member, or back to the queue with None. Raises CaseMoved."""
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        record.write(CaseAssigned(assignee_id=assignee_id))
        return record.save()


def change_category(
    *, case: Case, category: str, reason: str, priority: str | None = None, acting_user: Actor,
    as_of: datetime, expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Correct the category: desk and priority follow it, promises are computed anew.

    They are computed from their original start and keep their pauses. Raises CategoryUnknown,
    ReasonMissing, CaseEnded, CaseMoved, CaseIsMerged.
    """
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        _require_not_ended(record)
        chosen = category_of(record.promises, category)
        clocks = record.clocks()
        recompute(clocks, category=category, promises=record.promises, at=as_of)
        entry = CategoryChanged(
            category=category, desk=chosen.desk, priority=priority or chosen.priority,
            reason_digest=reason_digest(reason), commitments=clocks.changes(),
        )  # fmt: skip
        record.write(entry, remark=reason)
        return record.save()


def change_priority(
    *, case: Case, priority: str, reason: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Change the priority; promises hang on the category and stay. Raises as change_category."""
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        _require_not_ended(record)
        entry = PriorityChanged(priority=priority, reason_digest=reason_digest(reason))
        record.write(entry, remark=reason)
        return record.save()


def adopt_policy(
    *, case: Case, policy_version: PolicyVersion, reason: str, acting_user: Actor,
    as_of: datetime, expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Put the case on another version of the policy, as an explicit correction.

    Open promises are computed again from their original start; nothing else ever re-picks the
    policy. Raises CategoryUnknown, ReasonMissing, CaseEnded, CaseMoved, CaseIsMerged.
    """
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        _require_not_ended(record)
        clocks, promises = record.clocks(), promises_of(policy_version.pk)
        try:
            recompute(clocks, category=record.state.category, promises=promises, at=as_of)
        except PolicyError as unknown:
            raise CategoryUnknown(category=record.state.category) from unknown
        entry = PolicyAdopted(
            policy_version_id=policy_version.pk, reason_digest=reason_digest(reason),
            commitments=clocks.changes(),
        )  # fmt: skip
        record.write(entry, remark=reason)
        return record.save()


def commit_date(
    *, case: Case, committed_at: datetime, reason: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Promise the person a date of resolution, or change it (S9).

    It is a promise of its own beside that of the policy, which it does not relax. Changing it
    before it has passed moves it; one that has passed stays broken and a new one is made. Raises
    DateInPast, DateTooFar, ReasonMissing, CaseEnded, CaseMoved, CaseIsMerged.
    """
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        _require_not_ended(record)
        if committed_at <= as_of:
            raise DateInPast(date=record.promises.pack.format_moment(committed_at))
        if committed_at > as_of + FARTHEST_DATE:
            raise DateTooFar(date=record.promises.pack.format_moment(committed_at))
        clocks = record.clocks()
        clocks.lapse(as_of)
        going = [row for row in clocks.rows.values() if row.is_open and row.kind == COMMITTED_DATE]
        movable = [row.key for row in going if row.broken_at is None]
        clocks.cancel(as_of, "replaced", only=lambda row: row in going and row.key not in movable)
        made = committed_date(
            key=movable[0] if movable else clocks.next_key(COMMITTED_DATE, numbered=False),
            clause=_resolution_clause(record), version_id=record.state.policy_version_id,
            at=as_of, committed_at=committed_at,
        )  # fmt: skip
        clocks.put(made, "move")
        entry = DateCommitted(
            committed_at=committed_at, reason_digest=reason_digest(reason),
            commitments=clocks.changes(),
        )  # fmt: skip
        record.write(entry, remark=reason)
        return record.save()


def renew_secret(*, case: Case, acting_user: Actor, as_of: datetime) -> Case:
    """Revoke the access code of the case; the next one is another. Raises CaseIsMerged."""
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of)
        record.write(SecretRenewed(generation=record.state.secret_generation + 1))
        return record.save()


def _resolution_clause(record: Record) -> str:
    for each in category_of(record.promises, record.state.category).commitments:
        if each.kind is CommitmentKind.RESOLUTION:
            return each.clause
    return ""


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _require_not_ended(record: Record) -> None:
    if Status(record.state.status) in ENDED:
        raise CaseEnded(folio=record.state.folio)
