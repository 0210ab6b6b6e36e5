"""Sessions as Django keeps them, read at the price of reading: every page reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Stored

from ventanilla.core.statements import execute

READ = """
    SELECT session_data FROM django_session
     WHERE session_key = %s AND expire_date > clock_timestamp()
"""


class SessionStore(Stored):
    """Written and ended by Django. It keeps the name of Django's, which is part of what is signed."""

    def load(self) -> dict[str, Any]:
        """What the session knows; nothing, and no key, where it is unknown or over."""
        found = None
        if "\0" not in (key := str(self.session_key)):  # a cookie holds what its sender likes
            with execute(READ, [key]) as cursor:
                found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
