"""Many cases in one go: each by itself, each outcome told, all of it taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.desk import people
from tests.desk.mails import mail, opened
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor
from ventanilla.desk import bulk, changes
from ventanilla.desk.bulk import Assigning, Prioritising, Reading, Watching
from ventanilla.register.models import Case
from ventanilla.workspace import bulk as book
from ventanilla.workspace import marking
from ventanilla.workspace.models import BulkDeed

pytestmark = pytest.mark.usefixtures("desk")
NOW = people.FRIDAY_3PM + timedelta(minutes=30)


def some_cases(count: int = 3) -> list[Case]:
    return [opened(mail(subject=f"Cobro {number}")) for number in range(count)]


def as_seen(cases: list[Case]) -> dict[int, int]:
    return {case.pk: case.ledger_seq for case in cases}


def done(deed: bulk.Deed, cases: list[Case], actor: Actor, key: UUID | None = None) -> BulkDeed:
    return bulk.carry_out(
        deed=deed, chosen=as_seen(cases), request_key=key or uuid4(), acting_user=actor, as_of=NOW
    )


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_each_case_is_assigned_and_all_of_it_is_taken_back() -> None:
    berta, carlos = people.berta(), people.elena()
    cases = some_cases()
    changes.assign(case=cases[0], assignee_id=carlos.id, acting_user=berta, as_of=NOW)
    cases[0] = now(cases[0])
    deed = done(Assigning(assignee_id=berta.id), cases, berta)
    assert not deed.refused
    assert {now(case).assignee_id for case in cases} == {berta.id}
    bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert [now(case).assignee_id for case in cases] == [carlos.id, None, None]
    assert deed.undone_at == NOW and not deed.kept


def test_priority_changes_with_its_reason_in_each_record() -> None:
    berta, cases = people.berta(), some_cases(2)
    before = [case.priority for case in cases]
    deed = done(Prioritising(priority="low", reason="Campaña terminada"), cases, berta)
    assert {now(case).priority for case in cases} == {"low"}
    assert all(case.remarks.filter(text="Campaña terminada").exists() for case in cases)
    bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert [now(case).priority for case in cases] == before
    assert all(case.remarks.filter(text=bulk.UNDOING).exists() for case in cases)


def test_the_second_click_changes_nothing_and_tells_the_first_outcome() -> None:
    berta, cases, key = people.berta(), some_cases(2), uuid4()
    first = done(Assigning(assignee_id=berta.id), cases, berta, key)
    seqs = as_seen([now(case) for case in cases])
    second = done(Assigning(assignee_id=berta.id), cases, berta, key)
    assert second.pk == first.pk and second.before == first.before
    assert as_seen([now(case) for case in cases]) == seqs
    bulk.undo(written=first, acting_user=berta, as_of=NOW)
    seqs = as_seen([now(case) for case in cases])
    bulk.undo(written=BulkDeed.objects.get(pk=first.pk), acting_user=berta, as_of=NOW)
    assert as_seen([now(case) for case in cases]) == seqs


def test_a_case_that_moved_is_left_alone_and_the_others_are_done() -> None:
    berta, elena, cases = people.berta(), people.elena(), some_cases()
    seen = list(cases)
    changes.assign(case=cases[1], assignee_id=elena.id, acting_user=elena, as_of=NOW)
    deed = done(Assigning(assignee_id=berta.id), seen, berta)
    assert [now(case).assignee_id for case in cases] == [berta.id, elena.id, berta.id]
    assert list(deed.refused) == [str(cases[1].pk)]
    assert "Elena Rojas" in deed.refused[str(cases[1].pk)]


def test_undoing_leaves_what_moved_since() -> None:
    berta, elena, cases = people.berta(), people.elena(), some_cases()
    deed = done(Assigning(assignee_id=berta.id), cases, berta)
    changes.assign(case=cases[0], assignee_id=elena.id, acting_user=elena, as_of=NOW)
    deed = bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert [now(case).assignee_id for case in cases] == [elena.id, None, None]
    assert list(deed.kept) == [str(cases[0].pk)]
    assert "Elena Rojas" in deed.kept[str(cases[0].pk)]


def test_hidden_cases_are_out_of_reach_like_cases_that_do_not_exist() -> None:
    carlos, cases = people.carlos(), some_cases(1)
    deed = bulk.carry_out(
        deed=Assigning(assignee_id=carlos.id),
        chosen=as_seen(cases) | {10**9: 1},
        request_key=uuid4(),
        acting_user=carlos,
        as_of=NOW,
    )
    assert not deed.before
    assert len(set(deed.refused.values())) == 1
    assert now(cases[0]).assignee_id is None


def test_who_may_not_is_refused_case_by_case_and_nobody_undoes_for_another() -> None:
    octavio, cases = people.octavio(), some_cases(1)
    deed = done(Assigning(assignee_id=None), cases, octavio)
    assert deed.refused and not deed.before
    deed = done(Prioritising(priority="low", reason="x"), cases, octavio)
    assert "no lo permite" in deed.refused[str(cases[0].pk)]
    with pytest.raises(NotPermitted):
        bulk.undo(written=deed, acting_user=people.berta(), as_of=NOW)


def test_nothing_or_too_much_is_refused_before_anything_is_written() -> None:
    berta = people.berta()
    with pytest.raises(bulk.NothingChosen):
        done(Assigning(assignee_id=None), [], berta)
    with pytest.raises(bulk.TooManyChosen):
        bulk.carry_out(
            deed=Assigning(assignee_id=None),
            chosen=dict.fromkeys(range(1, bulk.MOST + 2), 1),
            request_key=uuid4(),
            acting_user=berta,
            as_of=NOW,
        )
    assert not BulkDeed.objects.exists()


def test_marks_are_set_and_put_back_unless_the_case_was_opened_since() -> None:
    berta, cases = people.berta(), some_cases(2)
    assert berta.id is not None
    ids = [case.pk for case in cases]
    deed = done(Reading(read=True), cases, berta)
    assert not marking.unread_among(ids, staff_id=berta.id)
    later = done(Reading(read=False), cases, berta)
    assert marking.unread_among(ids, staff_id=berta.id) == set(ids)
    marking.open_case(case=now(cases[0]), acting_user=berta, as_of=NOW)
    later = bulk.undo(written=later, acting_user=berta, as_of=NOW)
    assert list(later.kept) == [str(ids[0])]
    assert not marking.unread_among(ids, staff_id=berta.id)
    bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert marking.marks_of(ids, staff_id=berta.id) == {}


def test_following_and_no_longer_following() -> None:
    berta, cases = people.berta(), some_cases(2)
    assert berta.id is not None
    marking.watch(case=cases[0], acting_user=berta, as_of=NOW)
    deed = done(Watching(watched=True), cases, berta)
    assert list(deed.refused) == [str(cases[0].pk)]
    bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert [marking.is_watched(case, staff_id=berta.id) for case in cases] == [True, False]


def test_what_a_crash_left_is_done_by_the_same_key_and_taken_back_case_by_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    berta, cases, key = people.berta(), some_cases(3), uuid4()
    ids = [str(case.pk) for case in cases]
    with monkeypatch.context() as broken:
        broken.setattr(book, "DOING", dying_at(2, book.DOING))
        with pytest.raises(KeyboardInterrupt):
            done(Assigning(assignee_id=berta.id), cases, berta, key)
    deed = BulkDeed.objects.get()
    assert (list(deed.before), list(deed.refused)) == (ids[:1], ids[1:])
    assert [now(case).assignee_id for case in cases] == [berta.id, None, None]

    deed = done(Assigning(assignee_id=berta.id), cases, berta, key)
    assert (list(deed.before), deed.refused) == (ids, {})
    assert [now(case).ledger_seq - case.ledger_seq for case in cases] == [1, 1, 1]

    with monkeypatch.context() as broken:
        broken.setattr(book, "UNDOING", dying_at(2, book.UNDOING))
        with pytest.raises(KeyboardInterrupt):
            bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    deed = BulkDeed.objects.get()
    assert (deed.undone, book.not_undone(deed)) == (ids[:1], [case.pk for case in cases[1:]])
    assert [now(case).assignee_id for case in cases] == [None, berta.id, berta.id]

    deed = bulk.undo(written=deed, acting_user=berta, as_of=NOW)
    assert (deed.undone, deed.kept) == (ids, {})
    assert [now(case).assignee_id for case in cases] == [None, None, None]
    assert [now(case).ledger_seq - case.ledger_seq for case in cases] == [2, 2, 2]


def dying_at(number: int, pages: book.Pages) -> book.Pages:
    """The pages, but whoever notes the so-manieth case that was done dies doing it."""
    calls: list[int] = []

    def note_done(deed: BulkDeed, case_id: int, outcome: object) -> None:
        calls.append(case_id)
        if len(calls) == number:
            raise KeyboardInterrupt
        pages.note_done(deed, case_id, outcome)

    return replace(pages, note_done=note_done)
