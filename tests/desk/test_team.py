"""Cases of who is away: given on one by one, told one by one, and never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk import mails, people
from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor
from ventanilla.desk import changes, team
from ventanilla.desk.team import Result
from ventanilla.register.models import Case, LedgerEntry

pytestmark = pytest.mark.usefixtures("desk")
LATER = people.FRIDAY_3PM + timedelta(hours=1)


def held_by(owner: Actor, count: int = 1, *, to: str = people.CUSTOMERS) -> list[Case]:
    cases = [mails.opened(mails.mail(to=to, subject=f"Asunto {n}")) for n in range(count)]
    lead = people.elena()
    return [
        changes.assign(case=each, assignee_id=owner.id, acting_user=lead, as_of=LATER)
        for each in cases
    ]


def given(cases: list[Case], to: Actor | None, *, by: Actor | None = None) -> list[team.Outcome]:
    owner = people.berta()
    return team.reassign(
        case_ids=[each.pk for each in cases],
        from_id=owner.id or 0,
        to_id=to.id if to else None,
        acting_user=by or people.elena(),
        as_of=LATER,
    )


def owners(cases: list[Case]) -> list[int | None]:
    return [Case.objects.get(pk=each.pk).assignee_id for each in cases]


def assignments(case: Case) -> int:
    return LedgerEntry.objects.filter(case=case, kind="case_assigned").count()


def test_each_case_is_given_on_and_a_second_click_changes_nothing() -> None:
    cases, diana = held_by(people.berta(), 2), people.elena()
    assert [each.result for each in given(cases, diana)] == [Result.GIVEN] * 2
    assert [each.result for each in given(cases, diana)] == [Result.ALREADY] * 2
    assert owners(cases) == [diana.id] * 2
    assert [assignments(each) for each in cases] == [2, 2]


def test_what_is_refused_for_one_holds_up_no_other() -> None:
    """Carlos serves support only, so the case of the customers' desk stays where it is."""
    mine = held_by(people.berta())
    support = held_by(people.berta(), to=people.SUPPORT)
    outcomes = given([*mine, *support], people.carlos())
    assert [each.result for each in outcomes] == [Result.REFUSED, Result.GIVEN]
    assert "no puede atender" in outcomes[0].reason
    assert owners([*mine, *support]) == [people.berta().id, people.carlos().id]


def test_a_case_that_went_elsewhere_meanwhile_stays_there() -> None:
    cases = held_by(people.berta())
    changes.assign(
        case=cases[0], assignee_id=people.elena().id,
        acting_user=people.elena(), as_of=LATER,
    )  # fmt: skip
    outcome = given(cases, None)[0]
    assert (outcome.result, owners(cases)) == (Result.REFUSED, [people.elena().id])


def test_back_to_the_queue_is_to_nobody() -> None:
    cases = held_by(people.berta())
    assert given(cases, None)[0].result == Result.GIVEN
    assert owners(cases) == [None]


def test_who_may_not_is_refused_and_so_is_too_much_at_once() -> None:
    cases = held_by(people.berta())
    with pytest.raises(NotPermitted):
        given(cases, None, by=people.octavio())
    assert given(cases, None, by=people.carlos())[0].result == Result.REFUSED
    assert owners(cases) == [people.berta().id]
    with pytest.raises(team.NoneChosen):
        given([], None)
    with pytest.raises(team.TooManyAtOnce):
        given([Case(pk=number) for number in range(1, 102)], None)
    assert given([Case(pk=2**62)], None) == []


def test_nobody_is_given_cases_whose_account_ended() -> None:
    cases, gone = held_by(people.berta()), people.carlos()
    Staff.objects.filter(pk=gone.id or 0).update(is_active=False, desks=[])
    assert given(cases, gone)[0].result == Result.REFUSED
