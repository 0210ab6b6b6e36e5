"""When a failed job is tried again."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from ventanilla.evidence.storage import NoRoomForEvidence

TEMPORARY = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    ConnectorException,
    NoRoomForEvidence,
    OSError,
)
"""What passes by itself: database or disk out of reach, a deadlock, a full disk."""

LIMIT_EXCEEDED = "54"
"""Class of SQLSTATE: something does not fit into the database, and will not the next time."""

TOOK_TOO_LONG = "57014"
"""SQLSTATE: a statement ran into its time limit. Waiting too long for a lock is another, and passes."""

LONGEST_WAIT_S = 300
TRIES_OF_UNKNOWN = 5
"""An error nobody foresaw is tried so often, in case it was chance; then the job stays failed."""


class Patience(BaseRetryStrategy):
    """Temporary errors are tried for ever, others a few times; each wait twice the one before."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None to give up."""
        if not is_temporary(exception) and job.attempts + 1 >= TRIES_OF_UNKNOWN:
            return None
        return RetryDecision(retry_in={"seconds": wait_before(job.attempts)})


def is_temporary(error: BaseException) -> bool:
    """Whether an error passes by itself; what it interrupted is tried for ever.

    The driver calls a value too large for an index an operational error, like a server that is
    away, and so it calls a statement that took too long; tried for ever, one odd mail would keep
    a worker busy for good.
    """
    sqlstate = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, TEMPORARY) and not sqlstate.startswith((LIMIT_EXCEEDED, TOOK_TOO_LONG))


def wait_before(attempts: int) -> int:
    """Seconds until the next try after so many: 1, 2, 4 … at most LONGEST_WAIT_S."""
    return min(1 << min(attempts, 16), LONGEST_WAIT_S)
