"""Statements with kept plans do what the ORM does, and say aloud what the database refuses."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from ventanilla.core.statements import execute, insert, locked, read, unawaited
from ventanilla.crm.models import ContactPoint, Interaction, Person

NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def ana() -> Person:
    row = Person(name="Ana Pérez", created_at=NOON)
    insert(row)
    return row


def address(person: Person, value: str = "ana@cliente.example") -> ContactPoint:
    return ContactPoint(person=person, kind="email", value=value, created_at=NOON)


@pytest.mark.django_db
def test_an_inserted_row_is_the_row_that_was_given_and_knows_its_id() -> None:
    row = ana()
    assert Person.objects.get() == row
    assert locked(Person, row.pk).__dict__.keys() == row.__dict__.keys()
    assert (locked(Person, row.pk).name, locked(Person, row.pk).created_at) == (row.name, NOON)
    with pytest.raises(Person.DoesNotExist):
        locked(Person, row.pk + 1)


@pytest.mark.django_db
def test_a_row_that_has_its_id_keeps_it() -> None:
    insert(Person(pk=4711, name="Zoe", created_at=NOON))
    assert Person.objects.get().pk == 4711


@pytest.mark.django_db
def test_the_plan_is_kept_after_a_few_times() -> None:
    for _ in range(6):
        ana()
    kept = execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s::text",
                   ['INSERT INTO "crm_person"%']).fetchone()  # fmt: skip
    assert kept == (1,)


TAKEN = "ana@cliente.example"
NEW = "otra@cliente.example"
ADD = (
    "INSERT INTO crm_contactpoint (person_id, kind, value, created_at, bounce_reason, soft_bounces)"
    " VALUES (%s, 'email', %s::text, now(), '', 0)"
)


def nothing_is_read(person: Person) -> None:
    execute(ADD, [person.pk, TAKEN])
    execute("UPDATE crm_person SET name = 'Otra'")


def a_later_row_is_read(person: Person) -> None:
    execute(ADD, [person.pk, TAKEN])
    insert(Interaction(person=person, at=NOON, channel="email", direction="in", summary=""))


def the_row_itself_is_read(person: Person) -> None:
    insert(address(person, TAKEN), address(person, NEW))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [nothing_is_read, a_later_row_is_read, the_row_itself_is_read])
def test_what_is_refused_is_known_by_its_name_and_nothing_stays(
    act: Callable[[Person], None],
) -> None:
    def unheard() -> None:
        with transaction.atomic(), unawaited():
            act(person)

    person = ana()
    insert(address(person, TAKEN))
    with pytest.raises(IntegrityError) as refused:
        unheard()
    assert getattr(refused.value.__cause__, "sqlstate", "") == "23505"
    assert Person.objects.get().name == "Ana Pérez"
    assert ContactPoint.objects.count() == 1
    assert not Interaction.objects.exists()
    ana()  # the connection works on


READ_PERSON = "SELECT upper(p.name) AS loud, p.* FROM crm_person p WHERE p.id = %s"


@pytest.mark.django_db
def test_a_read_row_is_the_row_of_the_orm_with_what_else_was_asked() -> None:
    row = ana()
    (found,) = read(Person, READ_PERSON, [row.pk])
    fresh = Person.objects.get()
    assert found.__dict__.keys() - {"loud"} == fresh.__dict__.keys()
    assert all(
        getattr(found, name) == getattr(fresh, name) for name in ("pk", "name", "created_at")
    )
    assert vars(found)["loud"] == "ANA PÉREZ"
    assert read(Person, READ_PERSON, [row.pk + 1]) == []


@pytest.mark.django_db
def test_columns_that_were_not_read_are_read_when_asked_for() -> None:
    row = ana()
    (found,) = read(Person, "SELECT created_at, id FROM crm_person WHERE id = %s", [row.pk])
    assert "name" not in vars(found)
    assert (found.pk, found.created_at, found.name) == (row.pk, NOON, "Ana Pérez")


@pytest.mark.django_db
def test_a_kept_plan_outlives_a_column_that_a_newer_program_adds() -> None:
    row = ana()
    for _ in range(6):  # from the fourth time on the server keeps the plan
        read(Person, READ_PERSON, [row.pk])
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE crm_person ADD COLUMN of_tomorrow text")
    assert [each.name for each in read(Person, READ_PERSON, [row.pk])] == ["Ana Pérez"]
