"""Answers on their way are held when something changed that their writer has to see."""

from __future__ import annotations

import pytest

from tests.desk.handing_over import (
    DUE,
    MINUTE,
    NOW,
    TOMORROW,
    colleague,
    fired,
    over,
    sent,
    state,
)
from tests.desk.mails import answer_to, arrived, opened
from tests.desk.people import berta, elena
from ventanilla.accounts.models import Staff
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import (
    changes,
    replies,
    resolution,
    sending,
)
from ventanilla.register import operations as register
from ventanilla.register.models import Case
from ventanilla.register.operations import CaseMoved
from ventanilla.workspace.models import Draft

pytestmark = pytest.mark.usefixtures("desk")


def test_the_second_of_two_colleagues_is_told_and_decides() -> None:
    case, other = opened(), colleague()
    first = over(case)
    with pytest.raises(sending.ColleagueAnswering, match="Berta Nieto") as refused:
        over(case, "Yo también.", acting_user=other)
    assert Draft.objects.filter(state="sending").count() == 1
    second = over(case, "Yo también.", acting_user=other, aware_of=refused.value.keys)
    fired(first)
    assert fired(second) is not None, "its writer knew of the first"
    assert sent(case) == ["Ya lo vemos.", "Yo también."]


def test_an_answer_just_made_by_a_colleague_is_a_move_of_the_case() -> None:
    case, other = opened(), colleague()
    seq = case.ledger_seq
    fired(over(case))
    with pytest.raises(CaseMoved, match="Berta"):
        over(case, "Yo también.", acting_user=other, expected_seq=seq, as_of=DUE)


def test_a_colleagues_answer_in_between_holds_it_and_its_writer_is_told() -> None:
    case = opened()
    draft = over(case, send_at=TOMORROW)
    replies.reply(case=case, text="Listo.", acting_user=colleague(), as_of=NOW + MINUTE)
    assert fired(draft, TOMORROW) is None
    held = state(draft)
    assert (held.state, held.send_at) == ("held", None)
    assert "Carlos Amaya respondió" in held.held_reason
    told = OutboundMessage.objects.get(kind="reply_held")
    assert told.to == ["berta@generasoft.example"]
    assert held.held_reason in told.text
    assert sent(case) == ["Listo."]
    sending.reschedule(draft_id=draft.pk, send_at=None, acting_user=berta(), as_of=TOMORROW)
    assert fired(draft, TOMORROW + sending.UNDO_WINDOW) is not None
    assert sent(case) == ["Listo.", "Ya lo vemos."]


def hear(case: Case) -> None:
    acknowledgement = OutboundMessage.objects.filter(case=case).earliest("id")
    arrived(answer_to(acknowledgement, "Una cosa más."), at=NOW + MINUTE / 20)


def test_a_new_message_holds_what_was_scheduled_and_not_what_was_sent_now() -> None:
    case = opened()
    later = over(case, send_at=TOMORROW)
    now = over(case, "Ahora.", aware_of=[later.request_key])
    hear(case)
    assert fired(now) is not None
    assert fired(later, TOMORROW) is None
    assert "volvió a escribir" in state(later).held_reason


def test_a_closed_or_merged_case_holds_everything() -> None:
    case, twin = opened(), opened()
    draft, other = over(case), over(twin)
    resolution.withdraw(case=case, reason="Ya no lo quiere.", acting_user=elena(), as_of=NOW)
    register.merge(case=twin, into=opened(), acting_user=elena(), as_of=NOW)
    for each, word in ((draft, "cerró"), (other, "unió")):
        assert fired(each) is None
        assert word in state(each).held_reason


def test_who_may_no_longer_answer_sends_nothing() -> None:
    case = opened()
    draft = over(case)
    Staff.objects.filter(pk=draft.staff_id).update(desks=["soporte"])
    assert fired(draft) is None
    assert "no es una de las suyas" in state(draft).held_reason
    Staff.objects.filter(pk=draft.staff_id).update(is_active=False, desks=[])
    sending.sweep(as_of=DUE)
    assert sent(case) == []


def test_changes_to_the_case_do_not_hold_an_answer() -> None:
    case = opened()
    draft = over(case, send_at=TOMORROW)
    changes.assign(case=case, assignee_id=berta().id, acting_user=berta(), as_of=NOW)
    assert fired(draft, TOMORROW) is not None
