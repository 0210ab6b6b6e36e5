"""A narrowed queue is still walked along its index: nothing is sorted, no closed case is touched."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from tests.register.test_queries import plan_of
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import Filters, View
from ventanilla.workspace.marking import watched_ids
from ventanilla.workspace.models import Watch

pytestmark = pytest.mark.django_db

COPIES = 20_000
OPEN_SHARE = 10


@pytest.fixture
def grown() -> Case:
    """A register of many closed cases and some thousands of open ones, of all sorts."""
    case = cast.opened()
    varied = (
        "id", "folio", "next_due_at", "closed_at", "desk", "assignee_id", "priority", "category",
        "status", "emergency", "subject",
    )  # fmt: skip
    names = ", ".join(
        str(field.column) for field in Case._meta.concrete_fields if field.column not in varied
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO register_case
                (folio, next_due_at, closed_at, desk, assignee_id, priority, category, status,
                 emergency, subject, {names})
                SELECT 'X-' || n,
                       CASE WHEN n %% 7 = 0 THEN NULL ELSE next_due_at + n * interval '1 s' END,
                       CASE WHEN n %% %s <> 0 THEN received_at END,
                       CASE WHEN n %% 3 = 0 THEN 'soporte' ELSE 'atencion' END,
                       CASE WHEN n %% 5 = 0 THEN NULL ELSE %s END,
                       (ARRAY['high', 'medium', 'low'])[1 + n %% 3],
                       (ARRAY['facturacion', 'general', 'urgente'])[1 + n %% 3],
                       (ARRAY['registered', 'assessed', 'in_progress'])[1 + n %% 3],
                       n %% 400 = 0, 'Factura número ' || n,
                       {names}
                  FROM register_case, generate_series(1, %s) n WHERE id = %s""",
            [OPEN_SHARE, cast.berta().pk, COPIES, case.pk],
        )
        cursor.execute("ANALYZE register_case")
    return case


ASKED = [
    Filters(priorities=("high",)),
    Filters(categories=("urgente", "general"), statuses=("assessed", "registered")),
    Filters(desks=("soporte",), priorities=("low",)),
    Filters(nobody=True, channels=("email",)),
    Filters(emergency=True),
    Filters(complex=True),
    Filters(words="numero 4999"),
    Filters(due_from=FRIDAY_3PM, due_before=FRIDAY_3PM + timedelta(days=2), words="factura"),
]


def test_a_narrowed_page_is_an_index_range_scan(grown: Case) -> None:
    key = (grown.received_at + timedelta(days=4), grown.pk)
    for asked, after in product(ASKED, (None, key)):
        plans = plan_of(lambda on=asked, at=after: queries.queue(filters=on, after=at))  # type: ignore[misc]  # bound at once
        assert 1 <= len(plans) <= 2
        for plan in plans:
            assert "case_queue" in plan, plan
            assert "Sort" not in plan, plan
            assert "Seq Scan on register_case" not in plan, plan


def test_somebodys_narrowed_queue_is_theirs_alone(grown: Case) -> None:
    berta = cast.berta().pk
    asked = Filters(assignees=(berta,), priorities=("high",))
    for plan in plan_of(lambda: queries.queue(filters=asked)):
        assert "case_queue" in plan and "Seq Scan on register_case" not in plan, plan
        assert "Sort" not in plan, plan


def test_several_people_are_still_open_cases_only(grown: Case) -> None:
    """Several in one list leave the order of their index: the open cases of the queue are walked."""
    asked = Filters(assignees=(cast.berta().pk, cast.carlos().pk), nobody=True)
    for plan in plan_of(lambda: queries.queue(filters=asked)):
        assert "case_queue" in plan and "Seq Scan on register_case" not in plan, plan


def test_the_watched_are_fetched_one_by_one_and_sorted(grown: Case) -> None:
    """They are few by rule, so sorting them is cheaper than walking the queue for them."""
    watched = Case.objects.filter(closed_at=None).order_by("-id")[:40]
    staff = cast.berta().pk
    Watch.objects.bulk_create(
        Watch(staff_id=staff, case=each, since=FRIDAY_3PM + hours(1)) for each in watched
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workspace_watch")
    found = queries.queue(view=View.WATCHED, among=watched_ids(staff), limit=100)
    assert len(found) == 40
    for plan in plan_of(lambda: queries.queue(view=View.WATCHED, among=watched_ids(staff))):
        assert "Seq Scan on register_case" not in plan, plan


def test_filters_mean_what_they_say(grown: Case) -> None:
    everything = queries.queue(limit=10_000)
    for asked, true in (
        (Filters(priorities=("high", "low")), lambda case: case.priority in ("high", "low")),
        (Filters(emergency=True), lambda case: case.emergency),
        (Filters(nobody=True), lambda case: case.assignee_id is None),
        (Filters(words="FACTURA NUMERO 60"), lambda case: "Factura número 60" in case.subject),
        (
            Filters(due_before=FRIDAY_3PM + timedelta(days=3)),
            lambda case: case.next_due_at and case.next_due_at < FRIDAY_3PM + timedelta(days=3),
        ),
    ):
        found = queries.queue(filters=asked, limit=10_000)
        assert [case.pk for case in found] == [case.pk for case in everything if true(case)]


def test_pages_of_a_narrowed_queue_show_each_case_once(grown: Case) -> None:
    asked, seen, key = Filters(desks=("soporte",), priorities=("high",)), [], None
    while page := queries.queue(filters=asked, after=key, limit=117):
        seen += [case.pk for case in page]
        key = queries.key_of(page[-1])
    assert seen == [case.pk for case in queries.queue(filters=asked, limit=10_000)]
    assert len(set(seen)) == len(seen) > 300
