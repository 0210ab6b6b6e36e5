"""Jobs: deferred with the change, carried out once, given back when a worker dies."""

import asyncio
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from tests.desk.working import WITH_TASK, database_out_of_reach, running
from tests.patience import until
from ventanilla.channels import operations as channels
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk import queueing, turns, worker
from ventanilla.desk.patience import LONGEST_WAIT_S, TRIES_OF_UNKNOWN, Patience, wait_before
from ventanilla.evidence.storage import NoRoomForEvidence

NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
MARK = "import pathlib\nfolder = pathlib.Path(sys.argv[1])\n"

carried_out: list[int] = []
failing: set[int] = set()
taking_long: set[int] = set()


@app.task(name="test_turn", retry=Patience(), pass_context=True)
def in_turns(context: JobContext, *, row_id: int) -> None:
    turns.take_turn(context, _carry_out, row_id=row_id)


def _carry_out(row_id: int) -> None:
    if row_id in failing:
        raise OperationalError
    if row_id in taking_long:
        time.sleep(0.3)
    carried_out.append(row_id)


@pytest.fixture(autouse=True)
def _nothing_carried_out() -> None:
    carried_out.clear()
    failing.clear()
    taking_long.clear()


def waiting() -> list[tuple[str, dict[str, Any]]]:
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(rows.values_list("task_name", "args"))


def work_off(**options: Any) -> None:
    """Let a real worker carry out what waits, then stop."""

    async def work() -> None:
        own = worker.app_for_workers(2)
        async with own.open_async():
            await own.run_worker_async(
                wait=False,
                install_signal_handlers=False,
                delete_jobs="successful",
                listen_notify=False,
                **options,
            )

    asyncio.run(work())


@pytest.mark.django_db(transaction=True)
def test_a_job_lives_and_dies_with_the_change_that_defers_it() -> None:
    with transaction.atomic():
        queueing.defer_receive(7)
        assert waiting() == [("receive", {"item_id": 7})]
        transaction.set_rollback(True)
    assert waiting() == []

    with transaction.atomic():
        queueing.defer_receive(7)
    assert waiting() == [("receive", {"item_id": 7})]


