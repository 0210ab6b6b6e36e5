"""Real threads on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from ventanilla.register import operations as register
from ventanilla.register.models import Case, FolioSeries
from ventanilla.register.operations import CaseMoved
from ventanilla.register.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


Result = TypeVar("Result")


def in_thread(work: Callable[[int], Result], number: int) -> Result:
    try:
        return work(number)
    finally:
        connection.close()


def test_G6_parallel_openings_get_consecutive_folios_and_a_rollback_leaves_no_gap() -> None:
    cast.opened()
    started = threading.Barrier(4)

    def opening(number: int) -> None:
        started.wait(timeout=10)
        for turn in range(5):
            with transaction.atomic(durable=True):
                cast.opened()
                if (number + turn) % 3 == 0:
                    transaction.set_rollback(True)

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(in_thread, opening, number) for number in range(4)]
        for each in done:
            each.result(timeout=60)
    numbers = sorted(int(folio[8:14]) for folio in Case.objects.values_list("folio", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert FolioSeries.objects.get().last_number == len(numbers)
    assert verify().is_clean


def test_two_staff_members_at_once_one_is_told_what_the_other_did() -> None:
    case = cast.opened()
    seen = case.ledger_seq
    staff = [cast.berta(), cast.carlos()]
    started = threading.Barrier(2)

    def take(number: int) -> str:
        started.wait(timeout=10)
        try:
            with transaction.atomic(durable=True):
                register.assign(
                    case=case, assignee_id=staff[number].pk, expected_seq=seen,
                    acting_user=cast.acting(staff[number]), as_of=FRIDAY_3PM,
                )  # fmt: skip
        except CaseMoved as moved:
            return moved.message
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(
            each.result(timeout=30) for each in [pool.submit(in_thread, take, n) for n in range(2)]
        )
    assert told[1] == "done"
    assert "cambió el caso" in told[0]
    case.refresh_from_db()
    assert case.ledger_seq == seen + 1


def test_merging_crosswise_does_not_deadlock() -> None:
    pair = [cast.opened(), cast.opened()]
    started = threading.Barrier(2)
    berta = cast.acting(cast.berta())

    def join(number: int) -> str:
        started.wait(timeout=10)
        try:
            with transaction.atomic(durable=True):
                register.merge(
                    case=pair[number], into=pair[1 - number], acting_user=berta, as_of=FRIDAY_3PM + hours(1),
                )  # fmt: skip
        except (register.AlreadyMerged, register.CaseIsMerged):
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(in_thread, join, n) for n in range(2)]
        assert sorted(each.result(timeout=30) for each in work) == ["done", "refused"]
    assert verify().is_clean


def test_an_alert_goes_off_once_however_many_look() -> None:
    case = cast.opened()
    row = case.commitments.get(key="first_response")
    started = threading.Barrier(3)

    berta = cast.acting(cast.berta())

    def look(_: int) -> bool:
        started.wait(timeout=10)
        with transaction.atomic(durable=True):
            alert = register.record_alert(
                commitment_id=row.pk, step="due", acting_user=berta, as_of=row.due_at,
            )  # fmt: skip
        return alert is not None

    with ThreadPoolExecutor(3) as pool:
        work = [pool.submit(in_thread, look, n) for n in range(3)]
        assert sum(each.result(timeout=30) for each in work) == 1
