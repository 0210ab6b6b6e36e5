"""Finding people by what somebody remembers of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from ventanilla.crm import finding
from ventanilla.crm.finding import find_people, is_address
from ventanilla.crm.models import ContactPoint, Person

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def person(name: str, email: str = "", phone: str = "") -> int:
    row = Person.objects.create(name=name, created_at=LONG_AGO)
    for kind, value in (("email", email), ("phone", phone)):
        if value:
            ContactPoint.objects.create(person=row, kind=kind, value=value, created_at=LONG_AGO)
    return row.pk


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("jose", {"José Nuñez"}),
        ("JOSÉ NÚÑEZ", {"José Nuñez"}),
        ("nunez jos", {"José Nuñez"}),
        ("nun", {"José Nuñez", "Nuno de la O"}),
        ("o'brien", {"Ana O'Brien"}),
        ("jose@taller.example", {"José Nuñez"}),
        ("JOSE@T", {"José Nuñez"}),
        ("@taller.example", {"José Nuñez", "Nuno de la O"}),
        ("5550111", {"José Nuñez"}),
        ("+57 (601) 555-0111", {"José Nuñez"}),
        ("0111", set()),
        ("x", set()),
        ("", set()),
        ("taller", set()),
        ("jo%", {"José Nuñez"}),
        ("_%@", set()),
        ("& | ! : *", set()),
    ],
)
def test_people_are_found_by_beginnings_whatever_accents(asked: str, expected: set[str]) -> None:
    person("José Nuñez", "jose@taller.example", "+576015550111")
    person("Nuno de la O", "nuno@taller.example")
    person("Ana O'Brien", "ana@otra.example")
    assert {each.name for each in find_people(asked)} == expected


def test_a_name_that_many_bear_gives_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_LOOKED_AT", 2)
    for _ in range(3):
        person("María Ruiz")
    assert len(find_people("maria")) == 2


def test_what_asks_for_an_address_is_told_from_a_name() -> None:
    assert is_address("ana@")
    assert is_address(" +57 601 ")
    assert not is_address("Ana 2")
    assert not is_address("")


@pytest.mark.parametrize("asked", ["maria rui", "maria@casa", "@casa.example", "5550199"])
def test_no_question_reads_every_person(asked: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO crm_person (name, created_at)
               SELECT 'Nombre ' || n, now() FROM generate_series(1, 5000) n"""
        )
        cursor.execute(
            """INSERT INTO crm_contactpoint
                   (person_id, kind, value, created_at, bounce_reason, soft_bounces)
               SELECT id, 'email', 'p' || id || '@calle' || id || '.example', now(), '', 0
                 FROM crm_person"""
        )
        cursor.execute("ANALYZE crm_person, crm_contactpoint")
        plans = []
        for statement, parameters in _asked(asked):
            cursor.execute("EXPLAIN " + statement, parameters)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert plans
    assert not any("Seq Scan" in plan for plan in plans), plans


def _asked(text: str) -> list[tuple[str, list[Any]]]:
    """The statements that a question sends, with their parameters."""
    sent: list[tuple[str, list[Any]]] = []

    def keep(statement: str, parameters: list[Any]) -> list[object]:
        sent.append((statement, parameters))
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "_rows", keep)
        find_people(text)
    return sent
