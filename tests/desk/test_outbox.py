"""What follows for the case and the person when a mail of ours arrives, or does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.channels.receiving import Receiver, receiving
from tests.desk import people
from tests.desk.mails import acknowledgement_of, opened
from ventanilla.channels.models import Delivery, DeliveryAttempt, OutboundMessage
from ventanilla.channels.queries import automatic_mail
from ventanilla.channels.relay import RelayPort
from ventanilla.crm.models import ContactPoint
from ventanilla.crm.queries import bounced_among
from ventanilla.desk import outbox, telling
from ventanilla.desk.stopping import caps_of
from ventanilla.register.models import Case, LedgerEntry

LATER = people.FRIDAY_3PM + timedelta(minutes=1)
GONE = "550 5.1.1 no such user"
NOT_THIS = "550 5.7.1 message refused"


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def port(receiver: Receiver) -> Iterator[RelayPort]:
    with receiving(receiver) as relay:
        yield RelayPort(relay, helo_name="ventanilla.example", timeout_s=10)


def kinds(case: Case) -> list[str]:
    return list(
        LedgerEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    )


def delivered(
    row: OutboundMessage, port: RelayPort, as_of: datetime = LATER
) -> DeliveryAttempt | None:
    return outbox.deliver(outbound_id=row.pk, port=port, as_of=as_of)


@pytest.mark.usefixtures("desk")
def test_S7_what_was_delivered_is_on_the_record(receiver: Receiver, port: RelayPort) -> None:
    case = opened()
    row = acknowledgement_of(case)
    assert delivered(row, port) is not None
    assert delivered(row, port) is None
    assert len(receiver.taken) == 1
    entry = LedgerEntry.objects.get(case=case, kind="delivery_succeeded")
    assert entry.payload["outbound_id"] == row.pk


@pytest.mark.usefixtures("desk")
def test_a_mailbox_that_does_not_exist_is_marked_and_the_lead_is_told(
    receiver: Receiver, port: RelayPort
) -> None:
    people.elena()
    case = opened()
    receiver.recipients[people.ANA_ADDRESS] = GONE
    delivered(acknowledgement_of(case), port)

    assert kinds(case)[-1] == "delivery_failed"
    assert bounced_among([people.ANA_ADDRESS]) == {people.ANA_ADDRESS}
    told = OutboundMessage.objects.get(kind="delivery_failed")
    assert told.to == ["elena@generasoft.example"]
    assert GONE.partition(" ")[2] in told.text
    assert ProcrastinateJob.objects.filter(queueing_lock=f"deliver:{told.pk}").exists()

    # That mail to the lead fails too: it is stored, and nobody is written to about it.
    receiver.recipients["elena@generasoft.example"] = GONE
    delivered(told, port)
    told.refresh_from_db()
    assert told.state == Delivery.FAILED
    assert OutboundMessage.objects.filter(kind="delivery_failed").count() == 1


@pytest.mark.usefixtures("desk")
def test_a_notice_to_a_colleague_that_fails_is_no_failure_towards_the_person(
    receiver: Receiver, port: RelayPort
) -> None:
    people.elena()
    case = opened()
    receiver.recipients["elena@generasoft.example"] = GONE
    notices = telling.tell_owner(
        case=case, kind="outsider_wrote", key="k", subject="s", text="t", as_of=people.FRIDAY_3PM
    )
    delivered(notices[0], port)
    assert "delivery_failed" not in kinds(case)
    assert not OutboundMessage.objects.filter(kind="delivery_failed").exists()


@pytest.mark.usefixtures("desk")
def test_notices_to_colleagues_do_not_use_up_what_may_be_sent_to_the_person() -> None:
    people.elena()
    case = opened()
    caps = caps_of(people.pack())
    for number in range(caps.per_case):
        telling.tell_owner(
            case=case, kind="alert", key=f"{number}", subject="s", text="t",
            as_of=people.FRIDAY_3PM,
        )  # fmt: skip
    sent = automatic_mail(
        address=people.ANA_ADDRESS, case_id=case.pk, caps=caps, as_of=people.FRIDAY_3PM
    )
    assert sent.in_case == 1, "the acknowledgement alone"


@pytest.mark.usefixtures("desk")
def test_a_refused_message_does_not_condemn_the_address(
    receiver: Receiver, port: RelayPort
) -> None:
    case = opened()
    receiver.recipients[people.ANA_ADDRESS] = NOT_THIS
    delivered(acknowledgement_of(case), port)
    assert bounced_among([people.ANA_ADDRESS]) == frozenset()
    assert ContactPoint.objects.get(value=people.ANA_ADDRESS).soft_bounces == 1


@pytest.mark.usefixtures("desk")
def test_the_sweep_defers_what_is_due_and_nothing_else(receiver: Receiver, port: RelayPort) -> None:
    row = acknowledgement_of(opened())
    receiver.sender = "451 4.3.0 come back later"
    delivered(row, port)
    ProcrastinateJob.objects.all().delete()
    row.refresh_from_db()
    assert row.next_attempt_at is not None

    assert outbox.sweep(as_of=row.next_attempt_at - timedelta(seconds=1)) == 0
    assert outbox.sweep(as_of=row.next_attempt_at) == 1
    assert outbox.sweep(as_of=row.next_attempt_at) == 0
    waiting = ProcrastinateJob.objects.get()
    assert (waiting.task_name, waiting.args) == ("deliver", {"outbound_id": row.pk})
