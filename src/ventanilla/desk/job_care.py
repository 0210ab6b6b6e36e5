"""What a person can do about a job: try a failed one again, or give one up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute

# Only these two: what a worker has in hand ends by itself, and what is done is gone.
GIVE_UP = "DELETE FROM procrastinate_jobs WHERE id = %s AND status IN ('todo', 'failed') RETURNING task_name"
STANDS = "SELECT status::text, task_name FROM procrastinate_jobs WHERE id = %s FOR UPDATE"


class JobNotFailed(Refusal):
    """Ese trabajo ya no está entre los fallidos: alguien lo repitió, o se limpió."""


class JobWaitsAlready(Refusal):
    """Otro trabajo igual ya espera su turno; no hace falta repetir este."""


class JobInHand(Refusal):
    """Ese trabajo se está haciendo o ya terminó; no se puede cancelar."""


def retry(*, job_id: int, acting_user: Actor, as_of: datetime) -> None:
    """Try a failed job once more. Raises NotPermitted, JobNotFailed, JobWaitsAlready."""
    require(acting_user, Permission.MANAGE_JOBS)
    with transaction.atomic(durable=True):
        found = execute(STANDS, [job_id]).fetchone()
        if found is None or found[0] != "failed":
            raise JobNotFailed
        try:
            with transaction.atomic():
                app.job_manager.retry_job_by_id(job_id=job_id, retry_at=as_of)
        except UniqueViolation:
            raise JobWaitsAlready from None
        except ConnectorException:
            raise JobNotFailed from None
        facts = {"job_id": job_id, "task": found[1]}
        record(Act.JOB_RETRIED, facts, acting_user=acting_user, as_of=as_of)


def give_up(*, job_id: int, acting_user: Actor, as_of: datetime) -> None:
    """Forget a job that waits or failed. What it was about stays, and sweeps find it again.

    Raises NotPermitted, JobInHand.
    """
    require(acting_user, Permission.MANAGE_JOBS)
    with transaction.atomic(durable=True):
        # The engine's row of a timer points at its job.
        execute(
            "UPDATE procrastinate_periodic_defers SET job_id = NULL WHERE job_id = %s", [job_id]
        )
        found = execute(GIVE_UP, [job_id]).fetchone()
        if found is None:
            raise JobInHand
        facts = {"job_id": job_id, "task": found[0]}
        record(Act.JOB_CANCELLED, facts, acting_user=acting_user, as_of=as_of)
