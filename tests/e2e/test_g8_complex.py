"""G8: most problems are solved within 48 h; a complex one is marked, and then notices go out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, BOGOTA, CUSTOMERS, FRIDAY_3PM, berta
from tests.e2e.house import House, words
from ventanilla.core.refusals import Refusal
from ventanilla.desk import assessment, progress, resolution
from ventanilla.register.models import Case, Commitment

MINUTE = timedelta(minutes=1)


def taken_up(house: House) -> Case:
    case = house.arrives(mail(), to=CUSTOMERS)
    return assessment.assess(
        case=case, category=case.category, priority=case.priority, asked="Devolver el cobro.",
        acting_user=berta(), as_of=FRIDAY_3PM + MINUTE,
    )  # fmt: skip


def test_g8_the_solution_is_promised_within_48_hours_of_business_days(generasoft: House) -> None:
    case = taken_up(generasoft)
    promise = Commitment.objects.get(case=case, key="resolution")
    assert (promise.due_at, promise.clause) == (datetime(2026, 12, 9, 15, 0, tzinfo=BOGOTA), "G8")
    at = FRIDAY_3PM + timedelta(hours=20)
    resolution.resolve(case=case, text="Devolvimos el cobro.", acting_user=berta(), as_of=at)
    generasoft.at(at).work()
    promise.refresh_from_db()
    assert (promise.met_at, promise.broken_at) == (at, None)
    assert "Devolvimos el cobro." in words(generasoft.mails_to(ANA_ADDRESS)[-1])


def test_g8_a_complex_case_is_marked_with_its_reason_and_the_person_kept_informed(
    generasoft: House,
) -> None:
    case = taken_up(generasoft)
    at = FRIDAY_3PM + 30 * MINUTE
    case = progress.mark_complex(
        case=case, reason="Falta el certificado del banco.", acting_user=berta(), as_of=at
    )
    generasoft.at(at).work()
    told = words(generasoft.mails_to(ANA_ADDRESS)[-1])
    assert "Falta el certificado del banco." in told
    first = Commitment.objects.get(case=case, kind="progress_notice", met_at__isnull=True)
    assert generasoft.pack.format_moment(first.due_at) in " ".join(told.split())

    at = first.due_at - timedelta(hours=1)
    progress.send_progress_notice(
        case=case, text="El banco ya contestó.", acting_user=berta(), as_of=at
    )
    generasoft.at(at).work()
    first.refresh_from_db()
    assert (first.met_at, first.broken_at) == (at, None)
    following = Commitment.objects.get(
        case=case, kind="progress_notice", met_at__isnull=True, cancelled_at__isnull=True
    )
    assert following.due_at > first.due_at
    notice = words(generasoft.mails_to(ANA_ADDRESS)[-1])
    assert "El banco ya contestó." in notice
    assert generasoft.pack.format_moment(following.due_at) in " ".join(notice.split())


def test_g8_without_a_reason_nothing_is_marked(generasoft: House) -> None:
    case = taken_up(generasoft)
    with pytest.raises(Refusal):
        progress.mark_complex(case=case, reason=" ", acting_user=berta(), as_of=FRIDAY_3PM + MINUTE)
    case.refresh_from_db()
    assert case.complex_since is None
