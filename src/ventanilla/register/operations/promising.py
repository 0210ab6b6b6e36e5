"""What happens to single promises: complexity, progress notices, excuses and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.policy.schema.promise import Excuse, MeetEvent, StartEvent
from ventanilla.register.entries.progress import (
    AlertFired,
    CommitmentExcused,
    ComplexityMarked,
    ComplexityUnmarked,
    ProgressNoticed,
)
from ventanilla.register.models import Case, Commitment
from ventanilla.register.operations.assessing import CaseEnded, ReasonMissing
from ventanilla.register.policies import promises_of
from ventanilla.register.recording import Record, reason_digest
from ventanilla.register.rules.promising import DUE, next_step
from ventanilla.register.rules.state import CommitmentState, Fired, replace
from ventanilla.register.rules.statuses import ENDED, Status

PROGRESS_NOTICE = "progress_notice"
REASON_LENGTH = 300


class AlreadyComplex(Refusal):
    """El caso {folio} ya está marcado como complejo."""


class NotComplex(Refusal):
    """El caso {folio} no está marcado como complejo."""


class CommitmentUnknown(Refusal):
    """El caso {folio} no tiene un compromiso «{key}»."""


class NoExceptionForeseen(Refusal):
    """La política no prevé excepciones para ese plazo del caso {folio}: debe cumplirse."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that went off now: about what, which step, whom the pack wants told."""

    case: Case
    key: str
    kind: str
    step: str
    to: tuple[str, ...]
    due_at: datetime
    broken: bool


def mark_complex(
    *, case: Case, reason: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Mark the case complex (G8): progress notices are owed from now on.

    Promises that the pack lifts for complex cases are excused with the same reason, unless they
    are broken already. Raises ReasonMissing, AlreadyComplex, CaseEnded, CaseMoved, CaseIsMerged.
    """
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if record.state.complex_since is not None:
            raise AlreadyComplex(folio=record.state.folio)
        if Status(record.state.status) in ENDED | {Status.RESOLVED}:
            raise CaseEnded(folio=record.state.folio)
        clocks = record.clocks()
        clocks.lapse(as_of)
        for row in list(clocks.rows.values()):
            if row.is_open and row.broken_at is None and _lifted(row, Excuse.MARKED_COMPLEX):
                clocks.put(replace(row, excused_digest=reason_digest(reason)), "excuse")
                record.keep_excuse(row.key, reason[:REASON_LENGTH])
        clocks.open(StartEvent.MARKED_COMPLEX, as_of)
        record.keep_text("complex_reason", reason[:REASON_LENGTH])
        entry = ComplexityMarked(
            reason_digest=reason_digest(reason[:REASON_LENGTH]), commitments=clocks.changes()
        )
        record.write(entry, remark=reason[:REASON_LENGTH])
        return record.save()


def unmark_complex(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Take the mark back: notices are no longer owed, lifted promises count again from their start.

    Raises NotComplex, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if record.state.complex_since is None:
            raise NotComplex(folio=record.state.folio)
        clocks = record.clocks()
        clocks.cancel(as_of, "not_complex", only=lambda row: row.kind == PROGRESS_NOTICE)
        for row in list(clocks.rows.values()):
            if row.excused_digest == record.state.complex_digest and row.is_open:
                clocks.put(replace(row, excused_digest=""), "restore")
                record.keep_excuse(row.key, "")
        clocks.lapse(as_of)
        record.keep_text("complex_reason", "")
        record.write(ComplexityUnmarked(commitments=clocks.changes()))
        return record.save()


def record_progress_notice(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """The person was told how far it is: meets the notice that is owed and owes the next one.

    Raises NotComplex, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if record.state.complex_since is None:
            raise NotComplex(folio=record.state.folio)
        clocks = record.clocks()
        clocks.meet(MeetEvent.PROGRESS_NOTICE, as_of)
        if Status(record.state.status) not in ENDED | {Status.RESOLVED}:
            clocks.open(StartEvent.LAST_NOTICE, as_of)
        record.write(ProgressNoticed(commitments=clocks.changes()))
        return record.save()


def excuse(
    *, case: Case, key: str, reason: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Justify an exception to one promise (S14): it warns no more, and says why it was not kept.

    What was broken stays broken; reports show it apart. Raises ReasonMissing, CommitmentUnknown,
    NoExceptionForeseen, CaseMoved, CaseIsMerged.
    """
    _require(reason)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        clocks = record.clocks()
        row = clocks.rows.get(key)
        if row is None:
            raise CommitmentUnknown(folio=record.state.folio, key=key)
        if not _lifted(row, Excuse.JUSTIFIED_EXCEPTION):
            raise NoExceptionForeseen(folio=record.state.folio)
        clocks.lapse(as_of)
        said = reason[:REASON_LENGTH]
        clocks.put(replace(clocks.rows[key], excused_digest=reason_digest(said)), "excuse")
        record.keep_excuse(key, said)
        entry = CommitmentExcused(
            key=key, reason_digest=reason_digest(reason), commitments=clocks.changes()
        )
        record.write(entry, remark=reason)
        return record.save()


def record_alert(
    *, commitment_id: int, step: str | None = None, acting_user: Actor, as_of: datetime
) -> Alert | None:
    """Let the next warning about a promise go off, once; None when nothing is to be said now.

    Whoever crashes after this and before the mail is queued takes both back, because both are in
    the caller's transaction. With ``step`` only that one may fire. A reminder that was missed is
    passed over once the due moment has come.
    """
    with transaction.atomic():
        found = Commitment.objects.select_related("case").get(pk=commitment_id)
        record = Record.of(found.case, acting_user=acting_user, as_of=as_of, merged_too=True)
        clocks = record.clocks()
        row = clocks.rows[found.key]
        due = next_step(row, promises_of, as_of=as_of)
        if due is None or due.at > as_of or (step is not None and due.name != step):
            return None
        overdue = as_of >= row.due_at
        row = replace(
            row,
            alerts=(*row.alerts, Fired(due.name, as_of)),
            broken_at=row.due_at if overdue and row.broken_at is None else row.broken_at,
        )
        clocks.put(row, "break" if due.name == DUE else "alert")
        entry = AlertFired(
            key=row.key, step=due.name, due_at=row.due_at, commitments=clocks.changes()
        )
        record.write(entry)
        case = record.save()
    return Alert(case, row.key, row.kind, due.name, due.to, row.due_at, row.broken_at is not None)


def _lifted(row: CommitmentState, excuse: Excuse) -> bool:
    definition = promises_of(row.policy_version_id).definition(row)
    if definition is None:
        return excuse is Excuse.JUSTIFIED_EXCEPTION
    return excuse in definition.excused_by


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
