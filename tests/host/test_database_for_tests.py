"""The tests' own database: real, emptied between tests, also past the refusing triggers."""

import pytest
from django.db import DatabaseError, connection

from tests.emptying import empty_all_tables

REFUSING_TABLE = """
CREATE TABLE IF NOT EXISTS refusing (id int);
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE OR REPLACE TRIGGER never BEFORE DELETE OR UPDATE ON refusing FOR EACH ROW
    EXECUTE FUNCTION refuse();
ALTER TABLE refusing ENABLE ALWAYS TRIGGER never;
"""


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM refusing")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_emptying_passes_triggers_that_always_fire_and_leaves_them_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFUSING_TABLE)
        cursor.execute("INSERT INTO refusing VALUES (1)")

    empty_all_tables()

    assert rows() == 0
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO refusing VALUES (2)")
        with pytest.raises(DatabaseError, match="refused"):
            cursor.execute("DELETE FROM refusing")
        cursor.execute("DROP TABLE refusing")


@pytest.mark.django_db
def test_it_is_postgresql_reached_as_an_ordinary_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, current_setting('server_version_num')::int FROM pg_roles "
            "WHERE rolname = current_user"
        )
        is_superuser, version = cursor.fetchone()
    assert not is_superuser
    assert version >= 160000
