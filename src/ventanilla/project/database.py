"""The database entry of the settings."""

from typing import Any

import dj_database_url

from ventanilla.core.config import Config
from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import DATABASE, PORT, ROLE

CONNECT_TIMEOUT_S = 10
# A connection is taken per running request or job; waiting longer means the database is the
# bottleneck and an error page is kinder than a queue.
POOL_TIMEOUT_S = 10
# The pool doubles its pause between tries to reach a server that is away. Left at its five
# minutes it would still be pausing two minutes after the server is back; giving up early makes
# the next request try at once.
POOL_RECONNECT_S = 5
# After so many uses on one connection the server keeps the plan of what core.statements sends.
PREPARE_AFTER = 3
# One statement that never ends inside the intake would hold the row that gives out folios, and
# with it all intake. Waiting for a lock ends sooner, so that whoever waits for the slow one is
# told apart from it: the first is tried again for ever, the second is counted. Commands that go
# through the whole record lift both (core.statements.lift_time_limits).
STATEMENT_TIMEOUT_S = 60
LOCK_TIMEOUT_S = 30
TIME_LIMITS = f"-c statement_timeout={STATEMENT_TIMEOUT_S}s -c lock_timeout={LOCK_TIMEOUT_S}s"


def database(config: Config, folder: DataFolder) -> dict[str, Any]:
    """The server of DATABASE_URL, or the embedded one through its socket."""
    if config.database_url:
        entry: dict[str, Any] = dict(dj_database_url.parse(config.database_url))
    else:
        entry = {"NAME": DATABASE, "USER": ROLE, "HOST": str(folder.sockets), "PORT": str(PORT)}
    entry["ENGINE"] = "django.db.backends.postgresql"
    entry["CONN_MAX_AGE"] = 0  # the pool keeps connections, so Django must hand them back
    given = dict(entry.get("OPTIONS", {}))
    entry["OPTIONS"] = given | {
        # What DATABASE_URL says comes last, so it wins.
        "options": f"{TIME_LIMITS} {given.get('options', '')}".strip(),
        "connect_timeout": CONNECT_TIMEOUT_S,
        "prepare_threshold": PREPARE_AFTER,
        "pool": {
            "min_size": 0,
            "max_size": max(config.web_threads, config.worker_concurrency) + 2,
            "timeout": POOL_TIMEOUT_S,
            "max_idle": 300,
            "reconnect_timeout": POOL_RECONNECT_S,
        },
    }
    return entry
