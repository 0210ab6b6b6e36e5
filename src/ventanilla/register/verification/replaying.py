"""Replaying one case from its entries, and holding it against its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from ventanilla.register.entries.base import UnknownKind, read_entry
from ventanilla.register.entries.registration import CaseRegistered
from ventanilla.register.rules.chain import Stamp, digest, digest_of_text, genesis
from ventanilla.register.rules.state import (
    CASE_FIELDS,
    COMMITMENT_FIELDS,
    CaseState,
    CommitmentState,
)
from ventanilla.register.verification.findings import Fault, Finding


class StoredEntry(NamedTuple):
    """A ledger row as it is read for verification."""

    id: int
    seq: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    channel: str
    payload: dict[str, Any]
    previous: bytes
    digest: bytes


class Replay:
    """One chain, entry by entry: what it says the case is, and every fault on the way."""

    def __init__(self, folio: str) -> None:
        self.folio = folio
        self.state: CaseState | None = None
        self.opening: CaseRegistered | None = None
        self.head = genesis(folio)
        self.seq = 0
        self.faults: list[Finding] = []

    def take(self, entry: StoredEntry) -> None:
        """Check the next entry and apply it."""
        if entry.seq != self.seq + 1:
            self._fault(Fault.GAP, self.seq + 1)
        elif entry.previous != self.head:
            self._fault(Fault.UNLINKED, entry.seq)
        stamp = Stamp(entry.seq, entry.at, entry.actor_kind, entry.actor_id, entry.channel)
        if digest(entry.previous, entry.kind, stamp, entry.payload) != entry.digest:
            self._fault(Fault.ALTERED, entry.seq)
        self.seq, self.head = entry.seq, entry.digest
        try:
            self._apply(entry, stamp)
        except (UnknownKind, ValidationError, KeyError, TypeError) as unreadable:
            self._fault(Fault.UNREADABLE, entry.seq, type(unreadable).__name__)

    def _apply(self, entry: StoredEntry, stamp: Stamp) -> None:
        read = read_entry(entry.kind, entry.payload)
        if isinstance(read, CaseRegistered):
            self.opening, self.state = read, read.opening(stamp)
        elif self.state is not None:
            self.state = read.apply(self.state, stamp)

    def _fault(self, fault: Fault, seq: int, detail: str = "") -> None:
        self.faults.append(Finding(fault, self.folio, seq, detail))


def compare(
    replay: Replay, row: CaseState, *, seq: int, head: bytes, words: Mapping[str, str]
) -> Iterator[Finding]:
    """Where the rows of a case differ from what its entries say.

    ``words`` are texts that stand outside the chain, by the field that holds their digest; an
    erased text is empty and passes.
    """
    state = replay.state
    if state is None:
        yield Finding(Fault.NO_BEGINNING, replay.folio)
        return
    if (replay.seq, replay.head) != (seq, head):
        yield Finding(Fault.HEAD, replay.folio, replay.seq)
    different = [name for name in CASE_FIELDS if getattr(row, name) != getattr(state, name)]
    if different:
        yield Finding(Fault.PROJECTION, replay.folio, detail=", ".join(different))
    if row.commitments != state.commitments:
        yield from _promises(replay.folio, row.commitments, state.commitments)
    for name, text in words.items():
        if text and digest_of_text(text) != getattr(state, name):
            yield Finding(Fault.WORDS, replay.folio, detail=name.removesuffix("_digest"))


def _promises(
    folio: str, rows: Mapping[str, CommitmentState], replayed: Mapping[str, CommitmentState]
) -> Iterator[Finding]:
    for key in sorted(rows.keys() | replayed.keys()):
        row, state = rows.get(key), replayed.get(key)
        if row is None or state is None:
            yield Finding(
                Fault.PROMISE, folio, detail=f"{key} {'falta' if row is None else 'sobra'}"
            )
        elif row != state:
            yield Finding(Fault.PROMISE, folio, detail=f"{key}: {_differences(row, state)}")


def _differences(row: CommitmentState, state: CommitmentState) -> str:
    names: Iterable[str] = COMMITMENT_FIELDS
    return ", ".join(name for name in names if getattr(row, name) != getattr(state, name))
