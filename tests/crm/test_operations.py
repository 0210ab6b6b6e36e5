"""Who is behind an address, and what passed between them and us."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from ventanilla.crm.models import ContactPoint, Interaction, Person
from ventanilla.crm.operations import (
    identify,
    mark_bounce,
    mark_reachable,
    record_interaction,
)
from ventanilla.crm.queries import addresses_of, bounced_among, history, person_at
from ventanilla.crm.rules import SOFT_BOUNCES_BEFORE_MARK, AddressNotUnderstood

NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
ANA = "ana@cliente.example"


def known(value: str = ANA, name: str = "Ana Pérez") -> Person:
    return identify(kind="email", value=value, name=name, as_of=NOON)


@pytest.mark.django_db
def test_a_stranger_is_introduced_and_known_the_next_time() -> None:
    ana = known()
    assert (ana.name, ana.created_at) == ("Ana Pérez", NOON)
    assert [each.value for each in addresses_of(person_id=ana.pk)] == [ANA]

    assert known("ANA@Cliente.example", "") == ana
    assert person_at(value="<ANA@cliente.example>") == ana
    assert person_at(value="luis@cliente.example") is None
    assert person_at(value="no es nada") is None


@pytest.mark.django_db
def test_a_name_is_filled_in_and_not_spoilt() -> None:
    ana = known(name="")
    assert ana.name == ""
    assert known(name="Ana Pérez").name == "Ana Pérez"
    assert known(name="ana").name == "Ana Pérez"
    assert Person.objects.get(pk=ana.pk).name == "Ana Pérez"


@pytest.mark.django_db
def test_what_is_no_address_makes_nobody() -> None:
    with pytest.raises(AddressNotUnderstood):
        known("sin arroba")
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_meet_a_stranger_at_once_make_one_person() -> None:
    met: list[int] = []
    together = threading.Barrier(8)

    def meet(number: int) -> None:
        try:
            together.wait(timeout=20)
            with transaction.atomic():
                met.append(known(name=f"Ana {number}").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=meet, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=30)

    assert len(met) == 8
    assert len(set(met)) == 1
    assert Person.objects.count() == ContactPoint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_waited_for_the_other_to_give_up_introduces_the_person() -> None:
    started = threading.Event()
    met: list[Person] = []

    def meet() -> None:
        started.set()
        try:
            met.append(known(name="Ana Segunda"))
        finally:
            connection.close()

    with transaction.atomic():
        known(name="Ana Primera")
        other = threading.Thread(target=meet)
        other.start()
        started.wait(timeout=10)
        transaction.set_rollback(True)
    other.join(timeout=20)

    assert [each.name for each in met] == ["Ana Segunda"]
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_S2_the_history_of_a_person_names_the_folio_and_is_paged_by_key() -> None:
    ana, luis = known(), known("luis@cliente.example", "Luis Gil")
    for number in range(7):
        record_interaction(
            person_id=ana.pk,
            at=NOON + timedelta(minutes=number // 2),  # several in the same moment
            channel="email",
            direction="in",
            folio=f"GS-2026-00000{number}-X",
            summary="Escribió:\n" + "largo " * 100,
        )
    record_interaction(
        person_id=luis.pk, at=NOON, channel="email", direction="in", folio="", summary="Otro"
    )

    seen: list[Interaction] = []
    key = None
    pages = 0
    while True:
        page = history(person_id=ana.pk, after=key, limit=3)
        seen += page.lines
        pages += 1
        if (key := page.next_key) is None:
            break
    assert pages == 3
    assert [each.folio[-3] for each in seen] == list("6543210")
    assert all(len(each.summary) <= 300 for each in seen)


@pytest.mark.django_db
def test_a_final_bounce_marks_the_address_at_once() -> None:
    known()
    point = mark_bounce(value=ANA, hard=True, reason="550 5.1.1\nno such user", as_of=NOON)
    assert point is not None
    assert (point.bounced_at, point.bounce_reason) == (NOON, "550 5.1.1 no such user")
    assert bounced_among([ANA, "luis@cliente.example"]) == {ANA}

    assert mark_reachable(value="Ana@cliente.example")
    assert not mark_reachable(value=ANA)
    assert bounced_among([ANA]) == frozenset()


@pytest.mark.django_db
def test_temporary_bounces_mark_it_after_several_in_a_row() -> None:
    known()
    for _ in range(SOFT_BOUNCES_BEFORE_MARK - 1):
        mark_bounce(value=ANA, hard=False, reason="452 mailbox full", as_of=NOON)
    assert bounced_among([ANA]) == frozenset()
    mark_bounce(value=ANA, hard=False, reason="452 mailbox full", as_of=NOON)
    assert bounced_among([ANA]) == {ANA}


@pytest.mark.django_db
def test_a_bounce_of_an_address_that_is_nobodys_marks_nothing() -> None:
    assert mark_bounce(value="x@otro.example", hard=True, reason="", as_of=NOON) is None
    assert mark_bounce(value="", hard=True, reason="", as_of=NOON) is None
