"""Remembering why a job failed, whichever way it was carried out."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.timezone import now
from procrastinate import JobContext

from ventanilla.desk.models import JobTrouble

REASON_LENGTH = 1000
KEPT = timedelta(days=31)


def noted(task: Callable[..., None]) -> Callable[..., None]:
    """The task, with its error written down before the engine hears of it."""
    wants_context = "context" in inspect.signature(task).parameters

    @functools.wraps(task)
    def carried_out(context: JobContext, *arguments: Any, **facts: Any) -> None:
        try:
            task(*((context, *arguments) if wants_context else arguments), **facts)
        except Exception as error:
            job = context.job
            if job.id is not None:
                note(job_id=job.id, task_name=job.task_name, error=error, as_of=now())
            raise

    return carried_out


def note(*, job_id: int, task_name: str, error: BaseException, as_of: datetime) -> None:
    """Write an error down, instead of the one before. A database that is away keeps none."""
    words = f"{type(error).__name__}: {error}".replace("\0", "")[:REASON_LENGTH]
    with contextlib.suppress(DatabaseError), transaction.atomic():
        JobTrouble.objects.update_or_create(
            job_id=job_id, defaults={"task_name": task_name, "at": as_of, "reason": words}
        )


def forget_old(*, as_of: datetime) -> int:
    """Delete what is older than any job that is kept; how many."""
    deleted, _ = JobTrouble.objects.filter(at__lt=as_of - KEPT).delete()
    return deleted
