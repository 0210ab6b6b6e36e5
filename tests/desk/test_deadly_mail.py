"""A mail that kills whoever reads it, as one that eats all memory does."""

from contextlib import suppress

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tests.desk.mails import mail, stored
from tests.desk.working import SET_UP, running
from tests.patience import until
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk.intake.receiving import MOST_FAILURES

DEADLY = "Este correo acaba con quien lo lee."
KILLED = 9
DYING = (
    SET_UP
    + "import os, sys\n"
    + "from ventanilla.desk import worker\n"
    + "from ventanilla.desk.intake import receiving\n"
    + "parse = receiving.parse\n"
    + f"deadly = {DEADLY!r}.encode()\n"
    + "def read(raw, **facts):\n"
    + f"    return os._exit({KILLED}) if deadly in raw else parse(raw, **facts)\n"
    + "receiving.parse = read\n"
    + "sys.exit(worker.run())\n"
)


@pytest.mark.usefixtures("desk")
def test_it_is_put_aside_after_a_while_and_the_others_go_on() -> None:
    first = stored(mail("Buenas tardes: quiero saber cuándo vence la factura."))
    deadly = stored(mail(DEADLY))
    behind = [stored(mail(f"Buenas tardes: es la consulta {each}.")) for each in range(3)]
    for _ in range(MOST_FAILURES):
        with running(DYING, VENTANILLA_WORKER_CONCURRENCY="1") as process:
            assert process.wait(timeout=60) == KILLED
        _let_heartbeats_grow_old()
        with suppress(AlreadyEnqueued):  # by the clock of the worker that died
            app.configure_task("retry_stalled").defer()
    with running(DYING, VENTANILLA_WORKER_CONCURRENCY="1"):
        until(lambda: not InboundItem.objects.filter(fate=Fate.PENDING).exists(), seconds=60)

    deadly.refresh_from_db()
    assert (deadly.fate, deadly.fate_reason) == (Fate.QUARANTINE, "worker_died")
    for each in (first, *behind):
        each.refresh_from_db()
        assert (each.fate, each.failures <= 1) == (Fate.CASE, True)


def _let_heartbeats_grow_old() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
