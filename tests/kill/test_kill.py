"""Nothing is lost and nothing is done twice, whoever dies at whatever moment."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.kill.installation import Installation, free_port
from tests.kill.world import Catcher, Sender, sender_number

MAILS = int(os.environ.get("KILLTEST_MAILS", "2000"))
SEED = int(os.environ.get("KILLTEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
DESK = "clientes@generasoft.example"
PARTS = ("worker", "gateways", "database")
PAUSE_BETWEEN_KILLS_S = (0.5, 8.0)
SETTLE_TIMEOUT_S = 900.0

pytestmark = pytest.mark.kill


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, int]]:
    """The relay that takes our mail."""
    port = free_port()
    relay = Catcher()
    relay.start(port)
    yield relay, port
    relay.stop()


@pytest.fixture
def installation(tmp_path: Path, catcher: tuple[Catcher, int]) -> Iterator[Installation]:
    """A running installation; stopped cleanly at the end."""
    house = Installation(folder=tmp_path / "data", relay_port=catcher[1])
    house.start()
    yield house
    house.stop()


@pytest.mark.timeout(3600)
def test_every_mail_has_one_fate_and_one_acknowledgement_whoever_is_killed(
    installation: Installation, catcher: tuple[Catcher, int]
) -> None:
    """2,000 mails while worker, listener and database are killed at random moments."""
    chance = random.Random(SEED)
    sender = Sender(port=installation.smtp_port, desk=DESK, count=MAILS)
    kills = dict.fromkeys(PARTS, 0)
    began = time.monotonic()
    threads = sender.start()
    # Killing goes on while work remains: a tail without danger would prove less.
    while any(thread.is_alive() for thread in threads) or _unfinished(installation) > MAILS // 20:
        # Everyone's turn comes in each round, in an order nobody knows.
        for part in chance.sample(PARTS, k=len(PARTS)):
            time.sleep(chance.uniform(*PAUSE_BETWEEN_KILLS_S))
            kills[part] += installation.kill(part)
    _wait_until_settled(installation)
    print(
        f"\nseed {SEED}: {MAILS} mails, {sender.attempts} attempts, kills {kills}, "
        f"{time.monotonic() - began:.0f} s"
    )
    assert min(kills.values()) >= 3, kills
    _every_mail_has_one_effect(installation)
    _folios_have_no_gap(installation)
    _every_acknowledgement_is_one_message(installation, catcher[0])
    proof = installation.run("verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr


def _unfinished(installation: Installation) -> int:
    """Items without a fate and mail not yet sent; all of them while the database is away."""
    try:
        rows = installation.rows(
            "SELECT (SELECT count(*) FROM channels_inbounditem WHERE fate = 'pending')"
            " + (SELECT count(*) FROM channels_outboundmessage WHERE state = 'queued')"
        )
    except psycopg.Error:
        return MAILS
    return int(str(rows[0][0]))


def _wait_until_settled(installation: Installation) -> None:
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    while _unfinished(installation):
        assert time.monotonic() < deadline, f"{_unfinished(installation)} still unfinished"
        time.sleep(1)


def _every_mail_has_one_effect(installation: Installation) -> None:
    fates = installation.rows(
        "SELECT sender, count(*) FILTER (WHERE fate = 'case'),"
        " count(*) FILTER (WHERE fate NOT IN ('case', 'duplicate'))"
        " FROM channels_inbounditem GROUP BY sender"
    )
    assert {row[0] for row in fates} == {sender_number(number) for number in range(MAILS)}
    assert [row for row in fates if row[1:] != (1, 0)] == []
    assert installation.rows("SELECT count(*) FROM register_case") == [(MAILS,)]


def _folios_have_no_gap(installation: Installation) -> None:
    numbers = installation.rows("SELECT sum(last_number) FROM register_folioseries")
    assert int(str(numbers[0][0])) == MAILS


def _every_acknowledgement_is_one_message(installation: Installation, relay: Catcher) -> None:
    rows = installation.rows(
        "SELECT case_id, count(*) FROM channels_outboundmessage"
        " WHERE kind = 'acknowledgement' AND state = 'sent' GROUP BY case_id"
    )
    assert len(rows) == MAILS
    assert [row for row in rows if row[1] != 1] == []
    for number in range(MAILS):
        message_ids = relay.received[sender_number(number)]
        assert len(set(message_ids)) == 1, (number, message_ids)
