"""One turn of a worker: the job it was given, and the next ones of the same kind that wait.

Fetching and finishing a job costs the job engine two commits and several changes of thread, more
than the receiving of a mail itself. A turn takes waiting jobs of its kind in lots, one commit for
the taking and one for the finishing; each job's own work stays one transaction of its own. The
rows are marked as the engine marks them, with the worker's id, so the jobs of a worker that dies
in the middle are found as stalled and tried again. What was tried before is in no lot: if it is
what kills the worker, it takes no other down with it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection
from django.utils.timezone import now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job

from ventanilla.desk.job_troubles import note

LOT = 20
"""Jobs taken at once: what a killed worker leaves to be found by the next look for stalled ones."""
TURN_S = 2.0
"""After so long the rest is handed back, so that a stop or another kind of job need not wait."""

log = structlog.get_logger(__name__)

TAKE = """
WITH waiting AS (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND task_name = %s AND lock IS NULL AND attempts = 0
      AND (scheduled_at IS NULL OR scheduled_at <= now())
    ORDER BY priority DESC, id
    LIMIT %s
    FOR UPDATE SKIP LOCKED)
UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %s
FROM waiting WHERE job.id = waiting.id
RETURNING job.id, (job.args ->> %s)::bigint, job.attempts
"""
FINISH = "DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'doing'"
FAIL = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"
# A row that was deferred anew meanwhile waits under the same queueing lock: that one is enough.
HAND_BACK = """
WITH superseded AS (
    DELETE FROM procrastinate_jobs AS job
    WHERE job.id = ANY(%(ids)s) AND job.status = 'doing' AND EXISTS (
        SELECT 1 FROM procrastinate_jobs AS other
        WHERE other.queueing_lock = job.queueing_lock AND other.status = 'todo')
    RETURNING job.id)
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL
WHERE id = ANY(%(ids)s) AND status = 'doing' AND id NOT IN (SELECT id FROM superseded)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job of a lot: its own id, the id of the row it is about, how often it was tried before."""

    job_id: int
    row_id: int
    attempts: int


def take_turn(context: JobContext, carry_out: Callable[[int], object], **row: int) -> None:
    """Carry out this job, then those that wait for the same task, until none is left or time is up.

    ``row`` is the one argument of the job: the id of the row it is about. What this job raises
    goes to the engine; a job of a lot that fails is put back or given up by the retry strategy of
    the task, as if it were alone.
    """
    ((argument, row_id),) = row.items()
    ends_at = time.monotonic() + TURN_S
    carry_out(row_id)
    while time.monotonic() < ends_at and (lot := _take(context, argument)):
        _carry_out_lot(context, lot, carry_out, ends_at)


def _carry_out_lot(
    context: JobContext, lot: list[Taken], carry_out: Callable[[int], object], ends_at: float
) -> None:
    finished: list[int] = []
    left = list(lot)
    try:
        while left and time.monotonic() < ends_at:
            if _succeeds(context, left[0], carry_out):
                finished.append(left[0].job_id)
            left.pop(0)
    finally:
        _execute(FINISH, [finished])
        if left:
            _execute(HAND_BACK, {"ids": [each.job_id for each in left]})


def _succeeds(context: JobContext, taken: Taken, carry_out: Callable[[int], object]) -> bool:
    try:
        carry_out(taken.row_id)
    except Exception as error:
        log.warning("job_failed", task=context.job.task_name, row_id=taken.row_id, exc_info=error)
        _after_failure(context, taken, error)
        return False
    return True


def _after_failure(context: JobContext, taken: Taken, error: Exception) -> None:
    job: Job = context.job.evolve(id=taken.job_id, attempts=taken.attempts)
    note(job_id=taken.job_id, task_name=job.task_name, error=error, as_of=now())
    again = app.tasks[job.task_name].get_retry_exception(exception=error, job=job)
    decision = again.retry_decision if again else None
    if decision is None or decision.retry_at is None:
        _execute(FAIL, [taken.job_id])
        return
    try:
        app.job_manager.retry_job_by_id(job_id=taken.job_id, retry_at=decision.retry_at)
    except UniqueViolation:  # deferred anew meanwhile: that one is the next try
        _execute(FINISH, [[taken.job_id]])


def _take(context: JobContext, argument: str) -> list[Taken]:
    job = context.job
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [job.task_name, LOT, job.worker_id, argument])
        return sorted((Taken(*row) for row in cursor.fetchall()), key=lambda taken: taken.job_id)


def _execute(statement: str, parameters: list[Any] | dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
