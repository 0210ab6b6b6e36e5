"""Read marks: what others wrote is news, one's own acts and the machine's are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import people
from tests.desk.mails import acknowledgement_of, answer_to, arrived, opened
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.desk import changes
from ventanilla.register import operations as register
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.register.queries import View
from ventanilla.workspace import marking
from ventanilla.workspace.models import Mention, ReadMark, Watch

pytestmark = pytest.mark.usefixtures("desk")
NOW = people.FRIDAY_3PM + timedelta(hours=1)


def is_unread(case: Case, actor: Actor) -> bool:
    assert actor.id is not None
    return case.pk in marking.unread_among([case.pk], staff_id=actor.id)


def called(berta: Actor, elena: Actor, message: Message, at: datetime) -> Mention:
    assert berta.id and elena.id
    return Mention.objects.create(
        staff_id=berta.id, by_id=elena.id, case=message.case, message=message, at=at
    )


def read(case: Case, actor: Actor) -> marking.Opened:
    return marking.open_case(case=Case.objects.get(pk=case.pk), acting_user=actor, as_of=NOW)


def test_a_new_case_is_unread_for_each_until_each_opens_it() -> None:
    case, berta, elena = opened(), people.berta(), people.elena()
    assert is_unread(case, berta) and is_unread(case, elena)
    read(case, berta)
    assert not is_unread(case, berta)
    assert is_unread(case, elena)


def test_what_oneself_does_is_no_news_but_what_a_colleague_does_is() -> None:
    case, berta, elena = opened(), people.berta(), people.elena()
    read(case, berta)
    read(case, elena)
    changes.assign(case=case, assignee_id=berta.id, acting_user=elena, as_of=NOW)
    assert is_unread(case, berta)
    assert not is_unread(case, elena)


def test_an_answer_of_the_person_is_news_and_a_delivery_is_not() -> None:
    case, berta = opened(), people.berta()
    read(case, berta)
    sent = acknowledgement_of(case)
    register.note_fact(
        case=case,
        kind="delivery_succeeded",
        payload={"outbound_id": sent.pk},
        acting_user=SYSTEM,
        as_of=NOW,
    )
    assert not is_unread(case, berta)
    arrived(answer_to(sent, "¿Ya lo vieron?\n"), at=NOW)
    assert is_unread(case, berta)


def test_opening_costs_one_statement_and_never_moves_a_mark_back() -> None:
    case, berta = opened(), people.berta()
    with CaptureQueriesContext(connection) as asked:
        read(case, berta)
    assert len(asked) == 2  # the case, and all of the marks
    ahead = ReadMark.objects.get(case=case, staff=berta.id)
    ReadMark.objects.filter(pk=ahead.pk).update(seq=99)
    read(case, berta)
    assert ReadMark.objects.get(pk=ahead.pk).seq == 99


def test_a_call_by_name_is_listed_until_its_case_is_opened() -> None:
    case, berta, elena = opened(), people.berta(), people.elena()
    message = Message.objects.filter(case=case).earliest("id")
    called(berta, elena, message, NOW)
    assert berta.id is not None and elena.id is not None
    assert [each.case for each in marking.mentions(berta.id)] == [case]
    assert marking.mentions(berta.id, desks=["soporte"]) == []
    assert marking.mentions(elena.id) == []
    read(case, berta)
    assert marking.mentions(berta.id) == []


def test_mentions_page_by_key() -> None:
    case, berta, elena = opened(), people.berta(), people.elena()
    pattern = Message.objects.filter(case=case).earliest("id")
    for minute in range(5):
        pattern.pk = None
        pattern.save(force_insert=True)
        called(berta, elena, pattern, NOW + timedelta(minutes=minute // 2))
    assert berta.id is not None
    whole = marking.mentions(berta.id)
    first = marking.mentions(berta.id, limit=2)
    rest = marking.mentions(berta.id, after=(first[-1].at, first[-1].pk))
    assert [each.pk for each in first + rest] == [each.pk for each in whole]
    assert len(whole) == 5


def test_the_watched_are_a_queue_and_one_watches_so_many() -> None:
    case, other, berta = opened(), opened(), people.berta()
    marking.watch(case=case, acting_user=berta, as_of=NOW)
    marking.watch(case=case, acting_user=berta, as_of=NOW)
    assert read(case, berta).watched
    assert not read(other, berta).watched
    mine = Watch.objects.filter(staff=berta.id).values_list("case_id", flat=True)
    assert queries.queue(view=View.WATCHED, among=mine) == [case]
    marking.unwatch(case=case, acting_user=berta, as_of=NOW)
    assert queries.queue(view=View.WATCHED, among=mine.all()) == []


def test_watching_too_many_is_refused_and_nothing_is_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marking, "MOST_WATCHED", 1)
    case, other, berta = opened(), opened(), people.berta()
    with pytest.raises(marking.WatchesTooMany):
        marking.watch_all(case_ids=[case.pk, other.pk], acting_user=berta, as_of=NOW)
    assert not Watch.objects.exists()
