"""A whole installation under its own supervisor, and hands to kill its parts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from ventanilla.host.folders import DataFolder
from ventanilla.host.processes import die_with_parent

READY_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 60.0


def free_port() -> int:
    """A TCP port that nobody on loopback uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Installation:
    """``ventanilla up`` on a folder of its own, mail listener and relay on loopback."""

    folder: Path
    relay_port: int
    smtp_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    supervisor: subprocess.Popen[bytes] | None = None
    ready_within_s: float = READY_TIMEOUT_S

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this installation, over those of the caller."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VENTANILLA_", "DATABASE_URL", "DJANGO_"))
        }
        return clean | {
            "VENTANILLA_DATA": str(self.folder),
            "VENTANILLA_PORT": str(self.web_port),
            "VENTANILLA_PUBLIC_URL": f"http://127.0.0.1:{self.web_port}",
            "VENTANILLA_SMTP_PORT": str(self.smtp_port),
            "VENTANILLA_RELAY_URL": f"smtp://127.0.0.1:{self.relay_port}",
            "VENTANILLA_EVIDENCE_MIN_FREE_BYTES": "0",
        }

    def command(self, *words: str) -> list[str]:
        """A command of the product, run by this very interpreter."""
        return [sys.executable, "-m", "ventanilla.cli.main", *words]

    def opening(self) -> list[str]:
        """The command that raises the whole house."""
        return self.command("up")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the product to its end."""
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def start(self) -> None:
        """Start the supervisor and wait until the mail listener answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = (self.folder / "up.log").open("wb")
        self.supervisor = subprocess.Popen(
            self.opening(),
            env=self.environment,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        deadline = time.monotonic() + self.ready_within_s
        while not self._listens():
            if self.supervisor.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "up.log").read_text(errors="replace")[-4000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask the supervisor to stop; it must, by itself and in time."""
        if self.supervisor is not None:
            self.supervisor.send_signal(signal.SIGTERM)
            self.supervisor.wait(STOP_TIMEOUT_S)

    def processes(self) -> dict[str, list[psutil.Process]]:
        """The living parts by name: database (the postmaster), worker, gateways, web."""
        assert self.supervisor is not None
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.Process(self.supervisor.pid).children(recursive=True):
            part = _part_of(process)
            if part:
                found.setdefault(part, []).append(process)
        return found

    def kill(self, part: str) -> bool:
        """SIGKILL one part; False when it is not there at this moment."""
        for process in self.processes().get(part, []):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
            return True
        return False

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the database of this installation."""
        sockets = DataFolder.at(self.folder).sockets
        target = f"host={sockets} dbname=ventanilla user=ventanilla connect_timeout=5"
        with psycopg.connect(target) as connection:
            return connection.execute(query.encode()).fetchall()

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.smtp_port), timeout=1) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False


def _part_of(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
        parent = process.parent()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""
    if "-D" in words and words[0].endswith("postgres"):
        return "database"
    if "serve" in words and parent is not None:
        return words[words.index("serve") + 1]
    return ""
