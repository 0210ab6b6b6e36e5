"""The one mechanism by which promises change: a list of changes, folded over the state.

A change carries results, never instructions: due moments are already computed. So replaying a
ledger needs no calendar, and a calendar corrected later does not rewrite what was promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ventanilla.register.rules.state import (
    COMMITMENT_FIELDS,
    CaseState,
    CommitmentState,
    Fired,
    Pause,
    replace,
)

Deed = Literal[
    "open", "meet", "pause", "resume", "move", "cancel", "break", "excuse", "alert", "restore"
]


class Change(BaseModel):
    """What happened to one promise: the deed in a word, and every field that is different now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    did: Deed
    key: str
    kind: str = ""
    clause: str = ""
    policy_version_id: int = 0
    target: dict[str, Any] = {}
    started_at: datetime | None = None
    due_at: datetime | None = None
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
    def values(self) -> dict[str, Any]:
        """The fields this change sets, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "did"}


def fold(state: CaseState, changes: Iterable[Change]) -> CaseState:
    """The state after the changes."""
    after: dict[str, CommitmentState] | None = None
    for change in changes:
        after = dict(state.commitments) if after is None else after
        values = change.values
        known = after.get(change.key)
        after[change.key] = (
            replace(known, **values) if known is not None else CommitmentState(**values)
        )
    return state if after is None else replace(state, commitments=after)


def changes_between(
    before: Mapping[str, CommitmentState],
    after: Mapping[str, CommitmentState],
    *,
    deeds: Mapping[str, Deed],
) -> tuple[Change, ...]:
    """The changes that lead from one set of promises to another; ``deeds`` names each by key."""
    found = []
    for key, now in after.items():
        was = before.get(key)
        if was is None:
            found.append(Change(did="open", **asdict_shallow(now)))
        elif was != now:
            values = {
                name: getattr(now, name)
                for name in COMMITMENT_FIELDS
                if getattr(now, name) != getattr(was, name)
            }
            found.append(Change(did=deeds[key], key=key, **values))
    return tuple(found)


def asdict_shallow(commitment: CommitmentState) -> dict[str, Any]:
    """The fields by name, those at their default left out: a new promise has no history."""
    return {
        each.name: getattr(commitment, each.name)
        for each in fields(commitment)
        if getattr(commitment, each.name) != each.default
    }
