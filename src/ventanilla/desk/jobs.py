"""What workers do, ids only. Here, and in no floor below, the clock is read."""

from __future__ import annotations

from typing import cast

from asgiref.sync import sync_to_async
from django.utils.timezone import now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from ventanilla.accounts.sessions import clear_expired_sessions
from ventanilla.desk import (
    closing,
    deadlines,
    drafting,
    intake,
    outbox,
    sending,
    staffing,
    uploading,
)
from ventanilla.desk.job_troubles import forget_old, noted
from ventanilla.desk.patience import Patience
from ventanilla.desk.queueing import DELIVER, MAIL_IN, MAIL_OUT, RECEIVE, RELEASE, SEND, TIMERS
from ventanilla.desk.turns import take_turn
from ventanilla.desk.worker import DEAD_AFTER_S
from ventanilla.evidence.upkeep import remove_orphans

EVERY_MINUTE = "* * * * *"
EVERY_QUARTER_MINUTE = "* * * * * */15"
EVERY_HOUR = "35 * * * *"
EVERY_NIGHT = "20 8 * * *"
"""08:20 UTC: the small hours in Bogotá and in Mexico City."""

FAILED_JOBS_KEPT_HOURS = 30 * 24


@app.task(name=RECEIVE, queue=MAIL_IN, retry=Patience(), pass_context=True)
@noted
def receive(context: JobContext, *, item_id: int) -> None:
    """Carry one inbound item, and those waiting behind it, the whole way."""
    take_turn(context, lambda each: intake.receive(item_id=each, as_of=now()), item_id=item_id)


@app.task(name=DELIVER, queue=MAIL_OUT, retry=Patience(), pass_context=True)
@noted
def deliver(context: JobContext, *, outbound_id: int) -> None:
    """Try to hand one outbox message over, and those waiting behind it."""
    take_turn(
        context,
        lambda each: outbox.deliver(outbound_id=each, as_of=now()),
        outbound_id=outbound_id,
    )


@app.task(name=SEND, queue=MAIL_OUT, retry=Patience(), pass_context=True)
@noted
def send_draft(*, draft_id: int) -> None:
    """Send one answer whose moment has come."""
    sending.send_due(draft_id=draft_id, as_of=now())


@app.task(name=RELEASE, queue=TIMERS, retry=Patience(), pass_context=True)
@noted
def release_cases(*, staff_id: int) -> None:
    """Give the open cases of an ended account back to the queue."""
    staffing.release_cases(staff_id=staff_id, as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep_deadlines", queue=TIMERS, queueing_lock="sweep_deadlines", pass_context=True)
@noted
def sweep_deadlines(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Fire the reminders and escalations that are due."""
    deadlines.run(as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="close_quiet", queue=TIMERS, queueing_lock="close_quiet", pass_context=True)
@noted
def close_quiet(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Close the resolved cases whose quiet period has passed."""
    closing.close_quiet(as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep_inbound", queue=TIMERS, queueing_lock="sweep_inbound", pass_context=True)
@noted
def sweep_inbound(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Defer again what arrived and was left without a job; tell who can help when it stays."""
    intake.sweep(as_of=now())
    intake.warn_of_stuck(as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep_drafts", queue=TIMERS, queueing_lock="sweep_drafts", pass_context=True)
@noted
def sweep_drafts(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Defer again the answers that are due and were left without a job."""
    sending.sweep(as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep_owners", queue=TIMERS, queueing_lock="sweep_owners", pass_context=True)
@noted
def sweep_owners(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Give back to the queue what accounts hold that have ended."""
    staffing.sweep(as_of=now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="sweep_outbox", queue=TIMERS, queueing_lock="sweep_outbox", pass_context=True)
@noted
def sweep_outbox(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Defer the deliveries whose next try is due."""
    outbox.sweep(as_of=now())


@app.periodic(cron=EVERY_QUARTER_MINUTE)
@app.task(name="retry_stalled", queue=TIMERS, queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, /, timestamp: int) -> None:  # noqa: ARG001 - always passed
    """Give the jobs of dead workers back to the living; a mail that kills them is put aside."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
        if job.task_name == RECEIVE:
            item_id = cast("int", job.task_kwargs["item_id"])
            await sync_to_async(intake.note_death)(item_id=item_id, as_of=now())
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # deferred anew meanwhile: that one is the next try
            await jobs.finish_job(job, Status.ABORTED, delete_job=True)


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="prune_jobs", queue=TIMERS, queueing_lock="prune_jobs", pass_context=True)
async def prune_jobs(context: JobContext, /, timestamp: int) -> None:  # noqa: ARG001 - always passed
    """Forget failed jobs after a month, and why they failed; successful ones go at once."""
    await sync_to_async(forget_old)(as_of=now())
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="clear_evidence", queue=TIMERS, queueing_lock="clear_evidence", pass_context=True)
@noted
def clear_evidence(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Delete drafts nobody will miss, and evidence files that belong to no row."""
    drafting.clear(as_of=now())
    remove_orphans(as_of=now())


@app.periodic(cron=EVERY_HOUR)
@app.task(name="clear_uploads", queue=TIMERS, queueing_lock="clear_uploads", pass_context=True)
@noted
def clear_uploads(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Delete what strangers uploaded a day ago and never sent."""
    uploading.clear(as_of=now())


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="clear_sessions", queue=TIMERS, queueing_lock="clear_sessions", pass_context=True)
@noted
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001 - the engine passes the moment of its plan
    """Forget the sessions that expired."""
    clear_expired_sessions(as_of=now())
