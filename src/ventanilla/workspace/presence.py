"""Who has a case open right now, and who is typing an answer.

Every open page of a case is a row that its web process keeps fresh; a row that nobody refreshed
means nothing. Each change is announced on the channel of the register, so that all web processes
hear of it. None of this is part of the record: the table may be empty after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ventanilla.core.actors import Actor
from ventanilla.core.statements import execute
from ventanilla.register.announcing import CHANNEL

FRESH_FOR = timedelta(seconds=45)
"""A page that was not heard of for so long is gone, whatever became of it."""
TYPING_FOR = timedelta(seconds=8)
"""How long somebody counts as typing after the last key."""

KEEP = """
    WITH kept AS (
        INSERT INTO workspace_presence AS p (connection, case_id, staff_id, seen_at)
        SELECT open.connection, open.case_id, open.staff_id, %(as_of)s::timestamptz
          FROM unnest(%(connections)s::uuid[], %(cases)s::bigint[], %(staff)s::bigint[])
            AS open (connection, case_id, staff_id)
          JOIN accounts_staff s ON s.id = open.staff_id
        ON CONFLICT (connection) DO UPDATE SET seen_at = excluded.seen_at
        RETURNING p.case_id, p.xmax = 0 AS is_new
    ), gone AS (
        DELETE FROM workspace_presence
         WHERE seen_at < %(stale)s::timestamptz AND connection <> ALL(%(connections)s::uuid[])
        RETURNING case_id
    ), changed AS (
        SELECT case_id FROM kept WHERE is_new UNION SELECT case_id FROM gone
    )
    SELECT pg_notify(%(channel)s::text,
                     json_build_object('kind', 'presence', 'case', case_id)::text)
      FROM changed
"""
LEAVE = """
    WITH gone AS (
        DELETE FROM workspace_presence
         WHERE connection = ANY(%(connections)s::uuid[])
           AND (%(staff)s::bigint IS NULL OR staff_id = %(staff)s::bigint)
        RETURNING case_id
    )
    SELECT pg_notify(%(channel)s::text,
                     json_build_object('kind', 'presence', 'case', case_id)::text)
      FROM (SELECT DISTINCT case_id FROM gone) AS changed
"""
TYPE = """
    WITH before AS (
        SELECT connection, typing_at FROM workspace_presence
         WHERE case_id = %(case)s::bigint AND staff_id = %(staff)s::bigint FOR UPDATE
    ), typed AS (
        UPDATE workspace_presence p SET typing_at = %(typing_at)s::timestamptz
          FROM before WHERE p.connection = before.connection
        RETURNING p.connection
    )
    SELECT pg_notify(%(channel)s::text,
                     json_build_object('kind', 'presence', 'case', %(case)s::bigint)::text)
     WHERE EXISTS (SELECT FROM typed)
       AND (%(typing_at)s::timestamptz IS NOT NULL)
           <> EXISTS (SELECT FROM before WHERE typing_at > %(since)s::timestamptz)
"""
PRESENT = """
    SELECT p.case_id, p.staff_id, coalesce(nullif(s.full_name, ''), s.email),
           coalesce(bool_or(p.typing_at > %s::timestamptz), false)
      FROM workspace_presence p JOIN accounts_staff s ON s.id = p.staff_id
     WHERE p.case_id = ANY(%s::bigint[]) AND p.seen_at > %s::timestamptz
     GROUP BY p.case_id, p.staff_id, s.full_name, s.email
     ORDER BY 3, p.staff_id
"""


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One open page of one member of staff on one case."""

    connection: UUID
    case_id: int
    staff_id: int


@dataclass(frozen=True, slots=True)
class Present:
    """A member of staff who has a case open, in however many pages."""

    case_id: int
    staff_id: int
    name: str
    is_typing: bool


def keep(*, pages: Sequence[OpenPage], as_of: datetime) -> None:
    """Note that these pages are open at this moment, and drop every row that went stale.

    A page that was not known arrives; one that is known is refreshed. All in one statement, for
    all pages of a process at once.
    """
    execute(
        KEEP,
        {
            "connections": [each.connection for each in pages],
            "cases": [each.case_id for each in pages],
            "staff": [each.staff_id for each in pages],
            "as_of": as_of,
            "stale": as_of - FRESH_FOR,
            "channel": CHANNEL,
        },
    )


def leave(*, connections: Sequence[UUID], acting_user: Actor | None = None) -> None:
    """Note that these pages were closed; with ``acting_user`` only theirs count."""
    staff = acting_user.id if acting_user else None
    execute(LEAVE, {"connections": list(connections), "staff": staff, "channel": CHANNEL})


def note_typing(*, case_id: int, is_typing: bool, acting_user: Actor, as_of: datetime) -> None:
    """Note that somebody types on a case, or stopped; without an open page it means nothing.

    Told to the others only when it changes: this is called every few seconds while keys are hit.
    """
    execute(
        TYPE,
        {
            "case": case_id,
            "staff": acting_user.id,
            "typing_at": as_of if is_typing else None,
            "since": as_of - TYPING_FOR,
            "channel": CHANNEL,
        },
    )


def who_is_here(case_ids: Iterable[int], *, as_of: datetime) -> list[Present]:
    """Everybody who has one of these cases open, by name."""
    moments = (as_of - TYPING_FOR, as_of - FRESH_FOR)
    rows = execute(PRESENT, [moments[0], list(case_ids), moments[1]]).fetchall()
    return [Present(*row) for row in rows]
