"""Mail whose headers no database key and no outgoing mail can hold still gets its fate and answer."""

from __future__ import annotations

import random

import psycopg
import pytest
from django.db import OperationalError, connection

from tests.desk.mails import acknowledgement_of, arrived
from tests.desk.working import database_url
from ventanilla.channels import delivery
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.core.statements import lift_time_limits
from ventanilla.desk.patience import is_temporary
from ventanilla.evidence.contents import load

pytestmark = pytest.mark.usefixtures("desk")

TO = b"To: clientes@generasoft.example\r\n"
TEXT = b"\r\nMe cobraron dos veces la factura.\r\n"


def taken(head: bytes) -> InboundItem:
    return arrived(head + TO + TEXT, recipients=["clientes@generasoft.example"])


def test_an_identifier_longer_than_any_index_key_is_read_as_none() -> None:
    letters = random.Random(7)
    odd = "".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(950)).encode()
    who = b"From: Ana <ana@cliente.example>\r\nSubject: Factura\r\n"
    item = taken(who + b"Message-ID: <" + odd + b"@x>\r\nReferences: <" + odd + b"@x> <a@b>\r\n")
    assert item.fate == Fate.CASE, item.fate_detail


def test_what_may_not_be_sent_again_does_not_hold_up_the_acknowledgement() -> None:
    item = taken(
        b"From: \xff\xfe <ana@cliente.example>\r\nSubject: \xe9\xff\r\n"
        b"Message-ID: <\xff\xe9@c.example>\r\nReferences: <\xff@c> <good@c.example>\r\n"
    )
    assert item.case is not None
    written = delivery.compose_row(acknowledgement_of(item.case), load)
    assert b"References: <good@c.example>\r\n" in written


def test_a_line_end_hidden_in_name_or_subject_becomes_no_header() -> None:
    item = taken(
        b"From: =?utf-8?q?Ana=0D=0ABcc:_otro=40x.example?= <ana@cliente.example>\r\n"
        b"Subject: =?utf-8?q?uno=0D=0ABcc:_otro=40x.example=0D=0A=0D=0Ados?=\r\n"
    )
    assert item.case is not None
    head = delivery.compose_row(acknowledgement_of(item.case), load).split(b"\r\n\r\n")[0]
    assert b"\r\nBcc" not in head
    assert head.count(b"\r\nSubject:") == 1


def test_what_does_not_fit_into_the_database_is_not_tried_for_ever() -> None:
    letters = random.Random(7)
    long = "".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(3_000))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE narrow (word text UNIQUE)")
        with pytest.raises(OperationalError) as too_long:
            cursor.execute("INSERT INTO narrow VALUES (%s)", [long])
        cursor.execute("DROP TABLE narrow")
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError) as interrupted:
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("RESET statement_timeout")
    assert not is_temporary(too_long.value)
    assert not is_temporary(interrupted.value)


def test_who_waits_for_a_slow_one_is_tried_again() -> None:
    with psycopg.connect(database_url()) as other, connection.cursor() as cursor:
        other.execute("SELECT pg_advisory_lock(77)")
        cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError) as held_up:
            cursor.execute("SELECT pg_advisory_lock(77)")
        cursor.execute("RESET lock_timeout")
    assert is_temporary(held_up.value)


def test_no_statement_of_ours_may_run_for_ever_unless_it_says_so() -> None:
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
            )
            return [*(cursor.fetchone() or ())]

    try:
        assert limits() == ["1min", "30s"]
        lift_time_limits()
        assert limits() == ["0", "0"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout; RESET lock_timeout")
    assert limits() == ["1min", "30s"]