@pytest.mark.django_db(transaction=True)
def test_one_job_waits_per_row_and_a_second_one_harms_no_transaction() -> None:
    with transaction.atomic():
        assert queueing.defer_deliver(3) == 1
    with transaction.atomic():
        assert queueing.defer_deliver(3) == 0
        assert queueing.defer_deliver(3, 4, 5) == 2
        assert queueing.defer_deliver() == 0
    assert [args["outbound_id"] for _, args in waiting()] == [3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_a_deferred_job_announces_itself_to_the_workers() -> None:
    listening = connection.get_new_connection(connection.get_connection_params())
    listening.autocommit = True
    listening.execute("LISTEN procrastinate_any_queue_v1")
    with transaction.atomic():
        queueing.defer_receive(1)
    heard = list(listening.notifies(timeout=5, stop_after=1))
    listening.close()
    assert "job_inserted" in heard[0].payload


@pytest.mark.django_db(transaction=True)
def test_a_turn_carries_out_everything_that_waits_once() -> None:
    total = turns.LOT * 2 + 3
    for number in range(total):
        app.tasks["test_turn"].configure(queueing_lock=f"test_turn:{number}").defer(row_id=number)
    work_off()
    assert sorted(carried_out) == list(range(total))
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_in_a_turn_is_put_back_alone() -> None:
    failing.add(3)
    for number in range(6):
        app.tasks["test_turn"].defer(row_id=number)
    work_off()
    assert sorted(carried_out) == [0, 1, 2, 4, 5]
    left = ProcrastinateJob.objects.get()
    assert (left.status, left.args, left.attempts) == ("todo", {"row_id": 3}, 1)
    assert left.scheduled_at is not None

    failing.clear()
    ProcrastinateJob.objects.filter(pk=left.pk).update(scheduled_at=None)
    work_off()
    assert carried_out[-1] == 3
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_turn_has_no_time_for_is_handed_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot is taken, the first job of it takes all the time there is, the rest waits as before."""
    monkeypatch.setattr(turns, "TURN_S", 0.2)
    taking_long.add(0)
    for number in range(5):
        app.tasks["test_turn"].configure(queueing_lock=f"test_turn:{number}").defer(row_id=number)
    context = JobContext(
        app=app,
        job=Job(
            id=0, queue="q", lock=None, queueing_lock=None, task_name="test_turn", worker_id=None
        ),
        start_timestamp=0.0,
        abort_reason=lambda: None,
    )
    turns.take_turn(context, _carry_out, row_id=99)
    assert carried_out == [99, 0]
    assert [args["row_id"] for _, args in waiting()] == [1, 2, 3, 4]
    assert ProcrastinateJob.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_way_of_a_mail_is_one_job_and_ends_in_one_fate() -> None:
    """Rubbish is enough here: what counts is that it has a fate and no job is left over."""
    with transaction.atomic():
        for _ in range(3):
            item = channels.store_inbound(
                gateway="smtp", raw=b"\x00 not a mail", envelope_from="", recipients=(), remote="",
                as_of=NOON,
            )  # fmt: skip
            queueing.defer_receive(item.pk)
    work_off(queues=[queueing.MAIL_IN])
    assert not InboundItem.objects.filter(fate=Fate.PENDING).exists()
    assert not ProcrastinateJob.objects.filter(queue_name=queueing.MAIL_IN).exists()


@pytest.mark.parametrize(
    "error", [OperationalError(), InterfaceError(), NoRoomForEvidence(), ConnectionError()]
)
def test_what_passes_by_itself_is_tried_for_ever(error: Exception) -> None:
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=1000)
    assert Patience().get_retry_decision(exception=error, job=job) is not None


def test_what_nobody_foresaw_is_given_up_after_a_few_tries() -> None:
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=0)
    tries = 1
    while Patience().get_retry_decision(exception=KeyError(), job=job) is not None:
        tries, job = tries + 1, job.evolve(attempts=job.attempts + 1)
    assert tries == TRIES_OF_UNKNOWN
    assert [wait_before(each) for each in (0, 1, 2, 5)] == [1, 2, 4, 32]
    assert wait_before(10_000) == LONGEST_WAIT_S


SLOW = (
    MARK
    + "@app.task(name='test_slow')\n"
    + "def slow(number):\n"
    + "    (folder / f'started-{number}').touch()\n"
    + "    time.sleep(float(os.environ['TEST_SECONDS']))\n"
    + "    (folder / f'done-{number}').touch()\n"
)


def defer_slow(number: int) -> None:
    app.configure_task("test_slow").defer(number=number)


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_finishes_the_job_in_hand(tmp_path: Path) -> None:
    defer_slow(1)
    script = WITH_TASK.format(task=SLOW)
    environment = {"TEST_SECONDS": "1.5", "VENTANILLA_WORKER_CONCURRENCY": "1"}
    with running(script, str(tmp_path), **environment) as process:
        until((tmp_path / "started-1").exists)
        defer_slow(2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert (tmp_path / "done-1").exists()
    assert not (tmp_path / "started-2").exists()
    left = ProcrastinateJob.objects.get(task_name="test_slow")
    assert (left.args, left.status) == ({"number": 2}, "todo")


@pytest.mark.django_db(transaction=True)
def test_the_jobs_of_a_killed_worker_are_given_to_another(tmp_path: Path) -> None:
    defer_slow(1)
    script = WITH_TASK.format(task=SLOW)
    with running(script, str(tmp_path), TEST_SECONDS="60") as process:
        until((tmp_path / "started-1").exists)
        process.kill()
    assert ProcrastinateJob.objects.get(task_name="test_slow").status == "doing"
    with connection.cursor() as cursor:  # as if the heartbeat were old
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
    (tmp_path / "started-1").unlink()
    with suppress(AlreadyEnqueued):  # the killed worker may have planned it, at a full minute
        app.configure_task("retry_stalled").defer()
    with running(script, str(tmp_path), TEST_SECONDS="0") as process:
        until((tmp_path / "done-1").exists, seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_database_goes_away_ends_with_an_error(tmp_path: Path) -> None:
    with running(WITH_TASK.format(task=SLOW), str(tmp_path), TEST_SECONDS="0") as process:
        defer_slow(1)
        until((tmp_path / "done-1").exists)
        with database_out_of_reach():
            assert process.wait(timeout=60) == worker.LOST_DATABASE
    # The job it may have had in hand is not lost, and the next worker carries on.
    defer_slow(2)
    with running(WITH_TASK.format(task=SLOW), str(tmp_path), TEST_SECONDS="0"):
        until((tmp_path / "done-2").exists)
