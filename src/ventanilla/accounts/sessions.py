"""Sessions as rows, for processes in which the door itself is not installed."""

from __future__ import annotations

from datetime import datetime

from ventanilla.core.statements import execute

AT_ONCE = 1000
# What the door keeps of a session (device, place, moment) goes with it. Its table is written out:
# its model is installed only where there are pages.
CLEAR_EXPIRED = """
    WITH expired AS (
        SELECT session_key FROM django_session WHERE expire_date <= %(as_of)s
         ORDER BY expire_date LIMIT %(most)s),
    known AS (
        DELETE FROM usersessions_usersession u USING expired
         WHERE u.session_key = expired.session_key)
    DELETE FROM django_session s USING expired WHERE s.session_key = expired.session_key
"""


def clear_expired_sessions(*, as_of: datetime) -> int:
    """Forget the sessions that expired, a bounded number at a time; how many."""
    with execute(CLEAR_EXPIRED, {"as_of": as_of, "most": AT_ONCE}) as cursor:
        return int(cursor.rowcount)
