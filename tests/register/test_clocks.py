"""Promises answer to what happens; every due moment here was worked out by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.register import cast
from tests.register.cast import (
    FRIDAY_3PM,
    bogota,
    by_berta,
    hours,
    in_progress,
    promise,
    resolved,
)
from ventanilla.core.actors import SYSTEM
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Remark
from ventanilla.register.operations import (
    NoExceptionForeseen,
    OutsideReopeningWindow,
    ReasonMissing,
    StatusNotAllowed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_record")]


# First response


def test_a_reply_meets_the_first_response_and_an_automatic_one_does_not() -> None:
    case = cast.opened()
    cast.answered(case, FRIDAY_3PM, "Recibido.", automatic=True)
    cast.answered(case, FRIDAY_3PM, "   ")
    assert promise(case, "first_response").met_at is None
    cast.answered(case, FRIDAY_3PM + hours(1))
    row = promise(case, "first_response")
    assert (row.met_at, row.broken_at) == (FRIDAY_3PM + hours(1), None)


def test_S6_the_moment_of_the_reply_counts_not_the_moment_it_was_recorded() -> None:
    case = cast.opened()
    due = promise(case, "first_response").due_at
    fire(case, "first_response", due + hours(0.1))  # the alarm noticed first
    assert promise(case, "first_response").broken_at == due
    cast.answered(case, due - hours(0.01), channel="phone", recorded_at=due + hours(0.2))
    row = promise(case, "first_response")
    assert (row.met_at, row.broken_at) == (due - hours(0.01), None)


def test_a_reply_after_the_due_moment_is_met_and_stays_broken() -> None:
    case = cast.opened()
    due = promise(case, "first_response").due_at
    cast.answered(case, due + hours(1))
    row = promise(case, "first_response")
    assert (row.met_at, row.broken_at) == (due + hours(1), due)


# Next response


def test_who_writes_twice_waits_for_one_answer() -> None:
    case = cast.opened()
    cast.wrote(case, FRIDAY_3PM + hours(0.1))  # the first response is owed: nothing more
    assert not case.commitments.filter(kind="next_response").exists()
    cast.answered(case, FRIDAY_3PM + hours(0.2))
    cast.wrote(case, FRIDAY_3PM + hours(0.3))
    cast.wrote(case, FRIDAY_3PM + hours(0.4))
    row = case.commitments.get(kind="next_response")
    assert (row.key, row.started_at) == ("next_response:1", FRIDAY_3PM + hours(0.3))
    cast.answered(case, FRIDAY_3PM + hours(0.5))
    cast.wrote(case, FRIDAY_3PM + hours(0.6), "gracias", substantive=False)
    cast.wrote(case, FRIDAY_3PM + hours(0.6), "spam", outsider=True)
    assert case.commitments.filter(kind="next_response", met_at=None).count() == 0
    cast.wrote(case, FRIDAY_3PM + hours(0.7))
    assert promise(case, "next_response:2").started_at == FRIDAY_3PM + hours(0.7)


# Pauses


def test_waiting_for_the_customer_moves_the_resolution_by_the_open_time_of_the_wait() -> None:
    case = in_progress(FRIDAY_3PM)
    due = promise(case, "resolution").due_at
    assert due == bogota(2026, 12, 9, 15, 0)  # 48 hours on business days; Tuesday is a holiday
    case = register.wait(case=case, status="waiting_customer", **by_berta(FRIDAY_3PM + hours(1)))
    row = promise(case, "resolution")
    assert (row.paused_since, row.paused_for) == (FRIDAY_3PM + hours(1), "waiting_customer")
    assert row.next_alert_at is None
    assert case.next_due_at == promise(case, "first_response").due_at
    # Lucía answers on Monday at 10: Friday 16:00–24:00 and Monday 0:00–10:00 did not count.
    cast.wrote(case, bogota(2026, 12, 7, 10, 0))
    case.refresh_from_db()
    assert case.status == "in_progress"
    row = promise(case, "resolution")
    # 47 hours from Monday 10:00: 14 on Monday, 24 on Wednesday, 9 on Thursday.
    assert row.due_at == bogota(2026, 12, 10, 9, 0)
    assert len(row.pauses) == 1


def test_an_automatic_answer_does_not_end_the_wait() -> None:
    case = in_progress(FRIDAY_3PM)
    case = register.wait(case=case, status="waiting_customer", **by_berta(FRIDAY_3PM + hours(1)))
    cast.wrote(case, FRIDAY_3PM + hours(2), "Estoy de vacaciones", automatic=True)
    case.refresh_from_db()
    assert case.status == "waiting_customer"


def test_a_pause_does_not_make_a_broken_promise_whole() -> None:
    case = in_progress(FRIDAY_3PM)
    due = promise(case, "resolution").due_at
    case = register.wait(case=case, status="waiting_customer", **by_berta(due + hours(1)))
    case = register.resume(case=case, **by_berta(due + hours(48)))
    row = promise(case, "resolution")
    assert (row.due_at, row.broken_at) == (due, due)


def test_a_second_wait_of_another_kind_follows_its_own_rule() -> None:
    case = in_progress(FRIDAY_3PM)
    case = register.wait(case=case, status="waiting_customer", **by_berta(FRIDAY_3PM + hours(1)))
    case = register.wait(case=case, status="waiting_area", **by_berta(FRIDAY_3PM + hours(2)))
    row = promise(case, "resolution")
    assert row.paused_since is None  # GeneraSoft's clock runs while we wait for ourselves
    assert row.due_at == bogota(2026, 12, 9, 16, 0)
    with pytest.raises(StatusNotAllowed):
        resolved(case, FRIDAY_3PM + hours(3))


# Resolution, closing, reopening


def test_G8_resolving_meets_the_promise_and_closing_leaves_nothing_owed() -> None:
    case = in_progress(FRIDAY_3PM)
    case = resolved(case, FRIDAY_3PM + hours(4))
    row = promise(case, "resolution")
    assert (row.met_at, row.broken_at) == (FRIDAY_3PM + hours(4), None)
    case = register.close(case=case, acting_user=SYSTEM, as_of=FRIDAY_3PM + hours(200))
    assert (case.status, case.next_due_at) == ("closed", None)
    first = promise(case, "first_response")  # nobody ever wrote back
    assert first.broken_at == first.due_at
    assert first.cancelled_for == "closed"


def test_reopening_makes_a_new_promise_and_leaves_the_old_result() -> None:
    case = in_progress(FRIDAY_3PM)
    cast.answered(case, FRIDAY_3PM + hours(0.5))
    case = resolved(case, FRIDAY_3PM + hours(1))
    monday = bogota(2026, 12, 7, 9, 0)
    case = register.reopen(case=case, reason="Sigue igual.", acting_user=SYSTEM, as_of=monday)
    assert (case.status, case.reopened_count, case.resolved_at) == ("in_progress", 1, None)
    assert promise(case, "resolution").met_at == FRIDAY_3PM + hours(1)
    again = promise(case, "resolution:2")
    # 48 hours: 15 on Monday, 24 on Wednesday, 9 on Thursday.
    assert (again.started_at, again.due_at) == (monday, bogota(2026, 12, 10, 9, 0))
    assert not case.commitments.filter(key="first_response:2").exists()
    assert Remark.objects.filter(case=case, text="Sigue igual.").exists()


def test_reopening_is_refused_after_the_window_and_a_linked_case_follows() -> None:
    case = resolved(in_progress(FRIDAY_3PM), FRIDAY_3PM + hours(1))
    late = FRIDAY_3PM + hours(24 * 60)
    with pytest.raises(OutsideReopeningWindow) as refused:
        register.reopen(case=case, acting_user=SYSTEM, as_of=late)
    assert case.folio in refused.value.message
    follow_up = cast.opened(received_at=late, follows=case)
    assert follow_up.follows_id == case.pk


def test_withdrawing_cancels_what_is_owed_and_keeps_what_is_broken() -> None:
    case = cast.opened()
    first = promise(case, "first_response").due_at
    case = register.withdraw(case=case, reason="Ya no lo necesita.", **by_berta(first + hours(1)))
    assert (case.status, case.next_due_at) == ("withdrawn", None)
    assert promise(case, "first_response").broken_at == first
    row = promise(case, "resolution")
    assert (row.broken_at, row.cancelled_for) == (None, "withdrawn")
    with pytest.raises(ReasonMissing):
        register.withdraw(case=case, reason=" ", **by_berta(first))


# Category, policy, dates


def test_a_corrected_category_counts_from_the_original_start_and_keeps_pauses() -> None:
    case = in_progress(FRIDAY_3PM)
    case = register.wait(case=case, status="waiting_customer", **by_berta(FRIDAY_3PM + hours(1)))
    case = register.resume(case=case, **by_berta(bogota(2026, 12, 7, 10, 0)))
    case = register.change_category(
        case=case, category="support_query", reason="No es de cobros.",
        **by_berta(bogota(2026, 12, 7, 11, 0)),
    )  # fmt: skip
    assert case.category == "support_query"
    first = promise(case, "first_response")
    assert first.broken_at == bogota(2026, 12, 7, 3, 0)  # had passed already: it stays
    row = promise(case, "resolution")
    assert (row.started_at, row.due_at) == (FRIDAY_3PM, bogota(2026, 12, 10, 9, 0))
    assert row.target["category"] == "support_query"


def test_what_the_new_category_does_not_promise_is_no_longer_owed() -> None:
    case = register.change_category(
        case=cast.opened(), category="general_information", reason="No es de cobros.",
        **by_berta(FRIDAY_3PM + hours(1)),
    )  # fmt: skip
    row = promise(case, "resolution")
    assert (row.cancelled_for, row.broken_at) == ("category", None)
    assert case.next_due_at is not None


def test_a_category_corrected_in_time_sets_the_other_promise_from_the_receipt() -> None:
    case = register.change_category(
        case=cast.opened(), category="feature_question", reason="Es una pregunta.",
        **by_berta(FRIDAY_3PM + hours(2)),
    )  # fmt: skip
    row = promise(case, "first_response")
    assert (row.started_at, row.due_at) == (FRIDAY_3PM, bogota(2026, 12, 14, 16, 0))


def test_what_is_met_stays_met_when_the_category_changes() -> None:
    case = cast.opened()
    cast.answered(case, FRIDAY_3PM + hours(1))
    before = promise(case, "first_response")
    case = register.change_category(
        case=case,
        category="feature_question",
        reason="Pregunta.",
        **by_berta(FRIDAY_3PM + hours(2)),
    )
    after = promise(case, "first_response")
    assert (after.met_at, after.due_at) == (before.met_at, before.due_at)
    assert (case.desk, case.priority) == ("soporte", "low")


def test_S9_a_committed_date_is_a_promise_that_moves_until_it_has_passed() -> None:
    case = in_progress(FRIDAY_3PM)
    monday, thursday = bogota(2026, 12, 7, 16, 0), bogota(2026, 12, 10, 16, 0)
    for date in (monday, thursday):
        case = register.commit_date(
            case=case, committed_at=date, reason="Depende del banco.", **by_berta(FRIDAY_3PM)
        )
    assert (case.committed_at, promise(case, "committed_date").due_at) == (thursday, thursday)
    assert promise(case, "resolution").due_at == bogota(2026, 12, 9, 15, 0)  # not relaxed
    case = register.commit_date(
        case=case, committed_at=thursday + hours(24), reason="El banco se retrasa.",
        **by_berta(thursday + hours(1)),
    )  # fmt: skip
    assert promise(case, "committed_date").broken_at == thursday
    assert promise(case, "committed_date:2").due_at == thursday + hours(24)
    case = resolved(case, thursday + hours(2))
    assert promise(case, "committed_date:2").met_at == thursday + hours(2)


# Complexity


def test_G8_a_complex_case_owes_progress_notices_until_it_is_solved() -> None:
    case = in_progress(FRIDAY_3PM)
    monday = bogota(2026, 12, 7, 9, 0)
    case = register.mark_complex(case=case, reason="Requiere al banco.", **by_berta(monday))
    assert case.complex_reason == "Requiere al banco."
    assert promise(case, "resolution").excused_reason == "Requiere al banco."
    notice = promise(case, "progress_notice:1")
    case = register.record_progress_notice(case=case, **by_berta(notice.due_at - hours(1)))
    assert promise(case, "progress_notice:1").broken_at is None
    second = promise(case, "progress_notice:2")
    assert second.started_at == notice.due_at - hours(1)
    case = resolved(case, second.due_at - hours(1))
    assert promise(case, "progress_notice:2").cancelled_for == "resolved"


def test_taking_the_mark_back_makes_the_resolution_count_again() -> None:
    case = in_progress(FRIDAY_3PM)
    case = register.mark_complex(case=case, reason="Por error.", **by_berta(FRIDAY_3PM))
    case = register.unmark_complex(case=case, **by_berta(FRIDAY_3PM + hours(0.5)))
    row = promise(case, "resolution")
    assert (row.excused_reason, row.due_at) == ("", bogota(2026, 12, 9, 15, 0))
    assert case.next_due_at is not None


def test_S14_an_exception_is_justified_in_the_record() -> None:
    case = cast.opened(category="service_complaint", key="sion")
    due = promise(case, "resolution").due_at
    case = register.excuse(
        case=case, key="resolution", reason="El proveedor cerró.", **by_berta(due + hours(1))
    )
    row = promise(case, "resolution")
    assert (row.broken_at, row.excused_reason, row.next_alert) == (due, "El proveedor cerró.", "")
    with pytest.raises(NoExceptionForeseen):
        register.excuse(case=case, key="first_response", reason="x", **by_berta(due))


# Alerts


def fire(case: Case, key: str, at: datetime) -> list[str]:
    fired = []
    while alert := register.record_alert(
        commitment_id=promise(case, key).pk, acting_user=SYSTEM, as_of=at
    ):
        fired.append(alert.step)
    return fired


def test_each_alert_goes_off_exactly_once() -> None:
    case = cast.opened()
    row = promise(case, "first_response")
    assert row.next_alert_at is not None
    assert fire(case, "first_response", row.next_alert_at - hours(0.01)) == []
    assert fire(case, "first_response", row.next_alert_at) == ["reminder:1"]
    assert fire(case, "first_response", row.next_alert_at) == []
    assert fire(case, "first_response", row.due_at) == ["due"]
    assert promise(case, "first_response").broken_at == row.due_at
    assert fire(case, "first_response", row.due_at + hours(200)) == ["escalation:1"]
    assert fire(case, "first_response", row.due_at + hours(400)) == []


def test_after_an_outage_only_what_still_matters_goes_off() -> None:
    case = cast.opened()
    due = promise(case, "first_response").due_at
    assert "reminder:1" not in fire(case, "first_response", due + hours(0.1))


def test_a_met_promise_alerts_no_more() -> None:
    case = cast.opened()
    cast.answered(case, FRIDAY_3PM + hours(1))
    assert fire(case, "first_response", FRIDAY_3PM + hours(500)) == []
