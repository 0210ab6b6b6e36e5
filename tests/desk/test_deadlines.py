"""Every promise is watched: each warning goes off once, reaches a person, and is on the record."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.desk import people
from tests.register import cast
from ventanilla.accounts.models import Role, Staff
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.actors import SYSTEM
from ventanilla.desk import deadlines
from ventanilla.desk.sweeping import SomeFailed
from ventanilla.register import operations as register
from ventanilla.register import queries
from ventanilla.register.models import Case, Commitment, LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)

BERTA, ELENA, DIANA = (f"{name}@generasoft.example" for name in ("berta", "elena", "diana"))
# Billing query received on Friday 2026-12-04 at 15:00: 12 business day hours end on Monday at
# 03:00. Three hours before that on the same clock is the end of Friday.
DUE = cast.bogota(2026, 12, 7, 3, 0)


@pytest.fixture(autouse=True)
def _team() -> None:
    people.berta()
    people.elena()
    Staff.objects.create_user(DIANA, full_name="Diana Vega", role=Role.DIRECTOR)


def first_response(case: Case) -> Commitment:
    return Commitment.objects.get(case=case, key="first_response")


def watched(case: Case) -> list[tuple[str, str]]:
    """What went off about the first response: step and address, in order."""
    mails = OutboundMessage.objects.filter(
        case=case, kind="alert", key__startswith=f"alert:{first_response(case).pk}:"
    )
    told = mails.order_by("id").values_list("key", "to")
    return [(":".join(key.split(":")[2:-2]), to) for key, (to,) in told]


def fired(case: Case) -> Counter[tuple[str, str]]:
    entries = LedgerEntry.objects.filter(case=case, kind="alert_fired")
    return Counter((entry.payload["key"], entry.payload["step"]) for entry in entries)


def test_G3_reminder_then_due_then_escalation_each_to_whom_the_policy_says() -> None:
    case = cast.opened()
    row = first_response(case)
    assert row.due_at == DUE
    reminder_at = row.next_alert_at
    assert reminder_at == cast.bogota(2026, 12, 5, 0, 0)

    deadlines.run(as_of=reminder_at - timedelta(seconds=1))
    assert watched(case) == []
    deadlines.run(as_of=reminder_at)
    # Nobody took the case, so what was for its owner goes to the lead; the desk hears it too.
    assert watched(case) == [("reminder:1", ELENA), ("reminder:1", BERTA)]
    assert first_response(case).broken_at is None

    deadlines.run(as_of=DUE)
    assert watched(case)[2:] == [("due", ELENA)]
    assert first_response(case).broken_at == DUE

    deadlines.run(as_of=DUE + timedelta(hours=6))
    assert watched(case)[3:] == [("escalation:1", DIANA)]
    assert first_response(case).next_alert_at is None

    told = OutboundMessage.objects.filter(kind="alert", to=[DIANA]).get()
    assert told.subject == f"Plazo vencido sin atender desde hace 6 h: {case.folio}"
    assert "nadie lo cumplió 6 horas de días hábiles después de vencer; se avisa a" in told.text
    assert "lunes 7 de diciembre de 2026, 3:00 a. m." in told.text
    notes = LedgerEntry.objects.filter(case=case, kind="alert_sent", payload__key="first_response")
    assert notes.count() == 3
    said = [each.sentence for each in queries.timeline(case) if "Respuesta (" in each.sentence]
    at = "el lunes 7 de diciembre de 2026, 3:00 a. m."
    assert said == [
        f"Recordatorio: Respuesta (cláusula G3); vence {at}",
        "Se avisó a Berta Nieto, Elena Rojas: Respuesta (cláusula G3).",
        f"Venció: Respuesta (cláusula G3); debía estar {at}",
        "Se avisó a Elena Rojas: Respuesta (cláusula G3).",
        f"Se escaló: Respuesta (cláusula G3); debía estar {at}",
        "Se avisó a Diana Vega: Respuesta (cláusula G3).",
    ]


def test_two_warnings_about_one_promise_say_how_much_is_left_and_why_they_come() -> None:
    case = cast.opened(category="urgent_problem")
    due_at = first_response(case).due_at
    for before in (60, 30):  # The watch looks once a minute, so it is some seconds late.
        deadlines.run(as_of=due_at - timedelta(minutes=before) + timedelta(seconds=20))
    key = f"alert:{first_response(case).pk}:"
    first, second = OutboundMessage.objects.filter(to=[ELENA], key__startswith=key).order_by("id")
    assert first.subject == f"Plazo por vencer, queda 1 h: {case.folio}"
    assert second.subject == f"Plazo por vencer, quedan 30 min: {case.folio}"
    assert "6:00 p. m. (quedan 30 min)" in second.text
    why = "Por qué le llega: recordatorio"
    assert f"{why} 1 de 2, 1 hora antes de vencer; es para quien atiende el caso y" in first.text
    assert f"{why} 2 de 2, 30 minutos antes de vencer; es para quien lidera" in second.text


@pytest.mark.parametrize(
    ("category", "late", "left"),
    [
        ("billing_query", timedelta(), "quedan 3 h de días hábiles"),
        ("sion/general_request", timedelta(), "quedan 9 h en horario hábil"),
        ("general_query", timedelta(), "queda 1 día hábil"),
        ("general_query", timedelta(hours=40), "quedan 8 h"),
    ],
)
def test_what_is_left_is_told_on_the_clock_of_the_promise(
    category: str, late: timedelta, left: str
) -> None:
    key, _, name = category.rpartition("/")
    row = first_response(cast.opened(category=name, key=key or "generasoft"))
    assert row.next_alert_at is not None
    deadlines.run(as_of=row.next_alert_at + late)
    told = OutboundMessage.objects.filter(key__startswith=f"alert:{row.pk}:").earliest("id")
    assert told.subject.startswith(f"Plazo por vencer, {left}: ")


def test_looking_twice_fires_nothing_twice() -> None:
    case = cast.opened()
    late = DUE + timedelta(days=30)
    assert deadlines.run(as_of=late) > 0
    before = fired(case)
    assert deadlines.run(as_of=late) == 0
    assert fired(case) == before
    assert set(before.values()) == {1}


def test_after_an_outage_a_reminder_that_came_too_late_is_passed_over() -> None:
    case = cast.opened()
    deadlines.run(as_of=DUE + timedelta(days=3))
    assert [step for step, _ in watched(case)] == ["due", "escalation:1"]
    assert first_response(case).broken_at == DUE


def test_what_was_answered_in_time_warns_nobody() -> None:
    case = cast.opened()
    with transaction.atomic():
        cast.answered(case, cast.FRIDAY_3PM + timedelta(hours=1))
    deadlines.run(as_of=DUE + timedelta(days=3))
    assert watched(case) == []


def test_the_owner_is_told_and_once_gone_the_lead() -> None:
    case = cast.opened(category="urgent_problem")
    berta = cast.berta()
    register.assign(case=case, assignee_id=berta.pk, acting_user=SYSTEM, as_of=cast.FRIDAY_3PM)
    row = first_response(case)
    assert row.next_alert_at is not None
    deadlines.run(as_of=row.next_alert_at)
    assert watched(case) == [("reminder:1", BERTA)]

    Staff.objects.filter(pk=berta.pk).update(is_active=False)
    deadlines.run(as_of=row.due_at)
    assert (("due", ELENA)) in watched(case)
    assert BERTA not in [address for step, address in watched(case) if step != "reminder:1"]


def test_G5_an_emergency_outside_hours_also_reaches_who_is_on_call() -> None:
    saturday = people.SATURDAY_10AM
    case = cast.opened(category="urgent_problem", received_at=saturday, emergency=True)
    row = first_response(case)
    assert row.next_alert_at is not None
    deadlines.run(as_of=row.next_alert_at)
    assert ("reminder:1", "guardia@generasoft.example") in watched(case)

    monday = cast.opened(category="urgent_problem", received_at=cast.bogota(2026, 12, 7, 9, 0),
                         emergency=True)  # fmt: skip
    deadlines.run(as_of=cast.bogota(2026, 12, 7, 11, 0))
    assert watched(monday)
    assert "guardia@generasoft.example" not in [address for _, address in watched(monday)]


def test_a_case_that_somebody_works_on_is_left_to_the_next_look() -> None:
    case, free = cast.opened(), cast.opened()
    held, go_on = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=case.pk)
                held.set()
                go_on.wait(timeout=30)
        finally:
            connection.close()

    other = threading.Thread(target=work)
    other.start()
    assert held.wait(timeout=20)
    deadlines.run(as_of=DUE)
    assert watched(case) == []
    assert watched(free)
    go_on.set()
    other.join(timeout=20)
    deadlines.run(as_of=DUE)
    assert [step for step, _ in watched(case)] == ["due"]


def test_one_that_cannot_be_warned_about_does_not_silence_the_others() -> None:
    broken, sound = cast.opened(), cast.opened()
    Commitment.objects.filter(case=broken).update(target={})
    with pytest.raises(SomeFailed) as raised:
        deadlines.run(as_of=DUE)
    assert {type(each) for each in raised.value.exceptions} == {KeyError}
    assert fired(broken) == Counter()
    assert [step for step, _ in watched(sound)] == ["due"]


def test_many_workers_at_once_fire_each_warning_once() -> None:
    cases = [cast.opened() for _ in range(8)]
    late = DUE + timedelta(days=30)
    together = threading.Barrier(4)

    def look() -> None:
        try:
            together.wait(timeout=20)
            deadlines.run(as_of=late)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    deadlines.run(as_of=late)
    expect_each_once(cases, late)


def expect_each_once(cases: list[Case], as_of: datetime) -> None:
    """Every case had the same warnings, each once: entry, mail and job."""
    assert not Commitment.objects.filter(next_alert_at__lte=as_of).exists()
    first = fired(cases[0])
    assert first
    for case in cases:
        assert fired(case) == first
        assert set(fired(case).values()) == {1}
    mails = OutboundMessage.objects.filter(kind="alert")
    per_case = Counter(mails.values_list("case_id", flat=True))
    assert len(set(per_case.values())) == 1
    assert set(per_case) == {case.pk for case in cases}
    sent = [
        outbound_id
        for entry in LedgerEntry.objects.filter(kind="alert_sent")
        for outbound_id in entry.payload["outbound_ids"]
    ]
    assert sorted(sent) == sorted(mails.values_list("pk", flat=True))
    deferred = ProcrastinateJob.objects.filter(task_name="deliver", status="todo")
    assert sorted(
        args["outbound_id"] for args in deferred.values_list("args", flat=True)
    ) == sorted(sent)
