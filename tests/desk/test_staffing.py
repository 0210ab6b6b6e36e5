"""What follows when an account is opened or ended: a link by mail, cases back in the queue."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.desk import mails, people, working
from tests.patience import until
from ventanilla.accounts import absences, invitations
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.operations import StaffInvalid
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.actors import Actor
from ventanilla.desk import assessment, audiences, changes, resolution, staffing
from ventanilla.policy.schema import Audience
from ventanilla.register.models import Case

pytestmark = pytest.mark.usefixtures("desk")
HOUR = timedelta(hours=1)
LATER = people.FRIDAY_3PM + HOUR


def marcela() -> Actor:
    """The administrator."""
    found = Staff.objects.filter(email="marcela@generasoft.example").first()
    made = found or Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela Ibáñez", role=Role.ADMINISTRATOR
    )
    return Actor.staff(made.pk)


def invited(email: str = "nueva@generasoft.example") -> tuple[Staff, OutboundMessage]:
    return staffing.invite(
        email=email,
        full_name="Nueva Pérez",
        role="agent",
        desks=["soporte"],
        language="es",
        acting_user=marcela(),
        as_of=people.FRIDAY_3PM,
    )


def held(case: Case, owner: Actor) -> Case:
    return changes.assign(case=case, assignee_id=owner.id, acting_user=people.elena(), as_of=LATER)


def test_the_invitation_is_a_mail_with_a_link_that_works_once() -> None:
    staff, sent = invited()
    assert (sent.to, sent.case) == (["nueva@generasoft.example"], None)
    found = re.search(r"/invitacion/([^/]+)/([^/]+)/", sent.text)
    assert found
    assert invitations.invited(found[1], found[2]) == staff
    assert [each.kind for each in entries()] == [Act.INVITATION_SENT, Act.STAFF_CREATED]
    assert found[2] not in str([each.payload for each in entries()]), "the record keeps no secret"


def test_the_path_of_the_mail_is_that_of_the_page() -> None:
    assert staffing.INVITATION_PATH.format(uid="u", token="t-1") == reverse(
        "invitation", args=["u", "t-1"]
    )


def test_who_was_refused_an_account_gets_no_mail() -> None:
    invited()
    with pytest.raises(StaffInvalid):
        invited("NUEVA@generasoft.example")
    assert OutboundMessage.objects.count() == 1


def test_a_new_link_goes_to_active_accounts_only() -> None:
    staff, _ = invited()
    facts = {"staff_id": staff.pk, "as_of": LATER}
    staffing.invite_again(acting_user=marcela(), **facts)  # type: ignore[arg-type]  # one dict for three calls
    with pytest.raises(NotPermitted):
        staffing.invite_again(acting_user=people.elena(), **facts)  # type: ignore[arg-type]  # as above
    staffing.deactivate(acting_user=marcela(), **facts)  # type: ignore[arg-type]  # as above
    with pytest.raises(staffing.NotActive):
        staffing.invite_again(acting_user=marcela(), **facts)  # type: ignore[arg-type]  # as above
    assert OutboundMessage.objects.count() == 2


def test_cases_of_an_ended_account_go_back_to_the_queue_by_a_real_worker() -> None:
    berta = people.berta()
    cases = [held(mails.opened(mails.mail(subject=f"Asunto {n}")), berta) for n in range(3)]
    other = held(mails.opened(), people.elena())
    staffing.deactivate(staff_id=berta.id or 0, acting_user=marcela(), as_of=LATER)
    with working.running(working.WORK):
        until(lambda: not Case.objects.filter(assignee=berta.id).exists())
    assert [Case.objects.get(pk=each.pk).assignee_id for each in cases] == [None] * 3
    assert Case.objects.get(pk=other.pk).assignee_id == people.elena().id


def test_releasing_twice_is_releasing_once_and_who_came_back_keeps_theirs() -> None:
    berta = people.berta()
    case = held(mails.opened(), berta)
    assert staffing.release_cases(staff_id=berta.id or 0, as_of=LATER) == 0
    staffing.deactivate(staff_id=berta.id or 0, acting_user=marcela(), as_of=LATER)
    assert staffing.release_cases(staff_id=berta.id or 0, as_of=LATER) == 1
    assert staffing.release_cases(staff_id=berta.id or 0, as_of=LATER) == 0
    assert case.ledger.filter(kind="case_assigned").count() == 2


def test_a_case_that_comes_to_an_ended_account_later_goes_back_to_the_queue() -> None:
    berta, elena = people.berta(), people.elena()
    resolved = held(mails.opened(), berta)
    assessment.assess(
        case=resolved, category=resolved.category, priority=resolved.priority,
        asked="Que se devuelva.", acting_user=berta, as_of=LATER,
    )  # fmt: skip
    resolved.refresh_from_db()
    resolution.resolve(case=resolved, text="Se devolvió.", acting_user=berta, as_of=LATER)
    kept = held(mails.opened(mails.mail(subject="De otra")), elena)
    staffing.deactivate(staff_id=berta.id or 0, acting_user=marcela(), as_of=LATER)
    assert staffing.release_cases(staff_id=berta.id or 0, as_of=LATER) == 0
    assert staffing.sweep(as_of=LATER) == 0
    assert owner_of(resolved) == berta.id, "what is over stays with whoever ended it"

    sent = OutboundMessage.objects.filter(case=resolved).latest("id")
    mails.arrived(mails.answer_to(sent, "Me volvieron a cobrar lo mismo."), at=LATER + HOUR)
    assert owner_of(resolved) == berta.id
    # In the very moment in which the account ends.
    straggler = mails.opened(mails.mail(subject="Al vuelo"))
    Case.objects.filter(pk=straggler.pk).update(assignee=berta.id)
    assert staffing.sweep(as_of=LATER + HOUR) == 2
    assert staffing.sweep(as_of=LATER + HOUR) == 0
    assert [owner_of(each) for each in (resolved, straggler, kept)] == [None, None, elena.id]


def owner_of(case: Case) -> int | None:
    return Case.objects.get(pk=case.pk).assignee_id


@pytest.mark.parametrize("has_cover", [True, False])
def test_beside_an_absent_owner_the_cover_or_the_lead_is_told(has_cover: bool) -> None:
    case = held(mails.opened(), people.berta())
    berta, elena = "berta@generasoft.example", "elena@generasoft.example"
    assert audiences.addresses_of(case, [Audience.ASSIGNEE], as_of=LATER) == [berta]
    absences.note_absence(
        staff_id=people.berta().id or 0,
        starts_at=LATER,
        ends_at=LATER + timedelta(days=1),
        covered_by_id=people.carlos().id if has_cover else None,
        acting_user=people.elena(),
        as_of=LATER,
    )
    stand_in = "carlos@generasoft.example" if has_cover else elena
    assert audiences.addresses_of(case, [Audience.ASSIGNEE], as_of=LATER) == [berta, stand_in]
    back = LATER + timedelta(days=1)
    assert audiences.addresses_of(case, [Audience.ASSIGNEE], as_of=back) == [berta]
