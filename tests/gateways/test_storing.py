"""The listener with the real database behind it, also when that goes away."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.gateways.listening import DESK, listening
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk.intake.accept import accept
from ventanilla.host.postgres import ROLE, SUPERUSER

MAIL = b"From: ana@cliente.example\r\nSubject: %d\r\n\r\nBuenos dias\r\n"

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def database_away() -> Iterator[None]:
    """Within the block the server ends every connection and takes no new one."""
    name = connection.settings_dict["NAME"]
    parameters = connection.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)
    }
    if wanted.get("user") == ROLE:
        wanted["user"] = SUPERUSER
    connection.close()
    with psycopg.connect(dbname="postgres", autocommit=True, **wanted) as other:
        allow = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        database = psycopg.sql.Identifier(name)
        other.execute(allow.format(database, psycopg.sql.SQL("false")))
        try:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            yield
        finally:
            other.execute(allow.format(database, psycopg.sql.SQL("true")))


def send(smtp: smtplib.SMTP, number: int) -> int:
    smtp.ehlo_or_helo_if_needed()
    smtp.mail("ana@cliente.example")
    smtp.rcpt(DESK)
    return smtp.data(MAIL % number)[0]


def test_after_the_answer_the_mail_and_its_job_are_committed() -> None:
    with listening(accept) as (port, _), smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        assert send(smtp, 1) == 250
        item = InboundItem.objects.get()
        assert bytes(item.raw) == MAIL % 1
        assert (item.fate, item.recipients, item.remote) == (Fate.PENDING, [DESK], "127.0.0.1")
        assert ProcrastinateJob.objects.count() == 1


def test_a_database_that_goes_away_means_try_again_and_nothing_is_lost_or_doubled() -> None:
    with listening(accept) as (port, _), smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        assert send(smtp, 1) == 250
        with database_away():
            assert send(smtp, 2) == 451
            assert send(smtp, 2) == 451
        deadline = time.monotonic() + 30
        while (code := send(smtp, 2)) != 250:  # the pool may still hold dead connections
            assert code == 451
            assert time.monotonic() < deadline
        assert send(smtp, 3) == 250
    raws = [bytes(raw) for raw in InboundItem.objects.order_by("id").values_list("raw", flat=True)]
    assert raws == [MAIL % 1, MAIL % 2, MAIL % 3]
