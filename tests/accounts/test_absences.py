"""Absences: half-open stretches, one at a time, with a cover who is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.accounts.house import NOON, acting, staff
from ventanilla.accounts import absences
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Absence, Role, Staff
from ventanilla.accounts.operations import StaffUnknown
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def lead() -> Actor:
    return acting(staff("elena", Role.LEAD))


def noted(member: Staff, by: Actor, **changes: Any) -> Absence:
    facts = {"starts_at": NOON, "ends_at": NOON + 3 * DAY, "reason": "Vacaciones"}
    return absences.note_absence(
        staff_id=member.pk, acting_user=by, as_of=NOON, **{**facts, **changes}
    )


def test_absent_from_the_first_moment_until_before_the_last(lead: Actor) -> None:
    ana, cover = staff("ana"), staff("beto")
    noted(ana, lead, covered_by_id=cover.pk)
    assert absences.absent_at(NOON - timedelta(seconds=1)) == {}
    assert absences.absent_at(NOON)[ana.pk].covered_by == cover
    assert ana.pk in absences.absent_at(NOON + 3 * DAY - timedelta(seconds=1))
    assert absences.absent_at(NOON + 3 * DAY) == {}
    assert absences.absence_of(cover.pk, NOON) is None
    assert entries()[0].kind == Act.ABSENCE_NOTED


def test_absences_that_touch_do_not_overlap(lead: Actor) -> None:
    ana = staff("ana")
    noted(ana, lead)
    noted(ana, lead, starts_at=NOON + 3 * DAY, ends_at=NOON + 4 * DAY)
    with pytest.raises(absences.AbsenceOverlaps):
        noted(ana, lead, starts_at=NOON + 2 * DAY, ends_at=NOON + 9 * DAY)
    noted(staff("beto"), lead)
    assert len(absences.not_over(NOON)) == 3


def test_what_cannot_be_is_refused(lead: Actor) -> None:
    ana, gone = staff("ana"), staff("ida")
    gone.is_active = False
    gone.save()
    for wrong, refusal in (
        ({"ends_at": NOON}, absences.AbsenceBackwards),
        ({"starts_at": NOON - DAY, "ends_at": NOON}, absences.AbsencePast),
        ({"covered_by_id": ana.pk}, absences.CoverUnfit),
        ({"covered_by_id": gone.pk}, absences.CoverUnfit),
        ({"covered_by_id": 2**62}, absences.CoverUnfit),
    ):
        with pytest.raises(refusal):
            noted(ana, lead, **wrong)
    with pytest.raises(StaffUnknown):
        noted(gone, lead)
    with pytest.raises(NotPermitted):
        noted(ana, acting(ana))
    assert not Absence.objects.exists()


def test_an_absence_is_changed_while_it_is_not_over(lead: Actor) -> None:
    ana = staff("ana")
    absence = noted(ana, lead)
    facts: dict[str, Any] = {"starts_at": NOON, "reason": "", "covered_by_id": None}
    absences.change_absence(
        absence_id=absence.pk, ends_at=NOON + DAY, acting_user=lead, as_of=NOON, **facts
    )
    assert absences.absent_at(NOON + 2 * DAY) == {}
    with pytest.raises(absences.AbsenceUnknown):
        absences.change_absence(
            absence_id=absence.pk, ends_at=NOON, acting_user=lead, as_of=NOON + DAY, **facts
        )


def test_who_is_back_early_ends_it_and_what_never_began_goes(lead: Actor) -> None:
    ana, beto = staff("ana"), staff("beto")
    running = noted(ana, lead)
    planned = noted(beto, lead, starts_at=NOON + 2 * DAY)
    for absence in (running, planned):
        absences.end_absence(absence_id=absence.pk, acting_user=lead, as_of=NOON + DAY)
    assert absences.absent_at(NOON + DAY) == {}
    assert absences.not_over(NOON + DAY) == []
    assert Absence.objects.get().ends_at == NOON + DAY
    with pytest.raises(absences.AbsenceUnknown):
        absences.end_absence(absence_id=running.pk, acting_user=lead, as_of=NOON + DAY)
