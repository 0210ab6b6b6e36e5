"""What a case is at one moment: plain frozen values, the same whether read from rows or replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from ventanilla.register.rules.statuses import WAITING, Status


class Pause(NamedTuple):
    """A stretch [since, until) in which a clock stood still because of a status."""

    status: str
    since: datetime
    until: datetime


class Wait(NamedTuple):
    """A stretch in which the case waited for somebody; ``until`` is None while it still does."""

    status: str
    since: datetime
    until: datetime | None


class Fired(NamedTuple):
    """An alert that went off: which step, and at which moment it was recorded."""

    step: str
    at: datetime


@dataclass(frozen=True)
class CommitmentState:
    """One promise on a case. Columns of the same names say what each field means."""

    key: str
    kind: str
    clause: str
    policy_version_id: int
    target: Mapping[str, Any]
    started_at: datetime
    due_at: datetime
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    paused_for: str = ""
    met_at: datetime | None = None
    broken_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_for: str = ""
    excused_digest: str = ""
    alerts: tuple[Fired, ...] = ()
    next_alert: str = ""
    next_alert_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its event; an overdue one does."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def is_running(self) -> bool:
        """Whether its clock runs now."""
        return self.is_open and self.paused_since is None

    @property
    def presses(self) -> bool:
        """Whether somebody has to see to it: it runs and no exception was justified."""
        return self.is_running and not self.excused_digest


COMMITMENT_FIELDS = tuple(each.name for each in fields(CommitmentState))


@dataclass(frozen=True)
class CaseState:
    """One case. Personal words are here only as SHA-256 digests, as in the ledger."""

    folio: str
    person_id: int
    policy_version_id: int
    subject_digest: str
    channel: str
    desk: str
    category: str
    priority: str
    status: str
    received_at: datetime
    opened_at: datetime
    last_activity_at: datetime
    secret_generation: int = 1
    assignee_id: int | None = None
    emergency: bool = False
    complex_since: datetime | None = None
    complex_digest: str = ""
    committed_at: datetime | None = None
    assessed_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_count: int = 0
    merged_into_id: int | None = None
    split_from_id: int | None = None
    follows_id: int | None = None
    linked_ids: tuple[int, ...] = ()
    next_due_at: datetime | None = None
    waits: tuple[Wait, ...] = ()
    commitments: Mapping[str, CommitmentState] = field(default_factory=dict)

    @property
    def open_commitments(self) -> list[CommitmentState]:
        """The promises that still wait for their event, in the order they were made."""
        return [each for each in self.commitments.values() if each.is_open]

    @property
    def waiting_since(self) -> Wait | None:
        """The wait that goes on now, if any."""
        return self.waits[-1] if self.waits and self.waits[-1].until is None else None


CASE_FIELDS = tuple(each.name for each in fields(CaseState) if each.name != "commitments")
"""The fields that are columns of the case row under the same name."""


State = TypeVar("State", CaseState, CommitmentState)


def replace(state: State, /, **changes: Any) -> State:
    """The same state with some fields different: ``dataclasses.replace``, ten times as fast.

    Replaying a ledger does little else. Neither class computes or checks anything when it is made.
    Raises TypeError for a field that does not exist.
    """
    if not changes.keys() <= state.__dict__.keys():
        raise TypeError(f"unknown fields: {changes.keys() - state.__dict__.keys()}")
    after = object.__new__(type(state))
    after.__dict__.update(state.__dict__)
    after.__dict__.update(changes)
    return after


def settled(state: CaseState, at: datetime) -> CaseState:
    """The state with its two derived moments brought up to date after an event at ``at``."""
    return replace(
        state,
        next_due_at=next_due(state.commitments.values()),
        last_activity_at=max(state.last_activity_at, at),
    )


def next_due(commitments: Iterable[CommitmentState]) -> datetime | None:
    """The earliest due moment among promises that press; overdue ones come first."""
    return min((each.due_at for each in commitments if each.presses), default=None)


def with_status(state: CaseState, status: Status, at: datetime) -> CaseState:
    """The state at another status; waits open and close with it.

    An event that is recorded late never ends a wait before it began.
    """
    waits = state.waits
    going_on = state.waiting_since
    if going_on is not None:
        waits = (*waits[:-1], going_on._replace(until=max(at, going_on.since)))
    if status in WAITING:
        waits = (*waits, Wait(status.value, at, None))
    return replace(state, status=status.value, waits=waits)
