"""Two cases become one, one becomes two, and the person finds the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import acknowledgement_of, answer_to, arrived, mail, opened
from tests.desk.people import CUSTOMERS, FRIDAY_3PM, SUPPORT, berta, carlos, elena
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import assessment, portal, progress, resolution, structure
from ventanilla.register.models import Case, Commitment, Message
from ventanilla.register.operations import NothingToSplit, OutsideReopeningWindow

pytestmark = pytest.mark.usefixtures("desk")
MINUTE = timedelta(minutes=1)
AT = FRIDAY_3PM + MINUTE
WHY = "Hay que revisar los registros del banco."


def test_a_merge_leads_on_and_its_undoing_gives_all_back() -> None:
    case, other = opened(), opened(mail("Lo mismo otra vez."))
    due = Commitment.objects.get(case=case, key="first_response").due_at
    structure.merge(case=case, into=other, acting_user=berta(), as_of=AT)
    case.refresh_from_db()
    assert case.merged_into_id == other.pk
    item = arrived(mail("¿Hay algo?", subject=case.folio), at=AT + MINUTE)
    assert item.case_id == other.pk

    with pytest.raises(NotPermitted):
        structure.unmerge(case=case, acting_user=berta(), as_of=AT + 2 * MINUTE)
    structure.unmerge(case=case, acting_user=elena(), as_of=AT + 2 * MINUTE)
    case.refresh_from_db()
    assert case.merged_into is None
    assert case.status == "registered"
    promise = Commitment.objects.get(case=case, key="first_response")
    assert (promise.due_at, promise.cancelled_at) == (due, None)
    assert arrived(answer_to(acknowledgement_of(case), "Sigo aquí."), at=AT).case_id == case.pk


def assessed(text: str, category: str) -> Case:
    return assessment.assess(
        case=opened(mail(text)), category=category, priority="high", asked="Que se revise.",
        acting_user=berta(), as_of=AT,
    )  # fmt: skip


def excused(text: str) -> Case:
    case = assessed(text, "billing_query")
    return progress.mark_complex(case=case, reason=WHY, acting_user=berta(), as_of=AT + MINUTE)


def solution_of(case: Case) -> Commitment:
    return Commitment.objects.get(case=case, kind="resolution", cancelled_at=None)


def test_an_exception_neither_hastens_nor_excuses_what_the_other_case_owes() -> None:
    lifted, plain = excused("Me cobraron dos veces."), assessed("Otra vez.", "billing_query")
    owed = solution_of(plain)
    assert (bool(solution_of(lifted).excused_digest), owed.excused_digest) == (True, "")
    Commitment.objects.filter(pk=owed.pk).update(due_at=owed.due_at + MINUTE)
    structure.merge(case=lifted, into=plain, acting_user=berta(), as_of=AT + 2 * MINUTE)
    joint = solution_of(plain)
    assert (joint.due_at, joint.excused_digest) == (owed.due_at + MINUTE, "")
    assert "absorbed_from" not in joint.target


def test_what_is_owed_is_owed_also_where_it_was_excused() -> None:
    lifted, plain = excused("Me cobraron dos veces."), assessed("Otra vez.", "billing_query")
    structure.merge(case=plain, into=lifted, acting_user=berta(), as_of=AT + 2 * MINUTE)
    assert solution_of(lifted).excused_digest == ""
    structure.unmerge(case=plain, acting_user=elena(), as_of=AT + 3 * MINUTE)
    again = solution_of(lifted)
    assert (bool(again.excused_digest), again.excused_reason) == (True, WHY)


def test_an_exception_comes_along_with_its_words_where_nothing_is_owed() -> None:
    lifted, other = excused("Me cobraron dos veces."), assessed("¿Cómo?", "feature_question")
    structure.merge(case=lifted, into=other, acting_user=berta(), as_of=AT + 2 * MINUTE)
    joint = solution_of(other)
    assert (bool(joint.excused_digest), joint.excused_reason) == (True, WHY)


def test_nobody_merges_into_a_desk_that_is_not_theirs() -> None:
    mine, theirs = opened(mail(to=SUPPORT)), opened(mail(to=CUSTOMERS))
    with pytest.raises(NotPermitted):
        structure.merge(case=mine, into=theirs, acting_user=carlos(), as_of=AT)
    assert not Case.objects.filter(merged_into__isnull=False).exists()


def test_a_split_opens_an_acknowledged_case_of_its_own() -> None:
    case = opened()
    second = arrived(answer_to(acknowledgement_of(case), "Y además: ¿cómo hago un reporte?"), at=AT)
    moving = Message.objects.get(inbound_item_id=second.pk)
    new = structure.split(
        case=case, message_ids=[moving.pk], subject="Cómo hacer un reporte",
        category="feature_question", acting_user=berta(), as_of=AT + MINUTE,
    )  # fmt: skip
    assert (new.split_from_id, new.desk, new.person_id) == (case.pk, "soporte", case.person_id)
    assert Message.objects.get(pk=moving.pk).case_id == new.pk
    told = OutboundMessage.objects.get(case=new, kind="acknowledgement")
    assert new.folio in told.subject
    everything = [each.pk for each in Message.objects.filter(case=case)]
    with pytest.raises(NothingToSplit):
        structure.split(
            case=case, message_ids=everything, subject="Todo", category="feature_question",
            acting_user=berta(), as_of=AT + 2 * MINUTE,
        )  # fmt: skip


def test_what_is_written_on_the_page_of_a_case_merged_twice_is_heard_where_it_goes_on() -> None:
    first, second, third = opened(), opened(), opened()
    structure.merge(case=first, into=second, acting_user=elena(), as_of=AT)
    structure.merge(case=second, into=third, acting_user=elena(), as_of=AT + MINUTE)
    message = portal.add_message(case=first, text="¿Alguna novedad?", as_of=AT + 2 * MINUTE)
    assert message.case_id == third.pk


def test_a_colleague_reopens_within_the_window_and_the_person_is_told() -> None:
    case = opened()
    by = berta()
    assessment.assess(
        case=case, category=case.category, priority="high", asked="x", acting_user=by, as_of=AT
    )
    resolution.resolve(case=case, text="Listo.", acting_user=by, as_of=AT + MINUTE)
    resolution.close(case=case, acting_user=by, as_of=AT + 2 * MINUTE)
    reopened = resolution.reopen(
        case=case, reason="Se cerró por error.", acting_user=by, as_of=AT + 3 * MINUTE
    )
    assert reopened.status == "in_progress"
    assert OutboundMessage.objects.filter(case=case, kind="reopened").exists()
    resolution.resolve(case=case, text="Ahora sí.", acting_user=by, as_of=AT + 4 * MINUTE)
    with pytest.raises(OutsideReopeningWindow):
        resolution.reopen(
            case=case, reason="Tarde.", acting_user=by, as_of=FRIDAY_3PM + timedelta(days=90)
        )


def test_a_case_that_fell_away_is_withdrawn_with_its_reason() -> None:
    case = opened()
    ended = resolution.withdraw(
        case=case, reason="La persona ya no lo necesita.", acting_user=berta(), as_of=AT
    )
    assert ended.status == "withdrawn"
    assert not Commitment.objects.filter(case=case, met_at=None, cancelled_at=None).exists()
