"""The life of a case."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands. Reopening and merging are events, not statuses."""

    REGISTERED = "registered"
    ASSESSED = "assessed"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_AREA = "waiting_area"
    WAITING_AUTHORIZATION = "waiting_authorization"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({Status.WAITING_CUSTOMER, Status.WAITING_AREA, Status.WAITING_AUTHORIZATION})
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})
WORKING = frozenset({Status.REGISTERED, Status.ASSESSED, Status.IN_PROGRESS}) | WAITING

MOVES: dict[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset({Status.ASSESSED, Status.WITHDRAWN}),
    Status.ASSESSED: frozenset({Status.IN_PROGRESS, Status.RESOLVED, Status.WITHDRAWN}) | WAITING,
    Status.IN_PROGRESS: frozenset({Status.RESOLVED, Status.WITHDRAWN}) | WAITING,
    Status.WAITING_CUSTOMER: frozenset(
        {Status.IN_PROGRESS, Status.RESOLVED, Status.WITHDRAWN} | WAITING
    )
    - {Status.WAITING_CUSTOMER},
    Status.WAITING_AREA: frozenset({Status.IN_PROGRESS, Status.WITHDRAWN} | WAITING)
    - {Status.WAITING_AREA},
    Status.WAITING_AUTHORIZATION: frozenset({Status.IN_PROGRESS, Status.WITHDRAWN} | WAITING)
    - {Status.WAITING_AUTHORIZATION},
    Status.RESOLVED: frozenset({Status.IN_PROGRESS, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.IN_PROGRESS}),
    Status.WITHDRAWN: frozenset({Status.IN_PROGRESS}),
}
"""Which status may follow which. Leaving RESOLVED, CLOSED or WITHDRAWN for work is a reopening."""


def may_move(before: Status, after: Status) -> bool:
    """Whether a case that stands at ``before`` may go to ``after``."""
    return after in MOVES[before]
