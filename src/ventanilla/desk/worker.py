"""A worker process: carries out the jobs until it is told to stop or the database goes away."""

from __future__ import annotations

import asyncio
import signal

import structlog
from django.conf import settings
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

HEARTBEAT_S = 5.0
DEAD_AFTER_S = 30.0
"""A worker silent for so long is taken for dead and its jobs for stalled."""
POLL_S = 5.0
"""New jobs announce themselves (LISTEN/NOTIFY); only a job put off for a while is found by looking."""
POOL_TIMEOUT_S = 5.0
OWN_CONNECTIONS = 3
"""Beside one per job: heartbeat, timers, the fetching of the next job."""

STOPPED = 0
LOST_DATABASE = 1

log = structlog.get_logger(__name__)


def run() -> int:
    """Work until SIGTERM or SIGINT (the jobs in hand are finished first); the exit code.

    Not 0 when it ended by itself, which is when the database does not answer: whoever started
    it starts it again, and its jobs are found as stalled.
    """
    return asyncio.run(_run(settings.VENTANILLA.worker_concurrency))


async def _run(concurrency: int) -> int:
    worker = app_for_workers(concurrency)
    try:
        async with worker.open_async():
            return await _until_told(worker, concurrency)
    except Exception as error:
        log.error("worker_failed", exc_info=error)
        return LOST_DATABASE


def app_for_workers(concurrency: int) -> App:
    """The jobs' app on connections of its own: the one of Django cannot listen."""
    connector = PsycopgConnector(
        kwargs=connector_params(),
        min_size=1,
        max_size=concurrency + OWN_CONNECTIONS,
        timeout=POOL_TIMEOUT_S,
    )
    return app.with_connector(connector)


async def _until_told(worker: App, concurrency: int) -> int:
    working = asyncio.create_task(
        worker.run_worker_async(
            concurrency=concurrency,
            # A finished job says nothing that the record does not say; failed ones are kept.
            delete_jobs="successful",
            fetch_job_polling_interval=POLL_S,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=DEAD_AFTER_S,
            install_signal_handlers=False,
        )
    )
    told = _told_to_stop()
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    if not told.done():
        await working  # raises what ended it, if it raised
        log.error("worker_ended_by_itself")
        return LOST_DATABASE
    working.cancel()  # to the engine: finish what is in hand, take nothing new
    await asyncio.wait({working})
    return STOPPED


def _told_to_stop() -> asyncio.Future[None]:
    """Done when this process is asked to stop."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not told.done():
            told.set_result(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell)
    return told
