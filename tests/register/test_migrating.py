"""Indexes on tables that grew are built while others write, also after a try that broke off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.desk.working import database_url
from tests.patience import until

BEFORE = [
    ("crm", "0001_initial"),
    ("register", "0003_linked_cases"),
    ("channels", "0002_outbound_html"),
]
INDEXES = {
    "case_untaken",
    "commitment_by_due",
    "contact_by_beginning",
    "contact_by_end",
    "inbound_by_desk",
    "message_search",
    "outbound_trouble",
    "person_by_name",
}
FOUND = """
    SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
     WHERE c.relname = ANY(%s) AND i.indisvalid
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND wait_event_type = 'Lock'"
WRITE = "LOCK TABLE register_case IN ROW EXCLUSIVE MODE"
"""What every INSERT and UPDATE takes first."""


@pytest.fixture
def earlier(transactional_db: None) -> Iterator[None]:
    """The database before these indexes; afterwards, whatever happens, it is that of today."""
    migrate(*BEFORE)
    try:
        yield
    finally:
        migrate_to_today()


def migrate(*targets: tuple[str, str]) -> None:
    MigrationExecutor(connection).migrate(list(targets))


def migrate_to_today() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def built() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [[*INDEXES, "message_search_bucket"]])
        return dict(cursor.fetchall())


@contextmanager
def another() -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url()) as link:
        yield link
        link.rollback()


@pytest.mark.usefixtures("earlier")
def test_nobody_who_writes_waits_for_an_index() -> None:
    def work() -> None:
        try:
            migrate_to_today()
        finally:
            connection.close()

    migrating = threading.Thread(target=work)
    with another() as writer, another() as second:
        writer.execute(WRITE)  # at work when the migration begins: the index waits for it
        migrating.start()
        with another() as watcher:
            watcher.autocommit = True  # inside a transaction it would see the same for ever
            until(
                lambda: watcher.execute(WAITING, ["CREATE INDEX%case_untaken%"]).fetchone() != (0,)
            )
        second.execute("SET lock_timeout = '2s'")
        second.execute(WRITE)  # comes while the index waits, and does not wait behind it
        second.rollback()
        writer.rollback()
    migrating.join(timeout=60)
    assert not migrating.is_alive()
    assert set(built()) == INDEXES
    assert "16384" in built()["message_search"]


@pytest.mark.usefixtures("earlier")
def test_a_migration_that_broke_off_is_carried_to_its_end_by_migrating_again() -> None:
    with connection.cursor() as cursor:
        for left in ("case_untaken", "message_search_bucket"):
            cursor.execute(
                psycopg.sql.SQL("CREATE INDEX {} ON register_message (id)").format(
                    psycopg.sql.Identifier(left)
                )
            )
    migrate_to_today()
    assert set(built()) == INDEXES
    assert "register_case" in built()["case_untaken"]
    assert "16384" in built()["message_search"]
