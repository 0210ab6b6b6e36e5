"""``ventanilla up`` for real: start, serve, crash, stop; nothing left behind."""

import contextlib
import http.client
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import EmbeddedPostgres

pytestmark = pytest.mark.timeout(240)

COMMAND = [sys.executable, "-m", "ventanilla.cli.main"]
READY = "Ventanilla está lista"
MEMORY_AIM_BYTES = 350 * 1024 * 1024


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """One installation in a folder of its own, and the commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder.at(folder / "data")
        self.log = folder / "up.log"
        self.web_port, self.smtp_port = free_port(), free_port()
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
            "VENTANILLA_DATA": str(self.folder.root),
            "VENTANILLA_PORT": str(self.web_port),
            "VENTANILLA_SMTP_PORT": str(self.smtp_port),
        }
        self.up: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.up = subprocess.Popen(
                [*COMMAND, "up"], env=self.environment, stdout=log, stderr=log
            )
        self.wait(lambda: READY in self.told())

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait(self, condition: Callable[[], bool], *, seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.told()
            assert self.up is None or self.up.poll() is None or condition(), self.told()
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        assert self.up is not None
        return psutil.Process(self.up.pid).children(recursive=True)

    def serving(self, what: str) -> psutil.Process | None:
        """Our own child of that name; the web server has further processes of its own."""
        assert self.up is not None
        for process in psutil.Process(self.up.pid).children():
            with contextlib.suppress(psutil.Error):
                if process.cmdline()[-2:] == ["serve", what]:
                    return process
        return None

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        try:
            connection.request("GET", "/salud/", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.up is not None
        family = self.family()
        self.up.send_signal(number)
        code = self.up.wait(timeout=90)
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []
        return code


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    if house.up is not None and house.up.poll() is None:
        house.stop()


def test_it_serves_pages_and_mail(house: House) -> None:
    assert house.answers()
    with smtplib.SMTP("127.0.0.1", house.smtp_port, timeout=20) as session:
        assert session.ehlo()[0] == 250


def test_headers_let_nothing_foreign_in(house: House) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.web_port, timeout=10)
    connection.request("GET", "/salud/", headers={"Host": "localhost"})
    headers = connection.getresponse().headers
    connection.close()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_without_the_database_it_stays_within_the_memory_aim(house: House) -> None:
    assert house.up is not None
    processes = [psutil.Process(house.up.pid), *house.family()]
    ours = [p for p in processes if not p.name().startswith("postgres")]
    # Proportional size: pages shared between our processes exist once.
    assert sum(p.memory_full_info().pss for p in ours) < MEMORY_AIM_BYTES


def test_a_second_one_on_the_folder_is_refused(house: House) -> None:
    assert house.up is not None
    second = house.run("up")
    assert second.returncode == 1
    assert f"proceso {house.up.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_an_account_is_made_while_it_runs(house: House) -> None:
    options = ["--email", "Ana@oficina.example", "--name", "Ana Ruiz"]
    weak = house.run("user", "create", *options, "--password", "1234")
    assert weak.returncode == 1
    assert "No se creó la cuenta" in weak.stderr
    made = house.run("user", "create", *options, "--password", "una clave bien larga")
    assert made.returncode == 0, made.stderr
    assert "ana@oficina.example" in made.stdout
    assert house.run("user", "create", *options, "--password", "otra clave larga").returncode == 1


def test_the_doctor_finds_a_running_house_well(house: House) -> None:
    examined = house.run("doctor")
    assert examined.returncode == 0, examined.stdout
    assert "Tablas: al día" in examined.stdout
    assert "archivos, todos intactos" in examined.stdout
    assert "Ventanilla está en marcha" in examined.stdout


@pytest.mark.parametrize("what", ["web", "worker", "gateways"])
def test_a_killed_child_comes_back(house: House, what: str) -> None:
    before = house.serving(what)
    assert before is not None
    before.kill()
    house.wait(lambda: house.serving(what) not in (None, before))
    house.wait(house.answers)


def test_a_killed_database_comes_back(house: House) -> None:
    server = EmbeddedPostgres(house.folder)
    pid = server.running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    house.wait(lambda: server.running_pid() not in (None, pid))
    house.wait(house.answers)


def test_a_killed_supervisor_leaves_no_orphans_and_the_next_start_is_quick(house: House) -> None:
    house.stop(signal.SIGKILL)
    started = time.monotonic()
    house.start()
    assert time.monotonic() - started < 15.0  # the aim is 5; machines of tests are shared
    assert house.answers()


def test_it_stops_cleanly(house: House) -> None:
    assert house.stop() == 0
    assert "No queda ningún proceso" in house.told()
    assert EmbeddedPostgres(house.folder).running_pid() is None


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    house = House(tmp_path)
    with contextlib.closing(socket.socket()) as other:
        other.bind(("127.0.0.1", house.web_port))
        other.listen()
        refused = house.run("up")
    assert refused.returncode == 1
    assert f"El puerto {house.web_port}" in refused.stderr
    assert "VENTANILLA_PORT" in refused.stderr
    assert not house.folder.pg.exists()


def test_a_wrong_pack_is_told_and_nothing_keeps_running(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.environment["VENTANILLA_PACK"] = "no-such-pack"
    refused = house.run("up")
    assert refused.returncode == 1
    assert "VENTANILLA_PACK" in refused.stderr
    assert "no-such-pack" in refused.stderr
    assert EmbeddedPostgres(house.folder).running_pid() is None
