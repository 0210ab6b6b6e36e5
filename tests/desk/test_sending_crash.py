"""Killed at random moments, many times: each answer leaves exactly once all the same."""

from __future__ import annotations

import random
import subprocess
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Count

from tests.desk import people
from tests.desk.mails import opened
from tests.desk.working import SET_UP, running
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import sending
from ventanilla.register.models import Message
from ventanilla.workspace.models import Draft

CASES = 24
MAX_KILLS = 14
NOW = people.FRIDAY_3PM + timedelta(minutes=1)
DUE = NOW + sending.UNDO_WINDOW
SEND = (
    SET_UP
    + "import sys\n"
    + "from datetime import datetime\n"
    + "from ventanilla.desk import sending\n"
    + "from ventanilla.workspace.models import Draft\n"
    + "as_of = datetime.fromisoformat(sys.argv[1])\n"
    + "waiting = list(Draft.objects.order_by('id').values_list('id', flat=True))\n"
    # Once for nothing, so that what follows is all work: the pack is read, the modules are there.
    + "if waiting:\n"
    + "    sending._rehearse(Draft.objects.get(pk=waiting[0]), as_of)\n"
    + "print('sending', flush=True)\n"
    + "for each in waiting:\n"
    + "    sending.send_due(draft_id=each, as_of=as_of)\n"
)


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
@pytest.mark.timeout(600)
def test_each_answer_leaves_once_whoever_crashes() -> None:
    actor, cases = people.berta(), [opened() for _ in range(CASES)]
    for case in cases:
        sending.hand_over(
            case=case,
            reply=sending.Reply(text=f"Va, {case.folio}."),
            request_key=uuid4(),
            acting_user=actor,
            as_of=NOW,
        )
    chance = random.Random(20261204)
    kills, progress = 0, []
    for _ in range(MAX_KILLS):
        with running(SEND, DUE.isoformat()) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "sending\n"
            try:
                process.wait(timeout=chance.uniform(0.05, 0.6))
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
        progress.append(Draft.objects.count())
        if not progress[-1]:
            break
    with running(SEND, DUE.isoformat()) as process:
        assert process.wait(timeout=120) == 0
    assert kills >= 3
    assert len(set(progress)) > 2, "the kills did not fall into the middle of the work"
    assert not Draft.objects.exists()
    sent = Message.objects.filter(direction="out", automatic=False)
    assert sorted(sent.values_list("text", flat=True)) == sorted(f"Va, {c.folio}." for c in cases)
    per_case = OutboundMessage.objects.filter(kind="reply").values("case").annotate(n=Count("id"))
    assert {row["n"] for row in per_case} == {1}
    assert len(per_case) == CASES
