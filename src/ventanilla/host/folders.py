"""The data folder: where everything that must survive a restart lies."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ventanilla.host.errors import HostError

# A socket address holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_LIMIT_BYTES = 103
SOCKET_NAME = ".s.PGSQL.5432"
SECRET_KEY_BYTES = 48


class DataFolderNotWritable(HostError):
    """No se puede escribir en la carpeta de datos {folder}: {reason}.
    Dé permiso de escritura a esta cuenta o indique otra carpeta en VENTANILLA_DATA."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names of the things inside one data folder. ``root`` is absolute."""

    root: Path

    @classmethod
    def at(cls, path: Path | str) -> "DataFolder":
        """The data folder at ``path``, which need not exist yet."""
        return cls(Path(path).expanduser().absolute())

    @property
    def pg(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "pg"

    @property
    def evidence(self) -> Path:
        """Content-addressed evidence files."""
        return self.root / "evidence"

    @property
    def log(self) -> Path:
        """Logs of the children."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Things that mean something only while the processes run."""
        return self.root / "run"

    @property
    def lock_file(self) -> Path:
        """Held by the one supervisor of this folder; contains its process id."""
        return self.run / "ventanilla.lock"

    @property
    def secret_key_file(self) -> Path:
        """Key of every signature of this installation."""
        return self.root / "secret.key"

    @property
    def sockets(self) -> Path:
        """Folder of the database socket: inside ``run/`` unless that path is too long for a socket.

        The other place is fixed rather than taken from TMPDIR: two shells with different
        environments must find the same database.
        """
        inside = self.run / "pg"
        if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp") / f"ventanilla-{digest}"  # noqa: S108 - short on purpose, see above

    def foundation(self) -> Path:
        """The folder itself, or the nearest one above it that there is; nothing is made.

        Raises DataFolderNotWritable when nothing could be written there.
        """
        place = self.root
        try:
            while not place.exists():
                place = place.parent
            _write_into(place)
        except OSError as error:
            raise DataFolderNotWritable(folder=self.root, reason=error.strerror) from error
        return place

    def create(self) -> None:
        """Make the folder and its rooms; what exists stays as it is.

        The root may be traversed by others because the database may run under an account of
        its own; every room inside is closed.
        """
        try:
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.run.mkdir(mode=0o711, exist_ok=True)
            for room in (self.evidence, self.log):
                room.mkdir(mode=0o700, exist_ok=True)
            _write_into(self.root)
        except OSError as error:
            raise DataFolderNotWritable(folder=self.root, reason=error.strerror) from error

    def secret_key(self) -> str:
        """The installation's secret, made once and readable by its owner only.

        Several processes may ask first at the same moment: the file is written aside and
        linked into place, so all of them read the same key.
        """
        if not self.secret_key_file.exists():
            self._write_secret_key()
        return self.secret_key_file.read_text(encoding="ascii").strip()

    def _write_secret_key(self) -> None:
        self.create()
        with tempfile.NamedTemporaryFile(
            "w", dir=self.root, prefix="secret.", encoding="ascii"
        ) as f:
            f.write(secrets.token_urlsafe(SECRET_KEY_BYTES) + "\n")
            f.flush()
            os.fsync(f.fileno())
            try:
                os.link(f.name, self.secret_key_file)
            except FileExistsError:
                return


def _write_into(folder: Path) -> None:
    """Write something that leaves no trace. Raises OSError."""
    with tempfile.TemporaryFile(dir=folder):
        pass
