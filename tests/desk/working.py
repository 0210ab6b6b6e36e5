"""Workers as they really run: other processes on the test database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import psycopg
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql

from ventanilla.host.postgres import ROLE, SUPERUSER

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
_ALLOW = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")

SETTINGS = {"DJANGO_SETTINGS_MODULE": "ventanilla.project.settings"}
SET_UP = "import django; django.setup()\n"
WORK = SET_UP + "import sys\nfrom ventanilla.desk import worker\nsys.exit(worker.run())\n"
# What a test's own task needs before the worker runs.
WITH_TASK = (
    SET_UP
    + "import os, sys, time\n"
    + "from procrastinate.contrib.django import app\n"
    + "from ventanilla.desk import worker\n"
    + "{task}\n"
    + "sys.exit(worker.run())\n"
)


def database_url() -> str:
    """The test database as another process reaches it."""
    parameters = connection.get_connection_params()
    where = {"host": parameters["host"], "port": str(parameters["port"])}
    return f"postgresql://{parameters['user']}@/{parameters['dbname']}?{urlencode(where)}"


@contextmanager
def database_out_of_reach() -> Iterator[None]:
    """Cut every connection to the test database and let nobody in until the block ends."""
    name = connection.get_connection_params()["dbname"]
    with _maintenance() as maintenance:
        maintenance.execute(_ALLOW.format(sql.Identifier(name), sql.Literal(False)))
        try:
            maintenance.execute(CUT, [name])
            yield
        finally:
            maintenance.execute(_ALLOW.format(sql.Identifier(name), sql.Literal(True)))
            wrapper = connections[connection.alias]
            assert isinstance(wrapper, DatabaseWrapper)
            wrapper.close()
            wrapper.close_pool()


def _maintenance() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    for option in ("pool", "context", "cursor_factory", "prepare_threshold"):
        parameters.pop(option, None)
    user = SUPERUSER if parameters["user"] == ROLE else parameters["user"]
    return psycopg.connect(**(parameters | {"dbname": "postgres", "user": user}), autocommit=True)


@contextmanager
def running(script: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process on the test database; gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | SETTINGS | {"DATABASE_URL": database_url()} | environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)
