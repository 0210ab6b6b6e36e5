"""What was undone before its cases were noted stays undone; pages of before go on writing deeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.desk.people import berta
from tests.register.test_migrating import migrate, migrate_to_today
from ventanilla.workspace import bulk
from ventanilla.workspace.models import BulkDeed

INSERT = """
    INSERT INTO workspace_bulkdeed
           (staff_id, request_key, noun, before, refused, kept, done_at, undone_at)
    VALUES (%s, %s, 'seguir', '{"1": {}, "2": {}, "3": {}}', '{}', %s::jsonb, now(), %s)
 RETURNING id
"""


@pytest.fixture
def earlier(desk: None) -> Iterator[None]:
    """The database before undoing noted its cases; afterwards, whatever happens, today's."""
    migrate(("workspace", "0005_draft_failures"))
    try:
        yield
    finally:
        migrate_to_today()


def written(kept: str, undone_at: Any) -> int:
    """A deed as processes of before write it."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [berta().id, uuid4(), kept, undone_at])
        (found,) = cursor.fetchone() or (0,)
    return int(found)


@pytest.mark.usefixtures("earlier")
def test_what_was_undone_is_not_offered_again() -> None:
    undone = written('{"2": "Cambió después."}', "2026-01-05T10:00Z")
    whole = written("{}", "2026-01-05T10:00Z")
    done = written("{}", None)
    migrate_to_today()
    found = BulkDeed.objects.in_bulk()
    assert sorted(found[undone].undone) == ["1", "3"]
    assert sorted(found[whole].undone) == ["1", "2", "3"]
    assert found[done].undone == []
    assert [bulk.is_undone(found[each]) for each in (undone, whole, done)] == [True, True, False]


@pytest.mark.usefixtures("desk")
def test_processes_of_before_go_on_writing_deeds() -> None:
    assert BulkDeed.objects.get(pk=written("{}", None)).undone == []
