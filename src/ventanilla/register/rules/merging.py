"""What merging, undoing it and splitting do to promises. Pure; argued in docs/commitments.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ventanilla.register.rules.changes import Change, asdict_shallow
from ventanilla.register.rules.clocks import NEXT_RESPONSE, Clocks, met, paused, placed
from ventanilla.register.rules.conversing import Said
from ventanilla.register.rules.promising import base_of
from ventanilla.register.rules.recomputing import ABSORBED
from ventanilla.register.rules.state import CaseState, CommitmentState, replace

MERGED = "merged"


def let_go(clocks: Clocks, at: datetime) -> tuple[str, ...]:
    """Cancel what a case still owes when it goes on in another; the keys that were cancelled."""
    keys = tuple(row.key for row in clocks.rows.values() if row.is_open)
    clocks.cancel(at, MERGED)
    return keys


def absorb(
    clocks: Clocks, coming: Iterable[CommitmentState], *, source_id: int, at: datetime
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Take over what a merged case owed: nothing falls due later than it was promised.

    A promise of the same kind takes the earlier of the two due moments, with its start and target;
    one that this case does not owe is taken over as it is, with its exception if it has one. What was
    broken already stays with the other case; what was excused there excuses and hastens nothing that
    is owed here, and what is owed there is owed here too. Gives back the promises as they were, and
    the keys taken over.
    """
    clocks.lapse(at)
    before: list[Change] = []
    adopted: list[str] = []
    for row in coming:
        if not row.is_open or row.broken_at is not None or row.due_at < at:
            continue
        own = next((r for r in clocks.rows.values() if r.is_open and r.kind == row.kind), None)
        key = own.key if own else clocks.next_key(base_of(row.key), numbered=":" in row.key)
        taken = _as_guest(row, key, source_id)
        if own is None:
            adopted.append(key)
            clocks.put(paused(taken, clocks.waiting_in, at), "open")
        elif _presses_sooner(row, own):
            before.append(Change(did="restore", **asdict_shallow(own)))
            clocks.put(paused(taken, clocks.waiting_in, at), "move")
    return tuple(before), tuple(adopted)


def give_back(
    clocks: Clocks, before: Iterable[Change], adopted: Iterable[str], *, at: datetime
) -> None:
    """Undo ``absorb``: own promises return to their own terms, guests leave."""
    clocks.lapse(at)
    for change in before:
        row = clocks.rows[change.key]
        if row.is_open and row.broken_at is None and ABSORBED in row.target:
            own = replace(CommitmentState(**change.values), alerts=row.alerts)
            own = placed(own, clocks.state.waits)
            due_at = clocks.book(own.policy_version_id).due(own)
            clocks.put(replace(own, due_at=due_at), "restore")
    guests = set(adopted)
    clocks.cancel(at, "unmerged", only=lambda row: row.key in guests)
    clocks.lapse(at)


def take_back(
    clocks: Clocks, keys: Iterable[str], *, other: CaseState, merged_at: datetime, at: datetime
) -> None:
    """Owe again what was cancelled by merging, as if the clock had run on meanwhile.

    An answer given in the joint conversation answered this case too: what the other case met
    since the merging is met here at that moment.
    """
    for key in keys:
        row = clocks.rows[key]
        if row.cancelled_for != MERGED:
            continue
        row = replace(row, cancelled_at=None, cancelled_for="")
        wait = clocks.state.waiting_since
        if wait is not None and wait.status in row.target["paused_in"]:
            since = max(wait.since, row.started_at)
            row = replace(row, paused_since=since, paused_for=wait.status)
        moments = [
            each.met_at
            for each in other.commitments.values()
            if each.kind == row.kind and each.met_at is not None and each.met_at >= merged_at
        ]
        clocks.put(met(row, min(moments)) if moments else row, "restore")
    clocks.lapse(at)


def leave_behind(
    clocks: Clocks, gone: Sequence[Said], staying: Sequence[Said], *, at: datetime
) -> None:
    """After a split: an answer owed to a message that left is owed to the next one, or to none."""
    row = next((r for r in clocks.rows.values() if r.is_open and r.kind == NEXT_RESPONSE), None)
    if row is None or all(said.at != row.started_at for said in gone):
        return
    left = [
        said.at
        for said in staying
        if said.direction == "in" and said.says_something and said.at >= row.started_at
    ]
    if not left:
        clocks.cancel(at, "split", only=lambda each: each.key == row.key)
        return
    moved = placed(replace(row, started_at=min(left)), clocks.state.waits)
    due_at = clocks.book(row.policy_version_id).due(moved)
    clocks.put(replace(moved, due_at=due_at), "move")


def _as_guest(row: CommitmentState, key: str, source_id: int) -> CommitmentState:
    return replace(row, key=key, target={**row.target, ABSORBED: source_id})


def _presses_sooner(row: CommitmentState, own: CommitmentState) -> bool:
    if not row.presses or own.broken_at is not None:
        return False
    return not own.presses or row.due_at < own.due_at
