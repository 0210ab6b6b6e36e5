"""Killed at random moments, many times: each warning goes off exactly once all the same."""

import random
import subprocess
from datetime import timedelta

import pytest

from tests.desk import people
from tests.desk.test_deadlines import DUE, expect_each_once
from tests.desk.working import SET_UP, running
from tests.register import cast
from ventanilla.register.models import LedgerEntry

CASES = 40
MAX_KILLS = 30
LATE = DUE + timedelta(days=30)
LOOK = (
    SET_UP
    + "import sys\n"
    + "from datetime import datetime\n"
    + "from django.db import transaction\n"
    + "from ventanilla.desk import deadlines\n"
    + "from ventanilla.core.actors import SYSTEM\n"
    + "from ventanilla.register import operations as register\n"
    + "from ventanilla.register.models import Commitment\n"
    # Once for nothing, so that what follows is all work: the pack is read, the calendar built.
    + "as_of = datetime.fromisoformat(sys.argv[1])\n"
    + "waiting = Commitment.objects.filter(next_alert_at__lte=as_of).first()\n"
    + "if waiting:\n"
    + "    with transaction.atomic():\n"
    + "        register.record_alert(commitment_id=waiting.pk, acting_user=SYSTEM, as_of=as_of)\n"
    + "        transaction.set_rollback(True)\n"
    + "print('looking', flush=True)\n"
    + "print(deadlines.run(as_of=as_of), flush=True)\n"
)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
def test_each_warning_goes_off_once_whoever_crashes() -> None:
    people.elena()
    cases = [cast.opened() for _ in range(CASES)]
    chance = random.Random(20261204)
    kills = 0
    progress: list[int] = []
    for _ in range(MAX_KILLS):
        with running(LOOK, LATE.isoformat()) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "looking\n"
            try:
                process.wait(timeout=chance.uniform(0.02, 0.2))
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
            else:
                break
        progress.append(LedgerEntry.objects.filter(kind="alert_fired").count())
    with running(LOOK, LATE.isoformat()) as process:
        assert process.wait(timeout=120) == 0
    assert kills >= 5
    assert len(set(progress)) > 3, "the kills did not fall into the middle of the work"
    expect_each_once(cases, LATE)
