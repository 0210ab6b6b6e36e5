"""Handing what arrived to the desk from a thread, with a database that may be away."""

import errno
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from psycopg_pool import ConnectionPool

log = logging.getLogger(__name__)

T = TypeVar("T")
DISK_FULL = "53100"
"""SQLSTATE disk_full."""


class Accept(Protocol):
    """``desk.intake.accept``: stores the raw bytes and defers their processing, durably."""

    def __call__(
        self,
        *,
        raw: bytes,
        gateway: str,
        envelope_from: str,
        recipients: Sequence[str],
        remote: str,
        source_key: str | None = None,
        as_of: datetime,
    ) -> object:
        """Return once the transaction is committed; anything raised means it is not."""


class Stored(Enum):
    """How it went."""

    YES = "stored"
    NO_ROOM = "no room"
    NOT_NOW = "not now"


class Arrival:
    """One message as a listener got it, ready to be stored."""

    __slots__ = ("envelope_from", "gateway", "raw", "recipients", "remote")

    def __init__(
        self,
        *,
        raw: bytes,
        gateway: str,
        envelope_from: str,
        recipients: Sequence[str],
        remote: str,
    ) -> None:
        self.raw = raw
        self.gateway = gateway
        self.envelope_from = envelope_from
        self.recipients = tuple(recipients)
        self.remote = remote


def store(arrival: Arrival, accept: Accept) -> Stored:
    """Store one arrival; runs in a thread. Reads the clock: this is the face.

    Never raises: whatever goes wrong, the sender keeps the message and is told to come again.
    """
    try:
        with_connection(
            lambda: accept(
                raw=arrival.raw,
                gateway=arrival.gateway,
                envelope_from=arrival.envelope_from,
                recipients=arrival.recipients,
                remote=arrival.remote,
                as_of=timezone.now(),
            )
        )
    except (DatabaseError, InterfaceError, OSError) as error:
        log.warning("mail not stored: %s", str(error).strip() or type(error).__name__)
        return Stored.NO_ROOM if is_disk_full(error) else Stored.NOT_NOW
    except Exception:
        log.exception("mail not stored")
        return Stored.NOT_NOW
    return Stored.YES


def with_connection(work: Callable[[], T]) -> T:
    """Run ``work`` with a usable connection of this thread; afterwards give it back.

    After a failure the idle connections of the pool are looked at too: when the server was
    restarted all of them are dead, and each would cost one more sender a detour.
    """
    close_old_connections()
    try:
        return work()
    except (DatabaseError, InterfaceError):
        connection.close()
        _drop_dead_connections()
        raise
    finally:
        close_old_connections()


def _drop_dead_connections() -> None:
    pool: ConnectionPool | None = getattr(connection, "pool", None)  # unknown to the stubs
    if pool is not None:
        pool.check()


def is_disk_full(error: BaseException) -> bool:
    """Whether the database, or the file system, said that there is no room."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return getattr(error.__cause__, "sqlstate", None) == DISK_FULL
