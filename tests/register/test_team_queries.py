"""What a leader reads: worked by hand, few statements, each a range of an index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, bogota, hours
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment
from ventanilla.register.queries import team
from ventanilla.register.queries.team import DayOfPromises, Load

pytestmark = pytest.mark.django_db

# First response: 12 business day hours end on Monday 2026-12-07 at 03:00 (see the deadlines).
MONDAY = bogota(2026, 12, 7, 0)
DUE = bogota(2026, 12, 7, 3)


def assigned(case: Case, to: int | None) -> Case:
    return register.assign(case=case, assignee_id=to, **cast.by_berta(FRIDAY_3PM))


def no_scan(asked: CaptureQueriesContext, table: str) -> None:
    """Each statement can be answered without reading the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for each in asked:
            cursor.execute("EXPLAIN " + each["sql"].replace("%", "%%"), [])
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"Seq Scan on {table}" not in plan, plan


def test_running_promises_are_those_due_soon_and_neither_met_nor_paused() -> None:
    late, paused, met = (cast.opened() for _ in range(3))
    cast.answered(met, FRIDAY_3PM + hours(1))
    paused = cast.assessed(paused, FRIDAY_3PM + hours(0.2))
    Commitment.objects.filter(case=paused).update(paused_since=FRIDAY_3PM)
    ids = [late.pk, paused.pk, met.pk]
    found = team.running_promises(ids, due_before=DUE + timedelta(seconds=1))
    assert {each.case_id for each in found if each.key == "first_response"} == {late.pk}
    assert team.running_promises(ids, due_before=FRIDAY_3PM) == []


def test_load_tells_open_overdue_today_and_waiting_in_one_statement() -> None:
    berta, carlos = cast.berta(), cast.carlos()
    for _ in range(3):
        assigned(cast.opened(), berta.pk)
    waiting = register.start_work(
        case=cast.assessed(cast.opened(), FRIDAY_3PM), **cast.by_berta(FRIDAY_3PM)
    )
    waiting = register.wait(
        case=waiting, status="waiting_customer", reason="Falta la factura.",
        **cast.by_berta(FRIDAY_3PM),
    )  # fmt: skip
    assigned(waiting, berta.pk)
    resolved = cast.resolved(cast.in_progress(FRIDAY_3PM), FRIDAY_3PM + hours(1))
    assigned(resolved, berta.pk)
    due = Case.objects.exclude(next_due_at=None).earliest("next_due_at").next_due_at
    assert due is not None
    day_end = due + hours(1)

    def read(as_of: datetime, desks: list[str] | None = None) -> dict[int, Load]:
        return team.load_of([berta.pk, carlos.pk], desks=desks, as_of=as_of, day_end=day_end)

    before = read(due - hours(1))
    assert before[carlos.pk] == Load()
    assert (before[berta.pk].open, before[berta.pk].overdue) == (4, 0)
    assert before[berta.pk].today >= 3
    assert before[berta.pk].waiting == 1
    after = read(due + timedelta(seconds=1))
    assert after[berta.pk].overdue >= 3
    assert read(due, ["soporte"])[berta.pk] == Load()
    with CaptureQueriesContext(connection) as asked:
        read(due)
    assert len(asked) == 1


def test_a_day_of_promises_counts_kept_open_and_broken() -> None:
    """Three first responses fall due on Monday at 03:00: one kept, one kept too late, one not."""
    kept, late, open_one = (cast.opened() for _ in range(3))
    cast.answered(kept, FRIDAY_3PM + hours(1))
    cast.answered(late, DUE + hours(1))
    end = MONDAY + timedelta(days=1)
    day = team.promises_of_day(MONDAY, end, desks=None)
    firsts = [each for each in day if each.key == "first_response"]
    assert [each.case_id for each in firsts] == [kept.pk, late.pk, open_one.pk]
    others = len(day) - len(firsts)
    assert others == 0, [each.key for each in day]
    assert team.count_of_day(MONDAY, end, desks=None, as_of=DUE - hours(1)) == DayOfPromises(
        kept=1, open=1, broken=1
    )
    assert team.count_of_day(MONDAY, end, desks=None, as_of=DUE + hours(2)) == DayOfPromises(
        kept=1, open=0, broken=2
    )
    assert team.count_of_day(MONDAY, end, desks=["soporte"], as_of=DUE).all == 0


def test_a_day_is_paged_by_key_without_losing_any() -> None:
    for _ in range(5):
        cast.opened()
    end = MONDAY + timedelta(days=1)
    seen: list[int] = []
    key = None
    while page := team.promises_of_day(MONDAY, end, desks=None, after=key, limit=2):
        seen += [each.pk for each in page]
        key = (page[-1].due_at, page[-1].pk)
    whole = team.promises_of_day(MONDAY, end, desks=None)
    assert seen == [each.pk for each in whole]
    assert len(seen) == len(set(seen)) >= 5


def test_what_nobody_took_is_told_longest_waiting_first() -> None:
    old, new, taken = (cast.opened(received_at=FRIDAY_3PM + hours(hour)) for hour in (0, 3, 0))
    assigned(taken, cast.berta().pk)
    assert team.unassigned_since(FRIDAY_3PM + hours(2), desks=None) == [old]
    assert team.unassigned_since(FRIDAY_3PM + hours(9), desks=None) == [old, new]
    assert team.unassigned_since(FRIDAY_3PM + hours(9), desks=["soporte"]) == []


def test_no_read_goes_through_the_whole_register() -> None:
    berta = cast.berta().pk
    case = assigned(cast.opened(), berta)
    reads: dict[str, list[Callable[[], object]]] = {
        "register_case": [
            lambda: team.unassigned_since(DUE, desks=["soporte"]),
            lambda: team.held_by(berta, desks=None, limit=20),
            lambda: team.load_of([berta], desks=None, as_of=DUE, day_end=DUE),
        ],
        "register_commitment": [
            lambda: team.running_promises([case.pk], due_before=DUE),
            lambda: team.promises_of_day(MONDAY, DUE, desks=["soporte"]),
            lambda: team.count_of_day(MONDAY, DUE, desks=None, as_of=DUE),
        ],
    }
    for table, those in reads.items():
        for read in those:
            with CaptureQueriesContext(connection) as asked:
                read()
            assert len(asked) == 1
            no_scan(asked, table)
