"""A grown register kept for the next run: growing a million cases takes most of the time.

``BENCH_KEEP`` names a folder for the cluster. What came through the door is measured anew in every
run, in an empty database; only the large register is put aside meanwhile and brought back.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from ventanilla.host.postgres import DATABASE, EmbeddedPostgres

ASIDE = f"{DATABASE}_grown"


@dataclass(frozen=True)
class Shelf:
    """Where the large register waits; without ``BENCH_KEEP`` nothing is ever kept."""

    server: EmbeddedPostgres
    marker: Path
    cases: int
    copies: int

    def clear(self) -> None:
        """Put the grown register aside and leave an empty database in its place."""
        self._check_size()
        if self.is_grown() and not self._is_aside():
            self._psql(f'ALTER DATABASE "{DATABASE}" RENAME TO "{ASIDE}"')
        self._psql(f'DROP DATABASE IF EXISTS "{DATABASE}"')
        if not self.server.is_ready():  # makes the database and what it needs
            raise SystemExit("The database does not answer.")

    def is_grown(self) -> bool:
        """Whether an earlier run grew the register to its end."""
        return self.marker.exists()

    def bring_back(self) -> None:
        """The grown register instead of the small one; nobody may be connected to either."""
        self._psql(f'DROP DATABASE "{DATABASE}"')
        self._psql(f'ALTER DATABASE "{ASIDE}" RENAME TO "{DATABASE}"')

    def note_grown(self) -> None:
        """From now on the next run may use it."""
        self.marker.write_text(json.dumps(self._size), encoding="ascii")

    def _check_size(self) -> None:
        if self.is_grown():
            kept = json.loads(self.marker.read_text(encoding="ascii"))
            if kept != self._size:
                raise SystemExit(f"{self.marker.parent} holds {kept}, not {self._size}.")

    @property
    def _size(self) -> dict[str, int]:
        return {"cases": self.cases, "copies": self.copies}

    def _is_aside(self) -> bool:
        return ASIDE in self._psql("SELECT datname FROM pg_database").split()

    def _psql(self, statement: str) -> str:
        done = self.server.psql(statement)
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout


def kept_folder() -> Path | None:
    """The folder that ``BENCH_KEEP`` names, made if need be."""
    name = os.environ.get("BENCH_KEEP", "")
    if not name:
        return None
    folder = Path(name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # the database may run under an account of its own
    return folder
