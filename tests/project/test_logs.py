"""What the log prints when the database goes away, and when something is truly wrong."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from procrastinate.exceptions import ConnectorException

from ventanilla.project.logs import hide_access_codes, tell_outages_briefly


def lost() -> Exception:
    """What the job engine raises when nobody answers at the socket."""
    try:
        try:
            psycopg.connect("host=/nowhere dbname=x", connect_timeout=2)
        except psycopg.OperationalError as error:
            raise ConnectorException from error
    except ConnectorException as error:
        return error
    raise AssertionError


def test_a_database_that_is_away_is_one_line() -> None:
    error = lost()
    event = {"event": "listener failed: \n   Database error.\n", "exc_info": (None, error, None)}
    told = tell_outages_briefly(None, "error", event)
    assert "exc_info" not in told
    assert told["event"] == "listener failed: Database error."
    assert "/nowhere" in told["database"]
    assert "\n" not in told["database"]


@pytest.mark.django_db
def test_any_other_trouble_keeps_its_trace() -> None:
    with pytest.raises(Exception, match="division") as failed, connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    for error in (failed.value, ValueError("x")):
        event = {"event": "job failed", "exc_info": error}
        assert tell_outages_briefly(None, "error", event)["exc_info"] is error
    assert tell_outages_briefly(None, "info", {"event": "well"}) == {"event": "well"}


def test_an_access_code_is_not_logged() -> None:
    path = "/seguimiento/GS-2026-000417-K/ABCD-EFGH-JKMN/"
    told = hide_access_codes(None, "error", {"event": f"Internal Server Error: {path}"})
    assert told["event"] == "Internal Server Error: /seguimiento/GS-2026-000417-K/…/"
