"""Jobs that failed say why, are tried again or given up; a real worker carries them out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.desk import mails, people, working
from tests.patience import until
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor
from ventanilla.core.statements import execute
from ventanilla.desk import job_care, job_reading, job_troubles, queueing
from ventanilla.desk.models import JobTrouble

pytestmark = pytest.mark.usefixtures("desk")


def marcela() -> Actor:
    made = Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela", role=Role.ADMINISTRATOR
    )
    return Actor.staff(made.pk)


def failed(task: str = queueing.RECEIVE, row: int = 2**40) -> int:
    """A job that the engine has given up."""
    queueing.defer_receive(row)
    job = ProcrastinateJob.objects.get(task_name=task, args={"item_id": row}, status="todo")
    execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job.id])
    return int(job.id)


def status_of(job_id: int) -> str | None:
    return ProcrastinateJob.objects.filter(pk=job_id).values_list("status", flat=True).first()


def test_a_job_that_fails_under_a_real_worker_says_why() -> None:
    """No such mail: DoesNotExist, tried five times by the engine, then failed."""
    queueing.defer_receive(2**40)
    job_id = ProcrastinateJob.objects.get().id
    with working.running(working.WORK):
        until(lambda: JobTrouble.objects.filter(job_id=job_id).exists())
    trouble = JobTrouble.objects.get(job_id=job_id)
    assert trouble.task_name == "receive"
    assert trouble.reason.startswith("DoesNotExist")


def test_the_error_of_a_timer_is_noted_too() -> None:
    script = working.WITH_TASK.format(
        task=(
            "from ventanilla.desk import deadlines\n"
            "def fails(**_): raise RuntimeError('se rompió')\n"
            "deadlines.run = fails\n"
        )
    )
    app.configure_task("sweep_deadlines", queue="timers").defer(timestamp=0)
    with working.running(script):
        until(lambda: JobTrouble.objects.filter(task_name="sweep_deadlines").exists())
    assert "se rompió" in JobTrouble.objects.filter(task_name="sweep_deadlines")[0].reason


def test_the_overview_counts_and_the_lists_tell() -> None:
    mails.stored(mails.mail())
    job_id = failed()
    job_troubles.note(
        job_id=job_id, task_name="receive", error=ValueError("x\0" * 3000), as_of=timezone.now()
    )
    seen = job_reading.overview(timezone.now())
    assert (seen.waiting, seen.running, seen.failed) == (1, 0, 1)
    assert seen.first_waits_since is not None
    assert seen.heartbeat_at is None
    (told,) = job_reading.failed()
    assert told.id == job_id
    assert told.reason.startswith("ValueError: xx")
    assert len(told.reason) == job_troubles.REASON_LENGTH
    assert [each.task for each in job_reading.waiting()] == ["receive"]
    assert job_reading.running() == []


def test_one_that_was_put_off_waits_since_its_moment_not_since_it_was_asked_for() -> None:
    queueing.defer_receive(2**40)
    asked = job_reading.overview(timezone.now()).first_waits_since
    assert asked is not None
    at = timezone.now() + timedelta(hours=2)
    execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [at])
    assert job_reading.overview(timezone.now()).first_waits_since is None
    assert job_reading.overview(at + timedelta(minutes=1)).first_waits_since == at
    execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [asked - timedelta(hours=2)])
    assert job_reading.overview(timezone.now()).first_waits_since == asked


def test_a_failed_job_is_tried_again_once() -> None:
    job_id, boss = failed(), marcela()
    job_care.retry(job_id=job_id, acting_user=boss, as_of=timezone.now())
    assert status_of(job_id) == "todo"
    with pytest.raises(job_care.JobNotFailed):
        job_care.retry(job_id=job_id, acting_user=boss, as_of=timezone.now())
    assert [each.kind for each in entries()] == [Act.JOB_RETRIED]


def test_one_that_waits_already_need_not_be_tried_again() -> None:
    job_id = failed()
    queueing.defer_receive(2**40)
    with pytest.raises(job_care.JobWaitsAlready):
        job_care.retry(job_id=job_id, acting_user=marcela(), as_of=timezone.now())
    assert status_of(job_id) == "failed"


def test_a_job_is_given_up_unless_a_worker_has_it() -> None:
    job_id, boss = failed(), marcela()
    other = failed(row=2**41)
    execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [other])
    job_care.give_up(job_id=job_id, acting_user=boss, as_of=timezone.now())
    assert status_of(job_id) is None
    for gone in (job_id, other, 2**50):
        with pytest.raises(job_care.JobInHand):
            job_care.give_up(job_id=gone, acting_user=boss, as_of=timezone.now())
    assert status_of(other) == "doing"


@pytest.mark.parametrize("who", [people.berta, people.elena, people.octavio])
def test_only_administrators_touch_jobs(who: object) -> None:
    job_id = failed()
    for deed in (job_care.retry, job_care.give_up):
        with pytest.raises(NotPermitted):
            deed(job_id=job_id, acting_user=who(), as_of=timezone.now())  # type: ignore[operator]  # one of three functions
    assert status_of(job_id) == "failed"


def test_old_reasons_are_forgotten() -> None:
    now = timezone.now()
    for number, days in enumerate((40, 1)):
        job_troubles.note(
            job_id=number, task_name="x", error=ValueError(), as_of=now - timedelta(days=days)
        )
    assert job_troubles.forget_old(as_of=now) == 1
    assert JobTrouble.objects.get().job_id == 1
