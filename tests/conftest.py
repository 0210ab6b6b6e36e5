"""One real PostgreSQL for the whole run, started only when a test asks for the database.

Set ``DATABASE_URL`` to use a server of your own; its user must be a superuser, because tests
empty tables that refuse to be emptied.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties

from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import EmbeddedPostgres

FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the data folder before anything reads the settings; no process is started yet."""
    # A busy machine is no wrong answer: what takes long is told by the benchmarks.
    properties.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    properties.load_profile("busy")
    for name in [name for name in os.environ if name.startswith("VENTANILLA_")]:
        del os.environ[name]  # a developer's own settings must not decide what tests find
    config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="vt-"))
    config.stash[FOLDER].chmod(0o711)  # the database may run under another account
    os.environ["VENTANILLA_DATA"] = str(config.stash[FOLDER])
    os.environ["DJANGO_SETTINGS_MODULE"] = "ventanilla.project.settings"
    django.setup()
    # Not left for a worker of a shared-out run: it would read the settings before its own folder.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what stays together when the run is shared out: a file, and all who use the one browser."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        together = "browser" if file.startswith("tests/browser/") else file
        item.add_marker(pytest.mark.xdist_group(together))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if FOLDER in config.stash:
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres | None]:
    """The server of this run; None when ``DATABASE_URL`` names one.

    Without fsync: the cluster is thrown away, and commits would wait for the disk.
    """
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    server = EmbeddedPostgres(DataFolder.at(request.config.stash[FOLDER]), durable=False)
    process = server.start()
    done = server.psql("ALTER ROLE ventanilla CREATEDB")
    assert done.returncode == 0, done.stderr
    yield server
    # Immediate: there is nothing to save, and a connection left open would hold up the end.
    os.kill(server.running_pid() or process.pid, signal.SIGQUIT)
    process.wait(timeout=30)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: EmbeddedPostgres | None) -> None:
    """pytest-django asks for this before it creates the test database: the server must run."""


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_superuser() -> Iterator[None]:
    """Let ``transactional_db`` tests empty the tables that refuse it (see ``emptying``)."""
    from tests.emptying import installed  # models may be imported only after the set-up

    with installed():
        yield
