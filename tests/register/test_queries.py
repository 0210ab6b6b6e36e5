"""Reads: one range scan a page, few statements, what was said is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from ventanilla.register import operations as register
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.models.message import SEARCH_LENGTH

pytestmark = pytest.mark.django_db

COPIES = 4_000


@pytest.fixture
def many_cases() -> Case:
    """A pattern case copied by the database: closed ones, and open ones of two desks."""
    case = cast.opened()
    columns = [
        str(field.column) for field in Case._meta.concrete_fields
        if field.column not in ("id", "folio", "next_due_at", "closed_at", "desk", "assignee_id")
    ]  # fmt: skip
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO register_case
                (folio, next_due_at, closed_at, desk, assignee_id, {names})
                SELECT 'X-' || n,
                       CASE WHEN n %% 10 = 0 THEN NULL ELSE next_due_at + n * interval '1 min' END,
                       CASE WHEN n %% 3 = 0 THEN received_at END,
                       CASE WHEN n %% 2 = 0 THEN 'soporte' ELSE 'atencion' END,
                       CASE WHEN n %% 5 = 0 THEN NULL ELSE %s END,
                       {names}
                  FROM register_case, generate_series(1, %s) n WHERE id = %s""",
            [cast.berta().pk, COPIES, case.pk],
        )
        cursor.execute("ANALYZE register_case")
    return case


def plan_of(read: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        read()
    plans = []
    for each in asked:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + each["sql"].replace("%", "%%"), [])
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return plans


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "all"},
        {"view": "all", "desks": ["soporte"]},
        {"view": "my_desk", "desks": ["soporte", "atencion"]},
        {"view": "mine", "assignee": -1},
        {"view": "unassigned"},
        {"view": "waiting"},
        {"view": "overdue", "as_of": FRIDAY_3PM + hours(100)},
    ],
)
def test_a_page_of_a_queue_is_one_index_range_scan(many_cases: Case, asked: dict[str, Any]) -> None:
    if asked.get("assignee"):
        asked = asked | {"assignee": cast.berta().pk}
    for after in (None, (many_cases.received_at + timedelta(days=4), many_cases.pk)):
        plans = plan_of(lambda key=after: queries.queue(**asked, after=key, limit=50))  # type: ignore[misc]  # bound at once
        assert 1 <= len(plans) <= 2
        for plan in plans:
            assert "case_queue" in plan, plan
            assert "Sort" not in plan, plan
            assert "Seq Scan on register_case" not in plan, plan


@pytest.mark.parametrize("view", [each for each in queries.View if each != "overdue"])
def test_who_sees_no_desk_has_an_empty_queue(view: str) -> None:
    case = cast.opened()
    assert queries.queue(desks=[], assignee=1, view=view) == []
    assert case in queries.queue(desks=[case.desk])


def test_pages_behind_a_key_show_every_open_case_once(many_cases: Case) -> None:
    seen: list[Case] = []
    key = None
    while page := queries.queue(after=key, limit=397):
        seen += page
        key = queries.key_of(page[-1])
    assert len(seen) == len({case.pk for case in seen})
    assert len(seen) == Case.objects.filter(closed_at=None).count()
    order = [(case.next_due_at is None, case.next_due_at, case.pk) for case in seen]
    assert order == sorted(order, key=lambda each: (each[0], each[1] or FRIDAY_3PM, each[2]))


def test_a_folio_of_a_merged_case_leads_on() -> None:
    one, other = cast.opened(), cast.opened()
    register.merge(
        case=other, into=one, acting_user=cast.acting(cast.berta()), as_of=FRIDAY_3PM + hours(1)
    )
    found = queries.case_by_folio(other.folio)
    assert found is not None
    assert queries.current(found) == one
    assert queries.family(one) == [one.pk, other.pk]
    assert queries.may_write(one, " LUCIA@cliente.example ")
    assert not queries.may_write(one, "otra@cliente.example")


