"""How the jobs stand. Every read is a page or counts no further than MOST_COUNTED."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max
from procrastinate.contrib.django.models import (
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from ventanilla.core.statements import execute
from ventanilla.desk.models import JobTrouble

PAGE = 50
MOST_COUNTED = 1_000
COUNTED = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs
             WHERE status = 'todo' LIMIT %(most)s::int) AS found),
           (SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs
             WHERE status = 'doing' AND worker_id IS NOT NULL LIMIT %(most)s::int) AS found),
           (SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs
             WHERE status = 'failed' LIMIT %(most)s::int) AS found)
"""
# The first in the order in which workers take them; one that was put off waits since its moment.
FIRST_WAITING = """
    SELECT greatest(event.at, job.scheduled_at) FROM procrastinate_jobs AS job
      JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
     WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %s)
     ORDER BY job.priority DESC, job.id LIMIT 1
"""
FAILED_AT = """
    SELECT job_id, max(at) FROM procrastinate_events
     WHERE job_id = ANY(%s::bigint[]) AND type = 'failed' GROUP BY job_id
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """How many jobs wait, run, failed; since when the first one waits; when a worker last said so."""

    waiting: int
    running: int
    failed: int
    first_waits_since: datetime | None
    heartbeat_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobFacts:
    """One job. ``reason`` is its last error, empty when it had none or nobody noted it."""

    id: int
    task: str
    facts: dict[str, Any]
    attempts: int
    scheduled_at: datetime | None
    failed_at: datetime | None
    reason: str


def overview(as_of: datetime) -> Overview:
    """The state of the queue in three statements."""
    waiting, running, failed = execute(COUNTED, {"most": MOST_COUNTED}).fetchone()
    first = execute(FIRST_WAITING, [as_of]).fetchone()
    return Overview(waiting, running, failed, first[0] if first else None, heartbeat_at())


def heartbeat_at() -> datetime | None:
    """When any worker last said that it lives; None when none is registered."""
    beat: datetime | None = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
    return beat


def failed(*, after: int | None = None, limit: int = PAGE) -> list[JobFacts]:
    """Failed jobs, the latest first; ``after`` is the last id of the page before."""
    rows = ProcrastinateJob.objects.filter(status="failed").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    jobs = list(rows[:limit])
    at = dict(execute(FAILED_AT, [[job.id for job in jobs]]).fetchall())
    return _facts(jobs, at)


def waiting(*, limit: int = PAGE) -> list[JobFacts]:
    """The jobs that wait, in the order in which workers take them."""
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")
    return _facts(list(rows[:limit]), {})


def running(*, limit: int = PAGE) -> list[JobFacts]:
    """The jobs that a worker has in hand."""
    rows = ProcrastinateJob.objects.filter(status="doing", worker__isnull=False)
    return _facts(list(rows.order_by("id")[:limit]), {})


def job(job_id: int) -> ProcrastinateJob | None:
    """One job, however it stands."""
    return ProcrastinateJob.objects.filter(pk=job_id).first()


def periodic() -> list[tuple[str, datetime]]:
    """The timers and the moment for which each was planned last."""
    rows = ProcrastinatePeriodicDefer.objects.values_list("task_name")
    found = rows.annotate(last=Max("defer_timestamp")).order_by("task_name")
    return [(name, datetime.fromtimestamp(last, UTC)) for name, last in found if last is not None]


def _facts(jobs: Iterable[ProcrastinateJob], failed_at: dict[int, datetime]) -> list[JobFacts]:
    rows = list(jobs)
    ids = [each.id for each in rows]
    reasons = dict(JobTrouble.objects.filter(job_id__in=ids).values_list("job_id", "reason"))
    return [
        JobFacts(
            id=each.id,
            task=each.task_name,
            facts=each.args,
            attempts=each.attempts,
            scheduled_at=each.scheduled_at,
            failed_at=failed_at.get(each.id),
            reason=reasons.get(each.id, ""),
        )
        for each in rows
    ]
