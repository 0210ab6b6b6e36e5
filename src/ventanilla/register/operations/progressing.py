"""A case goes from status to status."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.policy.schema.promise import MeetEvent, StartEvent
from ventanilla.register.entries.progress import (
    CaseClosed,
    CaseReopened,
    CaseResolved,
    CaseWithdrawn,
    WaitBegan,
    WaitEnded,
    WorkStarted,
)
from ventanilla.register.models import Case
from ventanilla.register.operations.assessing import ReasonMissing
from ventanilla.register.recording import Record, StatusNotAllowed, reason_digest
from ventanilla.register.rules.clocks import RESOLUTION, Clocks
from ventanilla.register.rules.promising import COMMITTED_DATE, base_of
from ventanilla.register.rules.state import CaseState
from ventanilla.register.rules.statuses import ENDED, WAITING, Status

PROGRESS_NOTICE = "progress_notice"


class OutsideReopeningWindow(Refusal):
    """El caso {folio} solo se podía reabrir hasta el {until}. Registre un caso nuevo enlazado
    con este."""


class SummaryMissing(Refusal):
    """Falta el resumen de la solución: escriba qué se resolvió, para que quede en el registro."""


def start_work(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Begin to work on an assessed case. Raises StatusNotAllowed, CaseMoved, CaseIsMerged."""
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if record.state.status != Status.ASSESSED:
            _refuse_start(record)
        record.write(WorkStarted())
        return record.save()


def wait(
    *, case: Case, status: str | Status, reason: str = "", acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Wait for the customer, an area or an authorization; the clocks that say so stand still.

    Raises StatusNotAllowed, CaseMoved, CaseIsMerged.
    """
    wanted = Status(status)
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if wanted not in WAITING:
            _refuse_start(record, wanted)
        record.require_move(wanted)
        clocks = record.clocks()
        clocks.resume(as_of)
        clocks.pause(wanted.value, as_of)
        entry = WaitBegan(
            status=wanted, reason_digest=reason_digest(reason), commitments=clocks.changes()
        )
        record.write(entry, remark=reason)
        return record.save()


def resume(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """End the wait; the clocks run again. Raises StatusNotAllowed, CaseMoved, CaseIsMerged."""
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if Status(record.state.status) not in WAITING:
            _refuse_start(record)
        clocks = record.clocks()
        clocks.resume(as_of)
        record.write(WaitEnded(commitments=clocks.changes()))
        return record.save()


def resolve(
    *, case: Case, summary: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Give the solution: meets the promise of resolution and any committed date.

    Progress notices are no longer owed. Raises SummaryMissing, StatusNotAllowed, CaseMoved,
    CaseIsMerged.
    """
    if not summary.strip():
        raise SummaryMissing
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        record.require_move(Status.RESOLVED)
        clocks = record.clocks()
        clocks.meet(MeetEvent.RESOLVED, as_of)
        clocks.resume(as_of)
        clocks.cancel(as_of, "resolved", only=lambda row: row.kind == PROGRESS_NOTICE)
        entry = CaseResolved(reason_digest=reason_digest(summary), commitments=clocks.changes())
        record.write(entry, remark=summary)
        return record.save()


def close(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Close a resolved case. What is still owed is broken if its moment passed, else cancelled.

    Raises StatusNotAllowed, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        record.require_move(Status.CLOSED)
        clocks = record.clocks()
        clocks.cancel(as_of, "closed")
        record.write(CaseClosed(commitments=clocks.changes()))
        return record.save()


def withdraw(
    *, case: Case, reason: str, acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """End a case that fell away. Open promises are cancelled; broken ones stay broken.

    Raises ReasonMissing, StatusNotAllowed, CaseMoved, CaseIsMerged.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        record.require_move(Status.WITHDRAWN)
        clocks = record.clocks()
        clocks.cancel(as_of, "withdrawn")
        entry = CaseWithdrawn(reason_digest=reason_digest(reason), commitments=clocks.changes())
        record.write(entry, remark=reason)
        return record.save()


def reopen(
    *, case: Case, reason: str = "", acting_user: Actor, as_of: datetime,
    expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Work on an ended case again, within the window of its category.

    Every promise of the opening that no event met starts anew, and so does the resolution: see
    docs/commitments.md. Raises OutsideReopeningWindow, StatusNotAllowed, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        record = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        if Status(record.state.status) not in ENDED | {Status.RESOLVED}:
            _refuse_start(record)
        until = _reopening_ends(record.state, record)
        if as_of > until:
            raise OutsideReopeningWindow(
                folio=record.state.folio, until=record.promises.pack.format_moment(until)
            )
        clocks = record.clocks()
        _start_anew(clocks, as_of)
        entry = CaseReopened(reason_digest=reason_digest(reason), commitments=clocks.changes())
        record.write(entry, remark=reason)
        return record.save()


def _reopening_ends(state: CaseState, record: Record) -> datetime:
    """Until when the case can be reopened: the window runs from its solution, else its end."""
    ended = state.resolved_at or state.closed_at or state.last_activity_at
    return record.promises.window_ends(state.category, ended)


def _start_anew(clocks: Clocks, at: datetime) -> None:
    answered = {
        base_of(row.key)
        for row in clocks.rows.values()
        if row.kind not in (RESOLUTION, COMMITTED_DATE) and (row.met_at is not None or row.is_open)
    }
    clocks.open(StartEvent.RECEIVED, at, only=lambda key: key not in answered)
    if clocks.state.complex_since is not None:
        clocks.open(StartEvent.MARKED_COMPLEX, at)


def _refuse_start(record: Record, wanted: Status = Status.IN_PROGRESS) -> None:
    label = record.promises.pack.statuses.label
    raise StatusNotAllowed(
        folio=record.state.folio, status=label(record.state.status), wanted=label(wanted)
    )
