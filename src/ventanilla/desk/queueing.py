"""Putting work into the job queue, inside the transaction of the change that causes it.

Jobs are named here and carried out in ``jobs``, which imports the desk; the desk imports this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ventanilla.core.statements import execute

MAIL_IN = "mail_in"
MAIL_OUT = "mail_out"
TIMERS = "timers"

RECEIVE = "receive"
DELIVER = "deliver"
RELEASE = "release_cases"
SEND = "send_draft"

# The engine's own function refuses a second waiting job of a row with an error that ends the
# caller's transaction; guarding it with a savepoint costs three more round trips for every mail.
# The engine's triggers (its events, its NOTIFY) are the table's and act all the same.
DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
SELECT %(queue)s::text, %(task)s::text, %(task)s::text || ':' || row_id,
       jsonb_build_object(%(argument)s::text, row_id)
FROM unnest(%(ids)s::bigint[]) AS row_id
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""


# A row has one waiting job: given another moment, the job that waits is moved to it.
DEFER_AT = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
VALUES (%(queue)s::text, %(task)s::text, %(task)s::text || ':' || %(id)s::bigint,
        jsonb_build_object(%(argument)s::text, %(id)s::bigint), %(at)s::timestamptz)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at = EXCLUDED.scheduled_at
"""


def defer_receive(*item_ids: int) -> int:
    """Have inbound items processed once this transaction commits; how many did not wait already."""
    return _defer(RECEIVE, queue=MAIL_IN, argument="item_id", ids=item_ids)


def defer_deliver(*outbound_ids: int) -> int:
    """Have outbox messages tried once this transaction commits; how many did not wait already.

    For now, not for later: what is due at another moment is found by the sweep of the outbox.
    """
    return _defer(DELIVER, queue=MAIL_OUT, argument="outbound_id", ids=outbound_ids)


def defer_release(*staff_ids: int) -> int:
    """Have the cases of ended accounts given back to the queue once this transaction commits."""
    return _defer(RELEASE, queue=TIMERS, argument="staff_id", ids=staff_ids)


def defer_due_sends(*draft_ids: int) -> int:
    """Have due answers tried; a try that already waits, for its moment or after a failure, stays."""
    return _defer(SEND, queue=MAIL_OUT, argument="draft_id", ids=draft_ids)


def defer_send(draft_id: int, *, at: datetime) -> None:
    """Have a handed over answer sent at a moment, once this transaction commits."""
    facts = {"queue": MAIL_OUT, "task": SEND, "argument": "draft_id", "id": draft_id, "at": at}
    execute(DEFER_AT, facts)


def _defer(task: str, *, queue: str, argument: str, ids: Sequence[int]) -> int:
    """One waiting job per row: the name of task and row is its lock, so that sweeps do not pile up."""
    facts = {"queue": queue, "task": task, "argument": argument, "ids": list(ids)}
    return int(execute(DEFER, facts).rowcount)
