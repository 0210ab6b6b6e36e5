"""Between rows and states: the case row and its promises are what the ledger replays to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ventanilla.register.models import Case, Commitment
from ventanilla.register.rules.chain import moment_text
from ventanilla.register.rules.state import (
    CASE_FIELDS,
    COMMITMENT_FIELDS,
    CaseState,
    CommitmentState,
    Fired,
    Pause,
    Wait,
)


def state_of(case: Case, commitments: Iterable[Commitment]) -> CaseState:
    """The state that a case row and its promises say."""
    values = {name: getattr(case, name) for name in CASE_FIELDS}
    values["waits"] = read_waits(case.waits)
    values["linked_ids"] = tuple(case.linked_ids)
    rows = {row.key: commitment_state(row) for row in commitments}
    return CaseState(**values, commitments=rows)


def commitment_state(row: Commitment) -> CommitmentState:
    """The state that a promise's row says."""
    values = {name: getattr(row, name) for name in COMMITMENT_FIELDS}
    values["pauses"] = read_pauses(row.pauses)
    values["alerts"] = read_alerts(row.alerts)
    return CommitmentState(**values)


def case_columns(before: CaseState | None, after: CaseState) -> dict[str, Any]:
    """The columns of the case row that are different now, with their values."""
    changed = {
        name: getattr(after, name)
        for name in CASE_FIELDS
        if before is None or getattr(before, name) != getattr(after, name)
    }
    if "waits" in changed:
        changed["waits"] = [
            [wait.status, moment_text(wait.since), wait.until and moment_text(wait.until)]
            for wait in after.waits
        ]
    if "linked_ids" in changed:
        changed["linked_ids"] = list(after.linked_ids)
    return changed


def read_waits(stored: Iterable[Any]) -> tuple[Wait, ...]:
    """Waits from the JSON of a case row."""
    return tuple(
        Wait(status, _moment(since), _moment(until) if until else None)
        for status, since, until in stored
    )


def read_pauses(stored: Iterable[Any]) -> tuple[Pause, ...]:
    """Pauses from the JSON of a promise's row."""
    return tuple(Pause(status, _moment(since), _moment(until)) for status, since, until in stored)


def read_alerts(stored: Iterable[Any]) -> tuple[Fired, ...]:
    """Fired alerts from the JSON of a promise's row."""
    return tuple(Fired(step, _moment(at)) for step, at in stored)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
