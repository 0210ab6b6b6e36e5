"""Whenever the demonstration starts, something presses: the queue and the leader see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.desk import people
from ventanilla.accounts.models import Staff
from ventanilla.demo.endings import NEAR_SHARE, Ending, endings
from ventanilla.demo.opening import open_demo
from ventanilla.demo.stories import stories_of
from ventanilla.policy import Term
from ventanilla.register import queries
from ventanilla.register.models import Case, Commitment
from ventanilla.register.queries import View, team
from ventanilla.web.pages.team import HORIZON

DAY = timedelta(days=1)
ZONES = {"generasoft": "America/Bogota", "sion": "America/Mexico_City"}
MOMENTS = [
    pytest.param(datetime(2026, 11, 20, 15, 0), id="friday afternoon"),
    pytest.param(datetime(2026, 11, 21, 9, 0), id="saturday morning"),
    pytest.param(datetime(2026, 11, 22, 23, 30), id="sunday night"),
    pytest.param(datetime(2026, 11, 23, 6, 0), id="monday before opening"),
    pytest.param(datetime(2027, 1, 1, 12, 0), id="new year"),
]


@pytest.mark.parametrize("key", list(ZONES))
@pytest.mark.parametrize("at", MOMENTS)
def test_what_is_planned_is_near_or_late_on_its_own_clock(key: str, at: datetime) -> None:
    pack, end = people.pack(key), at.replace(tzinfo=ZoneInfo(ZONES[key]))

    def term_of(ending: Ending) -> Term:
        promise = pack.category(ending.story.category).main_commitment
        assert promise is not None
        return promise.target.term

    def due_of(ending: Ending) -> datetime:
        return pack.calendar.due(ending.at, term_of(ending))

    def left_of(ending: Ending, as_of: datetime) -> int:
        return pack.calendar.remaining(ending.at, term_of(ending), as_of).quantity

    planned = endings(pack, stories_of(key), end)
    *near, late, promised = planned
    assert all(each.at <= end for each in planned)
    for each in [*near, late]:
        assert left_of(each, end) * NEAR_SHARE <= term_of(each).quantity
    # The clock of whole working days leaps at closing: what came before is late then, not near.
    assert any(due_of(each) > end for each in near)
    assert due_of(late) <= end
    assert promised.promised_at is not None
    assert end < promised.promised_at < end + DAY / 4


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("key", list(ZONES))
def test_on_a_sunday_the_leader_sees_what_presses(key: str, settings: Any) -> None:
    settings.VENTANILLA = settings.VENTANILLA.model_copy(update={"pack": key})
    sunday = datetime(2026, 11, 22, 11, 0, tzinfo=ZoneInfo(ZONES[key]))
    open_demo(pack=people.pack(key), domain="generasoft.example", cases=3, now=sunday)
    assert Staff.objects.exists()
    horizon = sunday + timedelta(hours=HORIZON)
    found = queries.queue(view=View.OVERDUE, as_of=horizon)
    due = [each.next_due_at for each in found if each.next_due_at is not None]
    assert any(each < sunday for each in due), "one is late"
    assert any(sunday < each <= horizon for each in due), "one falls due today"
    promises = team.running_promises({each.pk: each for each in found}, due_before=horizon)
    assert promises
    assert Commitment.objects.filter(met_at=None, due_at__gt=sunday).exists()


@pytest.mark.usefixtures("transactional_db")
def test_a_history_without_cases_has_none() -> None:
    sunday = datetime(2026, 11, 22, 11, 0, tzinfo=ZoneInfo(ZONES["generasoft"]))
    open_demo(pack=people.pack(), domain="generasoft.example", cases=0, now=sunday)
    assert Staff.objects.exists()
    assert not Case.objects.exists()