def test_the_nearest_parent_decides_where_an_answer_belongs() -> None:
    one, other = cast.opened(), cast.opened()
    cast.wrote(one, FRIDAY_3PM, message_id="<a@x.example>")
    cast.wrote(other, FRIDAY_3PM, message_id="<b@x.example>")
    asked = ["<a@x.example>", "<b@x.example>", "<unknown@x.example>"]
    assert queries.find_by_message_ids(asked) == other
    assert queries.find_by_message_ids([asked[0], "", asked[2]]) == one
    assert queries.find_by_message_ids(["<unknown@x.example>", ""]) is None


def test_words_are_found_whatever_their_accents_and_endings() -> None:
    one, other = cast.opened(), cast.opened()
    cast.wrote(one, FRIDAY_3PM, "La facturación electrónica falló otra vez")
    cast.wrote(other, FRIDAY_3PM, "El teléfono no suena")
    assert queries.search("facturacion electronicas") == [one]
    assert queries.search('"no suena"') == [other]
    assert queries.search("facturacion", desks=["soporte"]) == []
    for hostile in ("", "   ", "'; DROP TABLE x; --", "\0", "(((", "!!", "a" * 5_000, "%_\\"):
        assert queries.search(hostile) == []


def test_addresses_paths_and_joined_words_are_found_by_their_words() -> None:
    one = cast.opened()
    cast.wrote(one, FRIDAY_3PM, "Desde lucia@cliente.example: ver /planos/fachada_norte.pdf")
    for asked in ("lucia@cliente.example", "fachada_norte.pdf", "planos norte", "ver -sur"):
        assert queries.search(asked) == [one], asked
    assert queries.search("ver -norte") == []


@pytest.mark.parametrize("hostile", ["<!--", "a_", "./", "<a href=http://", "a@b."])
def test_no_text_makes_the_database_think_for_minutes(hostile: str) -> None:
    case = cast.opened()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5s'")
        cast.wrote(case, FRIDAY_3PM, (hostile * SEARCH_LENGTH)[:SEARCH_LENGTH])


def test_each_case_is_found_once_the_last_spoken_first() -> None:
    one, other = cast.opened(), cast.opened()
    cast.wrote(one, FRIDAY_3PM, "devolución del pedido")
    cast.wrote(other, FRIDAY_3PM, "devolución del pedido")
    cast.wrote(one, FRIDAY_3PM, "sobre la devolución")
    assert queries.search("devolución") == [one, other]


def test_S7_the_timeline_tells_everything_in_order_in_few_statements() -> None:
    case, _ = cast.opened_with_message()
    cast.answered(case, FRIDAY_3PM + hours(1))
    case = cast.assessed(case, FRIDAY_3PM + hours(2))
    register.assign(
        case=case, assignee_id=cast.carlos().pk, acting_user=cast.acting(cast.berta()),
        as_of=FRIDAY_3PM + hours(3),
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        told = queries.timeline(case)
    assert len(asked) <= 6
    assert [moment.message.text if moment.message else moment.sentence for moment in told] == [
        f"Se registró con el número de radicado {case.folio}. Categoría: Consulta de facturación.",
        "Me cobraron dos veces.",
        "Ya lo corregimos.",
        "Evaluación inicial: Consulta de facturación, prioridad alta.",
        "Se asignó a Carlos Amaya.",
    ]
    assert told[3].remark == "Que se corrija."
    assert told[4].who == "Berta Nieto"


def test_the_timeline_is_bounded() -> None:
    case = cast.opened()
    for _ in range(6):
        cast.wrote(case, FRIDAY_3PM)
    assert len(queries.timeline(case, limit=4)) == 4


@pytest.mark.parametrize("count", [1, 12])
def test_writing_takes_the_same_statements_however_long_the_conversation(count: int) -> None:
    case = cast.opened()
    for _ in range(count):
        cast.wrote(case, FRIDAY_3PM)
    with CaptureQueriesContext(connection) as asked:
        cast.wrote(case, FRIDAY_3PM)
    statements = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 6  # lock, promises, row, ledger, message (and changed promises)
