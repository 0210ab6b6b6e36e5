"""Two cases of one matter know of each other, and nothing else changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, by_berta
from ventanilla.register import operations as register
from ventanilla.register.models import Case, LedgerEntry
from ventanilla.register.operations import (
    AlreadyLinked,
    CaseIsMerged,
    CaseMoved,
    LinkedToItself,
    NotLinked,
    TooManyLinks,
    linking,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_record")]
MINUTE = timedelta(minutes=1)


def stood(case: Case) -> tuple[object, ...]:
    """What a link must leave alone."""
    row = Case.objects.get(pk=case.pk)
    promises = list(row.commitments.order_by("id").values_list("key", "due_at", "cancelled_at"))
    return row.status, row.closed_at, row.next_due_at, row.merged_into_id, promises


def kinds(case: Case) -> list[str]:
    return list(case.ledger.order_by("seq").values_list("kind", flat=True))


def test_both_cases_and_both_ledgers_say_it_and_nothing_else_changes() -> None:
    one, other = cast.opened(), cast.opened()
    before = stood(one), stood(other)
    linked = register.link(case=one, other=other, **by_berta(FRIDAY_3PM + MINUTE))
    other.refresh_from_db()
    assert (linked.linked_ids, other.linked_ids) == ([other.pk], [one.pk])
    assert (stood(one), stood(other)) == before
    assert kinds(one)[-1] == kinds(other)[-1] == "case_linked"
    entry = LedgerEntry.objects.filter(case=one).latest("seq")
    assert entry.payload == {"other_id": other.pk, "other_folio": other.folio}


def test_a_link_is_taken_back_and_the_record_keeps_that_it_was_there() -> None:
    one, other, third = cast.opened(), cast.opened(), cast.opened()
    register.link(case=one, other=other, **by_berta(FRIDAY_3PM + MINUTE))
    register.link(case=third, other=one, **by_berta(FRIDAY_3PM + 2 * MINUTE))
    left = register.unlink(case=other, other=one, **by_berta(FRIDAY_3PM + 3 * MINUTE))
    one.refresh_from_db()
    assert (left.linked_ids, one.linked_ids) == ([], [third.pk])
    assert kinds(one)[-3:] == ["case_linked", "case_linked", "case_unlinked"]
    with pytest.raises(NotLinked, match=one.folio):
        register.unlink(case=other, other=one, **by_berta(FRIDAY_3PM + 4 * MINUTE))


def test_what_makes_no_sense_is_refused_and_leaves_nothing() -> None:
    one, other = cast.opened(), cast.opened()
    seq = one.ledger_seq
    with pytest.raises(LinkedToItself):
        register.link(case=one, other=one, **by_berta(FRIDAY_3PM))
    register.link(case=one, other=other, expected_seq=seq, **by_berta(FRIDAY_3PM + MINUTE))
    with pytest.raises(AlreadyLinked, match=one.folio):
        register.link(case=other, other=one, **by_berta(FRIDAY_3PM + 2 * MINUTE))
    third = cast.opened()
    with pytest.raises(CaseMoved, match="Berta Nieto"):
        register.link(case=one, other=third, expected_seq=seq, **by_berta(FRIDAY_3PM + MINUTE))
    assert [len(kinds(each)) for each in (one, other, third)] == [seq + 1, seq + 1, seq]


def test_a_case_has_only_as_many_as_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST_LINKS", 1)
    one, other, third = cast.opened(), cast.opened(), cast.opened()
    register.link(case=one, other=other, **by_berta(FRIDAY_3PM + MINUTE))
    with pytest.raises(TooManyLinks, match=other.folio):  # the full one is the other one
        register.link(case=third, other=other, **by_berta(FRIDAY_3PM + 2 * MINUTE))


def test_ended_cases_are_linked_and_a_merged_one_leads_elsewhere() -> None:
    one, other, third = cast.opened(), cast.in_progress(FRIDAY_3PM), cast.opened()
    cast.resolved(other, FRIDAY_3PM + MINUTE)
    register.link(case=other, other=one, **by_berta(FRIDAY_3PM + 2 * MINUTE))
    register.merge(case=one, into=third, **by_berta(FRIDAY_3PM + 3 * MINUTE))
    with pytest.raises(CaseIsMerged):
        register.link(case=one, other=third, **by_berta(FRIDAY_3PM + 4 * MINUTE))
    # From the case that stayed a link to the one that was merged away can still be taken back.
    left = register.unlink(case=other, other=one, **by_berta(FRIDAY_3PM + 5 * MINUTE))
    assert left.linked_ids == []
