"""Searching in a register of several buckets, and the plans that keep it fast."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from ventanilla.core.numbers import LARGEST_ID
from ventanilla.register.models import Case, Message
from ventanilla.register.models.message import BUCKET
from ventanilla.register.queries import found, searching
from ventanilla.register.queries.searching import Hit, Narrowing, hits

pytestmark = pytest.mark.django_db


def moved(message: Message, *, to_id: int) -> Message:
    """The same message as if so many had been written before it."""
    Message.objects.filter(pk=message.pk).update(id=to_id)
    return Message.objects.get(pk=to_id)


@pytest.fixture
def long_ago() -> list[Case]:
    """Four cases with the word, each further back by what a look reaches."""
    cases = []
    for number, bucket in enumerate((40, 37, 20, 1)):
        case = cast.opened()
        message = cast.wrote(case, FRIDAY_3PM + hours(number / 10), "una tuerca suelta")
        moved(message, to_id=bucket * BUCKET + 5)
        cases.append(case)
    return cases


def test_each_look_reaches_further_back_and_misses_nothing(long_ago: list[Case]) -> None:
    for limit in (1, 2, 3, 4, 9):
        listed = [each.case_id for each in hits("tuerca", limit=limit)]
        assert listed == [case.pk for case in long_ago[:limit]]
    assert hits("tornillo") == []


def test_pages_behind_a_key_go_on_where_the_last_one_ended(long_ago: list[Case]) -> None:
    seen: list[Hit] = []
    key = None
    while page := hits("tuercas", before=key, limit=1):
        seen += page
        key = page[-1].message_id
    assert [each.case_id for each in seen] == [case.pk for case in long_ago]


def test_a_case_stands_only_where_it_was_last_spoken_of(long_ago: list[Case]) -> None:
    last = long_ago[-1]
    moved(cast.wrote(last, FRIDAY_3PM + hours(1), "otra tuerca"), to_id=41 * BUCKET)
    first = hits("tuerca", limit=1)
    assert [each.case_id for each in first] == [last.pk]
    rest = hits("tuerca", before=first[0].message_id, limit=9)
    assert [each.case_id for each in rest] == [case.pk for case in long_ago[:-1]]


def test_conditions_hold_before_the_limit(long_ago: list[Case]) -> None:
    Case.objects.filter(pk=long_ago[3].pk).update(desk="soporte")
    narrowing = Narrowing(desks=("soporte",))
    assert [each.case_id for each in hits("tuerca", narrowing=narrowing, limit=1)] == [
        long_ago[3].pk
    ]
    assert hits("tuerca", narrowing=Narrowing(desks=())) == []


def test_the_index_keeps_to_its_buckets() -> None:
    """Messages of other buckets that have the words are not even fetched."""
    _case, message = cast.opened_with_message("una tuerca suelta")
    columns = ", ".join(
        f'"{field.column}"' for field in Message._meta.concrete_fields
        if field.column not in ("id", "search")
    )  # fmt: skip
    facts: dict[str, Any] = searching.EVERYWHERE.parameters | {
        "config": "ventanilla_es", "words": "tuerca", "before": LARGEST_ID, "most": 10,
        "limit": 10, "is_later": False, "buckets": [0],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO register_message (id, {columns})
                SELECT {BUCKET} + n * 500, {columns} FROM register_message,
                       generate_series(1, 4000) n WHERE id = %s""",
            [message.pk],
        )
        cursor.execute("ANALYZE register_message")
        cursor.execute("EXPLAIN ANALYZE " + searching.IN_BUCKETS, facts)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    condition = next(line for line in plan.splitlines() if "Index Cond: ((search @@" in line)
    assert "message_search" in plan, plan
    assert f"id / {BUCKET}) = b.bucket" in condition, plan
    assert "Rows Removed" not in plan, plan


def test_a_row_of_a_list_costs_one_statement_whatever_it_shows() -> None:
    case, message = cast.opened_with_message("La Facturación doble")
    bare = cast.opened()
    rows = found.found_cases([Hit(case.pk, message.pk), Hit(bare.pk, 0)], "facturas")
    assert [each.case for each in rows] == [case, bare]
    assert rows[0].message.text == "La Facturación doble"
    assert rows[0].stems == ("factur",)
    assert rows[0].standing.promise is not None
    assert str(rows[0].case.person) == "Lucía Prado"
    assert rows[1].message.at is None
    assert found.found_cases([], "x") == []
