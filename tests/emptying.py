"""Emptying the test database although its triggers forbid it.

The ledger refuses UPDATE, DELETE and TRUNCATE, whoever asks. Tests that commit need a clean
database afterwards nevertheless, so Django's flush is carried out here by a superuser who
switches triggers off for the moment (``session_replication_role``), in *every* table: also in
those Django does not manage, such as the job queue's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg import sql

from ventanilla.host.postgres import ROLE, SUPERUSER

# What migrations and post_migrate put there and every test may expect.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
LOCK_TIMEOUT_MS = 15_000

TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> ALL(%s)
"""
# Triggers declared ENABLE ALWAYS fire even for a replica.
STUBBORN = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal
"""


@contextmanager
def superuser_connection(alias: str = "default") -> Iterator[psycopg.Connection]:
    """A connection to the test database past all triggers; use it to tamper with the record.

    One transaction, committed when the block ends well.
    """
    parameters = connections[alias].get_connection_params()
    for name in ("pool", "context", "cursor_factory", "prepare_threshold", "server_side_binding"):
        parameters.pop(name, None)
    if parameters.get("user") == ROLE:
        parameters["user"] = SUPERUSER
    with psycopg.connect(**parameters) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT_MS)))
        yield connection


def empty_all_tables(alias: str = "default") -> None:
    """Delete every row of every table except ``KEPT``.

    DELETE, not TRUNCATE: a test leaves few rows in few tables, and truncating all tables costs
    more than the test. Order does not matter, because foreign keys are triggers too.
    """
    with superuser_connection(alias) as connection:
        stubborn = connection.execute(STUBBORN).fetchall()
        _switch(connection, stubborn, "DISABLE")
        for (table,) in connection.execute(TABLES, [list(KEPT)]).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(table)))
        _switch(connection, stubborn, "ENABLE ALWAYS")


def _switch(connection: psycopg.Connection, triggers: list[tuple[str, str]], how: str) -> None:
    for table, trigger in triggers:
        statement = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
        connection.execute(statement.format(sql.SQL(table), sql.SQL(how), sql.Identifier(trigger)))


@contextmanager
def installed() -> Iterator[None]:
    """Carry out every flush of Django by ``empty_all_tables``."""

    def flush(operations: DatabaseOperations, sql_list: list[str]) -> None:
        wrapper: BaseDatabaseWrapper = operations.connection
        empty_all_tables(wrapper.alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield
