"""What another category or another policy version does to the promises of a case."""

from __future__ import annotations

from datetime import datetime

from ventanilla.policy.schema.promise import Commitment as Definition
from ventanilla.policy.schema.promise import StartEvent
from ventanilla.register.rules.clocks import Clocks, placed
from ventanilla.register.rules.promising import COMMITTED_DATE, Promises, base_of
from ventanilla.register.rules.state import CommitmentState, replace

ABSORBED = "absorbed_from"
"""Mark in the target of a promise that came with a merged case: it keeps its own terms."""


def recompute(clocks: Clocks, *, category: str, promises: Promises, at: datetime) -> None:
    """Put the open promises on the targets of a category, from their original start.

    Pauses are kept: they are rebuilt from the waits of the case, because the new target may stand
    still in other statuses. What is met or broken stays as it is. A promise that the category does
    not make is cancelled; one that it makes besides starts when the request was received.
    """
    clocks.lapse(at)
    for row in list(clocks.rows.values()):
        if row.is_open and row.broken_at is None and _follows_category(row):
            _replace(clocks, row, category=category, promises=promises, at=at)
    kinds = {row.kind for row in clocks.rows.values() if row.cancelled_for != "category"}
    for definition in promises.starting_on(category, StartEvent.RECEIVED):
        if definition.kind.value not in kinds:
            key = clocks.next_key(definition.key, numbered=False)
            _make(
                clocks,
                definition,
                key=key,
                category=category,
                promises=promises,
                start=clocks.state.received_at,
            )
    clocks.lapse(at)


def _follows_category(row: CommitmentState) -> bool:
    return row.kind != COMMITTED_DATE and ABSORBED not in row.target


def _replace(
    clocks: Clocks, row: CommitmentState, *, category: str, promises: Promises, at: datetime
) -> None:
    definition = _counterpart(row, category, promises)
    if definition is None:
        clocks.cancel(at, "category", only=lambda each: each.key == row.key)
        return
    key = row.key
    if definition.key != base_of(row.key):
        clocks.cancel(at, "category", only=lambda each: each.key == row.key)
        key = clocks.next_key(definition.key, numbered=":" in row.key)
    _make(clocks, definition, key=key, category=category, promises=promises, start=row.started_at)


def _counterpart(row: CommitmentState, category: str, promises: Promises) -> Definition | None:
    """The promise of the category with the same key, else of the same kind."""
    notice = promises.pack.complexity.progress_notice
    candidates = (*promises.pack.category(category).commitments, notice)
    same_key = [each for each in candidates if each.key == base_of(row.key)]
    same_kind = [each for each in candidates if each.kind.value == row.kind]
    return next(iter(same_key + same_kind), None)


def _make(
    clocks: Clocks,
    definition: Definition,
    *,
    key: str,
    category: str,
    promises: Promises,
    start: datetime,
) -> None:
    made = promises.made(definition, key=key, category=category, at=start)
    before = clocks.rows.get(key)
    if before is not None:
        made = replace(made, alerts=before.alerts, excused_digest=before.excused_digest)
    made = placed(made, clocks.state.waits)
    clocks.put(replace(made, due_at=promises.due(made)), "move" if before else "open")
