"""Checkpoints: a Merkle root over all chains, exported, so that nothing can be dropped unseen.

A chain shows that an entry inside it was changed, but not that its end was cut off or that a whole
case vanished. A root kept outside does. It covers every entry up to an id, taken while no entry was
being written, so the same root can be computed again from the record of any later day.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max

from ventanilla.core.refusals import Refusal
from ventanilla.register.models import Checkpoint, LedgerEntry
from ventanilla.register.rules.merkle import MerkleRoot, leaf_of_case

FORMAT = "ventanilla checkpoint 1"
HEADS = """
    SELECT DISTINCT ON (case_id) case_id, seq, digest
      FROM register_ledgerentry WHERE id <= %s
     ORDER BY case_id, seq DESC
"""


class CheckpointUnreadable(Refusal):
    """El archivo {name} no es un punto de control de Ventanilla. Use uno hecho con
    «ventanilla checkpoint --output ARCHIVO»."""


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """A checkpoint as it is exported."""

    taken_at: str
    last_entry_id: int
    cases: int
    entries: int
    root: str
    format: str = FORMAT

    def to_json(self) -> str:
        """The text to keep outside."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> CheckpointFile:
        """The exported form of a row."""
        return cls(
            taken_at=checkpoint.taken_at.isoformat(),
            last_entry_id=checkpoint.last_entry_id,
            cases=checkpoint.cases,
            entries=checkpoint.entries,
            root=bytes(checkpoint.root).hex(),
        )

    @classmethod
    def read(cls, path: Path) -> CheckpointFile:
        """The checkpoint in a file. Raises CheckpointUnreadable, OSError."""
        try:
            found = cls(**json.loads(path.read_text("utf-8")))
            if found.format == FORMAT and len(bytes.fromhex(found.root)) == 32:
                return found
        except (ValueError, TypeError):
            pass
        raise CheckpointUnreadable(name=path.name)


@dataclass(slots=True)
class Cut:
    """A root being computed over all entries up to an id, while cases stream by in their order."""

    last_entry_id: int
    tree: MerkleRoot
    entries: int = 0

    @classmethod
    def at(cls, last_entry_id: int) -> Cut:
        """An empty one."""
        return cls(last_entry_id, MerkleRoot())

    def take(self, case_id: int, entries: list[tuple[int, int, bytes]]) -> None:
        """The next case with its entries as (id, sequence number, digest), in order."""
        covered = [each for each in entries if each[0] <= self.last_entry_id]
        self.entries += len(covered)
        if covered:
            _, seq, head = covered[-1]
            self.tree.add(leaf_of_case(case_id, seq, head))

    def agrees_with(self, checkpoint: CheckpointFile) -> bool:
        """Whether the record of today still contains the record of then."""
        return (self.tree.size, self.entries, self.tree.root.hex()) == (
            checkpoint.cases, checkpoint.entries, checkpoint.root,
        )  # fmt: skip


def take_checkpoint(as_of: datetime) -> Checkpoint:
    """Compute and keep a root over everything recorded by now."""
    last_entry_id = _settled_entry_id()
    cut = Cut.at(last_entry_id)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM register_ledgerentry WHERE id <= %s", [last_entry_id]
            )
            entries = int(cursor.fetchone()[0])
        for case_id, seq, head in _heads(last_entry_id):
            cut.tree.add(leaf_of_case(case_id, seq, bytes(head)))
        return Checkpoint.objects.create(
            taken_at=as_of, last_entry_id=last_entry_id, cases=cut.tree.size, entries=entries,
            root=cut.tree.root,
        )  # fmt: skip


def _settled_entry_id() -> int:
    """The last id of which it is certain that no smaller one is still being written.

    The lock waits for transactions that write entries and lets go at once: ids are drawn after it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE register_ledgerentry IN SHARE MODE")
        return LedgerEntry.objects.aggregate(last=Max("id"))["last"] or 0


def _heads(last_entry_id: int) -> list[tuple[int, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [last_entry_id])
        return list(cursor.fetchall())
