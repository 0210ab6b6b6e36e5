"""Cases become one and one becomes two; and two people act at once."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.register import cast
from tests.register.cast import (
    FRIDAY_3PM,
    bogota,
    by_berta,
    hours,
    in_progress,
    promise,
)
from ventanilla.register import operations as register
from ventanilla.register.operations import (
    AlreadyMerged,
    CaseIsMerged,
    CaseMoved,
    MessageIn,
    NothingToSplit,
    NotMerged,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_record")]


# Merging and splitting


def test_a_merged_case_leads_on_and_owes_nothing_itself() -> None:
    one, other = cast.opened(), cast.opened(received_at=FRIDAY_3PM - hours(2))
    earlier = promise(other, "first_response").due_at
    merged = register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(0.1)))
    assert (merged.status, merged.merged_into_id) == ("closed", one.pk)
    assert promise(other, "first_response").cancelled_for == "merged"
    assert promise(one, "first_response").due_at == earlier  # never later than the earlier
    with pytest.raises(CaseIsMerged), transaction.atomic():
        cast.wrote(merged, FRIDAY_3PM + hours(1))
    with pytest.raises(AlreadyMerged):
        register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(1)))


def test_a_later_promise_does_not_move_the_earlier_one() -> None:
    one, other = cast.opened(), cast.opened(received_at=FRIDAY_3PM + hours(0.5))
    due = promise(one, "first_response").due_at
    register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(0.6)))
    assert promise(one, "first_response").due_at == due


def test_what_only_the_merged_case_owed_is_taken_over() -> None:
    one, other = cast.opened(), cast.opened(received_at=FRIDAY_3PM + hours(0.1))
    cast.answered(one, FRIDAY_3PM + hours(0.2))
    register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(0.3)))
    row = promise(one, "first_response:2")
    assert row.due_at == promise(other, "first_response").due_at
    cast.answered(one, FRIDAY_3PM + hours(0.4))
    register.unmerge(case=other, **by_berta(FRIDAY_3PM + hours(0.5)))
    back = promise(other, "first_response")
    assert (back.met_at, back.cancelled_at) == (FRIDAY_3PM + hours(0.4), None)


def test_undoing_a_merge_restores_both() -> None:
    one, other = cast.opened(), cast.opened(received_at=FRIDAY_3PM - hours(2))
    own = promise(one, "first_response").due_at
    register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(0.1)))
    back = register.unmerge(case=other, **by_berta(FRIDAY_3PM + hours(0.2)))
    assert (back.status, back.merged_into_id, back.closed_at) == ("registered", None, None)
    assert promise(other, "first_response").cancelled_at is None
    assert promise(one, "first_response").due_at == own
    with pytest.raises(NotMerged):
        register.unmerge(case=other, **by_berta(FRIDAY_3PM + hours(0.3)))


def test_undoing_a_merge_gives_a_wait_back() -> None:
    one, other = cast.opened(), in_progress(FRIDAY_3PM)
    register.wait(case=other, status="waiting_customer", **by_berta(FRIDAY_3PM + hours(0.1)))
    register.merge(case=other, into=one, **by_berta(FRIDAY_3PM + hours(0.2)))
    back = register.unmerge(case=other, **by_berta(FRIDAY_3PM + hours(0.3)))
    assert back.status == "waiting_customer"
    assert promise(back, "resolution").paused_since == FRIDAY_3PM + hours(0.1)


def test_the_clocks_of_a_split_case_start_when_its_message_arrived() -> None:
    case, _ = cast.opened_with_message()
    cast.answered(case, FRIDAY_3PM + hours(0.2))
    asked_at = FRIDAY_3PM + hours(0.3)
    other = cast.wrote(case, asked_at, "Además, ¿cómo exporto un informe?")
    assert case.commitments.filter(key="next_response:1").exists()
    new = register.split(
        case=case, message_ids=[other.pk], subject="Exportar un informe",
        category="feature_question", **by_berta(FRIDAY_3PM + hours(1)),
    )  # fmt: skip
    assert (new.split_from_id, new.received_at, new.person_id) == (
        case.pk,
        asked_at,
        case.person_id,
    )
    row = promise(new, "first_response")
    assert (row.started_at, row.due_at) == (asked_at, bogota(2026, 12, 14, 16, 0))
    assert promise(case, "next_response:1").cancelled_for == "split"
    other.refresh_from_db()
    assert other.case_id == new.pk
    with pytest.raises(NothingToSplit):
        register.split(
            case=case, message_ids=[other.pk], subject="", category="feature_question",
            **by_berta(FRIDAY_3PM),
        )  # fmt: skip


# Two at once


def test_whoever_acts_on_an_old_view_is_told_who_changed_what() -> None:
    case = cast.opened()
    seen = case.ledger_seq
    register.assign(
        case=case, assignee_id=cast.carlos().pk, acting_user=cast.acting(cast.carlos()),
        as_of=FRIDAY_3PM,
    )  # fmt: skip
    message = MessageIn(direction="note", channel="web", at=FRIDAY_3PM, text="Lo veo yo.")
    with pytest.raises(CaseMoved) as moved, transaction.atomic():
        register.add_message(
            case=case, message=message, expected_seq=seen, **by_berta(FRIDAY_3PM + hours(0.1))
        )
    assert "Carlos Amaya" in moved.value.message
    assert not case.messages.exists()
