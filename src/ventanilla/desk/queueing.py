"""Putting work into the job queue, inside the transaction of the change that causes it.

Jobs are named here and carried out in ``jobs``, which imports the desk; the desk imports this.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import configure_task

MAIL_IN = "mail_in"
MAIL_OUT = "mail_out"
TIMERS = "timers"

RECEIVE = "receive"
DELIVER = "deliver"


def defer_receive(item_id: int) -> bool:
    """Have an inbound item processed once this transaction commits; False if that waits already."""
    return _defer(RECEIVE, queue=MAIL_IN, row_id=item_id, item_id=item_id)


def defer_deliver(outbound_id: int) -> bool:
    """Have an outbox message tried once this transaction commits; False if that waits already.

    For now, not for later: what is due at another moment is found by the sweep of the outbox.
    """
    return _defer(DELIVER, queue=MAIL_OUT, row_id=outbound_id, outbound_id=outbound_id)


def _defer(task: str, *, queue: str, row_id: int, **arguments: Any) -> bool:
    # One waiting job per row, so that sweeps do not pile up. The savepoint keeps the caller's
    # transaction alive when there is one already.
    job = configure_task(
        name=task,
        job_manager=app.job_manager,
        queue=queue,
        queueing_lock=f"{task}:{row_id}",
    )
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
