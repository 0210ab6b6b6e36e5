"""Killed between a deed and its note, and at random: each case is changed once, and told so."""

from __future__ import annotations

import random
import subprocess
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Count

from tests.desk import people
from tests.desk.mails import mail, opened
from tests.desk.working import SET_UP, running
from ventanilla.desk import bulk
from ventanilla.register.models import Case, LedgerEntry
from ventanilla.workspace.models import BulkDeed

NOW = people.FRIDAY_3PM + timedelta(minutes=30)
CASES = 30
MAX_KILLS = 12
KILLED = -9
DO = (
    SET_UP
    + "import os, signal, sys\n"
    + "from dataclasses import replace\n"
    + "from datetime import datetime\n"
    + "from uuid import UUID\n"
    + "from ventanilla.core.actors import Actor\n"
    + "from ventanilla.desk import bulk\n"
    + "from ventanilla.register.models import Case\n"
    + "from ventanilla.workspace import bulk as book\n"
    + "from ventanilla.workspace.models import BulkDeed\n"
    + "what, staff, key, at, dies_at = sys.argv[1:]\n"
    + "who, at, left = Actor.staff(int(staff)), datetime.fromisoformat(at), int(dies_at)\n"
    + "def note(pages):\n"
    + "    def note_done(deed, case_id, outcome):\n"
    + "        global left\n"
    + "        left -= 1\n"
    + "        if left == 0:  # before it is noted\n"
    + "            os.kill(os.getpid(), signal.SIGKILL)\n"
    + "        pages.note_done(deed, case_id, outcome)\n"
    + "    return replace(pages, note_done=note_done)\n"
    + "book.DOING, book.UNDOING = note(book.DOING), note(book.UNDOING)\n"
    + "print('working', flush=True)\n"
    + "if what == 'do':\n"
    # As its chooser saw them: with only their opening in the record.
    + "    chosen = {each.pk: int(os.environ['SEEN']) for each in Case.objects.order_by('id')}\n"
    + "    bulk.carry_out(deed=bulk.Assigning(assignee_id=who.id), chosen=chosen,\n"
    + "                   request_key=UUID(key), acting_user=who, as_of=at)\n"
    + "else:\n"
    + "    bulk.undo(written=BulkDeed.objects.get(), acting_user=who, as_of=at)\n"
)
pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("desk")]


def some_cases(count: int) -> list[Case]:
    cases = [opened(mail(subject=f"Cobro {number}")) for number in range(count)]
    assert len({case.ledger_seq for case in cases}) == 1
    return cases


class Worker:
    """Another process that does the deed with this key."""

    def __init__(self, cases: list[Case]) -> None:
        self.staff = people.berta().id
        self.key: UUID = uuid4()
        self.seen = str(cases[0].ledger_seq)

    def runs(self, what: str, *, dies_at: int = 0, for_s: float = 120) -> int | None:
        """How it ended; None when it was still at work after ``for_s`` and was killed."""
        asked = (what, str(self.staff), str(self.key), NOW.isoformat(), str(dies_at))
        with running(DO, *asked, SEEN=self.seen) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "working\n", process.stdout.read()
            try:
                return process.wait(timeout=for_s)
            except subprocess.TimeoutExpired:
                return None


def assignments() -> list[int]:
    """How many times each case was given to somebody or taken back, by case."""
    found = LedgerEntry.objects.filter(kind="case_assigned").order_by("case").values("case")
    return [row["n"] for row in found.annotate(n=Count("id"))]


def test_a_process_killed_between_a_deed_and_its_note_did_neither() -> None:
    cases = some_cases(4)
    worker = Worker(cases)
    assert worker.runs("do", dies_at=3) == KILLED
    deed = BulkDeed.objects.get()
    assert (len(deed.before), len(deed.refused), assignments()) == (2, 2, [1, 1])

    assert worker.runs("do") == 0
    deed.refresh_from_db()
    assert (len(deed.before), deed.refused, assignments()) == (4, {}, [1, 1, 1, 1])

    assert worker.runs("undo", dies_at=2) == KILLED
    deed.refresh_from_db()
    assert (len(deed.undone), deed.kept, assignments()) == (1, {}, [2, 1, 1, 1])

    assert worker.runs("undo") == 0
    deed.refresh_from_db()
    assert (len(deed.undone), deed.kept, assignments()) == (4, {}, [2, 2, 2, 2])
    assert set(Case.objects.values_list("assignee_id", flat=True)) == {None}


@pytest.mark.slow
def test_killed_at_random_it_ends_like_one_that_was_not() -> None:
    worker = Worker(some_cases(CASES))
    chance, kills = random.Random(20261204), 0
    for what in ("do", "undo"):
        for _ in range(MAX_KILLS // 2):
            kills += worker.runs(what, for_s=chance.uniform(0.02, 0.3)) is None
        assert worker.runs(what) == 0
        once = 1 if what == "do" else 2
        assert assignments() == [once] * CASES
    assert kills >= 3
    deed = BulkDeed.objects.get()
    assert (len(deed.before), len(deed.undone), deed.refused, deed.kept) == (CASES, CASES, {}, {})
    assert bulk.undo(written=deed, acting_user=people.berta(), as_of=NOW).undone == deed.undone
