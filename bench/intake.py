"""What one mail costs from its bytes to its queued acknowledgement, beside one bare INSERT."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial

from psycopg import Connection
from psycopg.rows import TupleRow

from bench.house import process
from bench.measure import Figure, timed
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk import intake

WARM_UP = 50
DESK = "clientes@generasoft.example"


def mail(number: int) -> bytes:
    """A usual request of about five kilobytes, each from a sender of its own."""
    message = EmailMessage()
    message["From"] = f"Persona {number} <persona{number}@clientes.example>"
    message["To"] = DESK
    message["Subject"] = f"Consulta {number} sobre la factura"
    message["Message-ID"] = f"<bench-{number}@clientes.example>"
    message["Date"] = "Mon, 23 Nov 2026 09:00:00 -0500"
    sentence = f"Tengo una duda con la factura {number} y con el cobro de este mes. "
    message.set_content("Buenos días.\n\n" + (sentence * 3 + "\n") * 12 + "\nGracias.\n")
    message.add_alternative(f"<p>Buenos días.</p><p>{sentence * 30}</p>", subtype="html")
    return message.as_bytes()


def unit_a(connection: Connection[TupleRow], *, samples: int) -> Figure:
    """One bare committed INSERT of the same bytes through psycopg."""
    connection.autocommit = True
    connection.execute(
        b"CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, raw bytea)"
    )
    mails = [mail(number) for number in range(samples)]
    return Figure.of(
        [
            timed(partial(connection.execute, b"INSERT INTO bench_bare (raw) VALUES (%s)", [raw]))
            for raw in mails
        ]
    )


def feed(*, first: int, count: int) -> Figure:
    """Hand mails over as the listener does; the cost of each acceptance."""
    return Figure.of([timed(partial(_accept, number)) for number in range(first, first + count)])


def seconds_per_mail(*, count: int, between: Callable[[], Figure]) -> tuple[float, Figure]:
    """One worker process drains ``count`` mails that wait; its seconds for each.

    Acceptance and the bare INSERT are measured in the same minute (``between``).
    """
    feed(first=0, count=WARM_UP)
    with process("serve", "worker"):
        _wait_for(WARM_UP)
    accepted = feed(first=WARM_UP, count=count)
    unit = between()
    with process("serve", "worker"):
        _wait_for(WARM_UP + 1)  # the process stands; from here on the clock runs
        done, began = _settled(), time.perf_counter()
        _wait_for(WARM_UP + count)
        worked = (time.perf_counter() - began) / (WARM_UP + count - done)
    return accepted.p50 + worked, unit


def _accept(number: int) -> None:
    raw = mail(number)
    intake.accept(
        raw=raw,
        gateway="smtp",
        envelope_from=f"persona{number}@clientes.example",
        recipients=[DESK],
        remote="127.0.0.1",
        as_of=datetime.now(UTC),
    )


def _settled() -> int:
    return InboundItem.objects.exclude(fate=Fate.PENDING).count()


def _wait_for(count: int) -> None:
    while _settled() < count:
        time.sleep(0.02)
