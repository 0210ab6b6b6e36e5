"""Who is on a case: several pages, several people, and rows that nobody keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.desk import people
from tests.web.cast import a_case
from ventanilla.core.actors import Actor
from ventanilla.register.models import Case
from ventanilla.workspace.models import Presence
from ventanilla.workspace.presence import (
    FRESH_FOR,
    TYPING_FOR,
    OpenPage,
    keep,
    leave,
    note_typing,
    who_is_here,
)

NOW = people.FRIDAY_3PM
SECOND = timedelta(seconds=1)


def page_of(case: Case, who: Actor) -> OpenPage:
    assert who.id is not None
    return OpenPage(uuid4(), case.pk, who.id)


def here(case: Case, as_of: datetime) -> list[tuple[str, bool]]:
    return [(each.name, each.is_typing) for each in who_is_here([case.pk], as_of=as_of)]


@pytest.mark.django_db
def test_a_person_with_two_pages_is_one_person_until_both_are_closed() -> None:
    people.policy()
    case, other = a_case(), a_case(subject="Otra cosa")
    berta, elena = people.berta(), people.elena()
    first, second = page_of(case, berta), page_of(case, berta)
    keep(pages=[first, second, page_of(case, elena), page_of(other, berta)], as_of=NOW)
    assert here(case, NOW) == [("Berta Nieto", False), ("Elena Rojas", False)]
    leave(connections=[first.connection])
    assert here(case, NOW) == [("Berta Nieto", False), ("Elena Rojas", False)]
    leave(connections=[second.connection], acting_user=elena)
    assert len(here(case, NOW)) == 2, "nobody closes the page of somebody else"
    leave(connections=[second.connection])
    assert here(case, NOW) == [("Elena Rojas", False)]
    assert here(other, NOW) == [("Berta Nieto", False)]


@pytest.mark.django_db
def test_what_nobody_keeps_is_ignored_at_once_and_pruned_by_the_next() -> None:
    people.policy()
    case = a_case()
    left, kept = page_of(case, people.berta()), page_of(case, people.elena())
    keep(pages=[left, kept], as_of=NOW)
    later = NOW + FRESH_FOR + SECOND
    assert here(case, later) == []
    keep(pages=[kept], as_of=later)
    assert here(case, later) == [("Elena Rojas", False)]
    assert set(Presence.objects.values_list("connection", flat=True)) == {kept.connection}


@pytest.mark.django_db
def test_typing_is_forgotten_unless_it_goes_on() -> None:
    people.policy()
    case, berta = a_case(), people.berta()
    note_typing(case_id=case.pk, is_typing=True, acting_user=berta, as_of=NOW)
    assert here(case, NOW) == [], "who has no page open is not there"
    keep(pages=[page_of(case, berta)], as_of=NOW)
    note_typing(case_id=case.pk, is_typing=True, acting_user=berta, as_of=NOW)
    assert here(case, NOW + TYPING_FOR - SECOND) == [("Berta Nieto", True)]
    assert here(case, NOW + TYPING_FOR + SECOND) == [("Berta Nieto", False)]
    note_typing(case_id=case.pk, is_typing=False, acting_user=berta, as_of=NOW + SECOND)
    assert here(case, NOW + SECOND) == [("Berta Nieto", False)]


@pytest.mark.django_db
def test_a_page_of_an_account_that_is_gone_hinders_nobody() -> None:
    people.policy()
    case, elena = a_case(), people.elena()
    stranger = OpenPage(uuid4(), case.pk, 999_999)
    keep(pages=[stranger, page_of(case, elena)], as_of=NOW)
    assert here(case, NOW) == [("Elena Rojas", False)]
