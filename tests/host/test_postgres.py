"""The embedded database: first start, crash, foreign versions, awkward paths."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ventanilla.host.account import LAST_RESORT_ACCOUNT
from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import (
    EmbeddedPostgres,
    PostgresClusterDamaged,
    PostgresNotStarted,
    PostgresVersionMismatch,
)
from ventanilla.host.processes import is_alive, wait_for_end


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A cluster of this module's own, which its tests may crash."""
    folder = tmp_path_factory.mktemp("pg")
    server = EmbeddedPostgres(DataFolder.at(folder / "data"))
    server.start()
    yield server
    server.stop()


def answer(server: EmbeddedPostgres, statement: str, database: str = "ventanilla") -> str:
    done = server.psql(statement, database=database)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_first_start_makes_an_ordinary_role_its_database_and_extensions(
    server: EmbeddedPostgres,
) -> None:
    assert answer(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'ventanilla'") == "f"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'ventanilla'"
    assert answer(server, owner) == "ventanilla"
    assert answer(server, "SELECT unaccent('Petición')") == "Peticion"


def test_it_is_durable_and_unreachable_from_the_network(server: EmbeddedPostgres) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert answer(server, f"SHOW {name}") == "on"
    assert answer(server, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.folder.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.folder.pg.stat().st_mode) == 0o700


def test_no_statement_is_logged_for_being_slow_or_wrong(server: EmbeddedPostgres) -> None:
    answer(server, "SELECT pg_sleep(1.1), 'words of a person'")
    wrong = "SELECT 'words of a person' FROM absent"
    assert server.psql(wrong, database="ventanilla").returncode != 0

    def log() -> str:
        return "".join(each.read_text("utf-8") for each in (server.folder.pg / "log").iterdir())

    ends_at = time.monotonic() + 10
    while '"absent" does not exist' not in log():  # the error itself is logged, a moment later
        assert time.monotonic() < ends_at
        time.sleep(0.05)
    assert "words of a person" not in log()


def test_committed_rows_survive_a_kill(server: EmbeddedPostgres) -> None:
    answer(server, "CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (7)")
    pid = server.running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    server.start()

    assert answer(server, "SELECT id FROM kept") == "7"
    assert server.running_pid() != pid


def test_a_stale_mark_naming_a_stranger_is_dropped(server: EmbeddedPostgres) -> None:
    server.stop()
    mark = server.folder.pg / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as stranger:
        mark.write_text(f"{stranger.pid}\n{server.folder.pg}\n")
        server.account.give(mark)
        assert server.running_pid() is None
        server.start()
        assert is_alive(stranger.pid)
        stranger.kill()
    assert answer(server, "SELECT 1") == "1"


def test_a_killed_owner_takes_the_server_along_and_the_next_start_waits(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from ventanilla.host.folders import DataFolder\n"
        "from ventanilla.host.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(DataFolder.at(sys.argv[1])).start()\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    server = EmbeddedPostgres(DataFolder.at(tmp_path / "data"))
    owner = subprocess.Popen(
        [sys.executable, "-c", code, server.folder.root], stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    orphan = server.running_pid()
    assert orphan is not None
    owner.kill()
    owner.wait()
    owner.stdout.close()

    server.start()

    assert not is_alive(orphan)
    server.stop()


def test_another_major_version_is_refused_and_untouched(tmp_path: Path) -> None:
    server = EmbeddedPostgres(DataFolder.at(tmp_path / "data"))
    assert server.account  # makes the folders
    (server.folder.pg / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresVersionMismatch, match="son de PostgreSQL 12"):
        server.start()
    assert [entry.name for entry in server.folder.pg.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_foreign_files_is_refused_and_untouched(tmp_path: Path) -> None:
    server = EmbeddedPostgres(DataFolder.at(tmp_path / "data"))
    assert server.account
    (server.folder.pg / "base").mkdir()
    with pytest.raises(PostgresClusterDamaged, match="falta PG_VERSION"):
        server.start()
    assert [entry.name for entry in server.folder.pg.iterdir()] == ["base"]


def test_a_first_start_cut_short_is_begun_anew(tmp_path: Path) -> None:
    server = EmbeddedPostgres(DataFolder.at(tmp_path / "data"), durable=False)
    assert server.account
    (server.folder.pg / "new").mkdir()
    (server.folder.pg / "base").mkdir()
    server.start()
    server.stop()
    assert (server.folder.pg / "PG_VERSION").exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = EmbeddedPostgres(
        DataFolder.at(tmp_path / "data"), durable=False, extra_settings={"shared_buffers": "nada"}
    )
    with pytest.raises(PostgresNotStarted, match="shared_buffers"):
        broken.start()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    server = EmbeddedPostgres(DataFolder.at(long / "data"), durable=False)
    server.start()
    assert answer(server, "SELECT 1") == "1"
    server.stop()
    assert long not in server.folder.sockets.parents
    assert not server.folder.sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for the server")
def test_root_runs_it_under_an_account_of_its_own_even_below_a_closed_folder(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(DataFolder.at(closed / "data"), durable=False)
    server.start()
    pid = server.running_pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid == server.account.uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is what the other tests run as")
def test_an_ordinary_user_needs_nothing_special(tmp_path: Path) -> None:
    """As root we become one; reading the interpreter's folder is all that is granted."""
    home = tmp_path / "home"
    home.mkdir()
    tmp_path.chmod(0o711)
    subprocess.run(["chown", LAST_RESORT_ACCOUNT, str(home)], check=True, timeout=10)
    code = (
        "import os, sys\n"
        "from ventanilla.host.folders import DataFolder\n"
        "from ventanilla.host.postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(DataFolder.at(sys.argv[1]), durable=False)\n"
        "server.start()\n"
        "print(os.geteuid(), server.psql('SELECT 1').stdout.strip())\n"
        "server.stop()\n"
    )
    done = subprocess.run(
        ["setpriv", f"--reuid={LAST_RESORT_ACCOUNT}", "--clear-groups",
         "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
         sys.executable, "-c", code, str(home / "data")],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    uid, answered = done.stdout.split()
    assert (uid != "0", answered) == (True, "1"), done.stderr


def test_waiting_for_an_end_gives_up_in_time() -> None:
    started = time.monotonic()
    assert not wait_for_end(os.getpid(), seconds=0.1)
    assert time.monotonic() - started < 1.0
