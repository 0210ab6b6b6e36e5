"""What goes wrong beside a delivery: with the record about it, or with the one who is told."""

from datetime import timedelta

import pytest

from tests.channels.receiving import Receiver, receiving
from tests.desk import people
from tests.desk.mails import acknowledgement_of, opened
from ventanilla.channels.models import Delivery, DeliveryAttempt, OutboundMessage
from ventanilla.channels.relay import RelayPort
from ventanilla.desk import outbox, outgoing
from ventanilla.register.models import Case, LedgerEntry

LATER = people.FRIDAY_3PM + timedelta(minutes=1)


def _cannot(**_: object) -> None:
    raise ArithmeticError


def _successes(case: Case) -> int:
    return LedgerEntry.objects.filter(case=case, kind="delivery_succeeded").count()


@pytest.mark.usefixtures("desk")
def test_trouble_with_the_record_does_not_send_the_mail_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, receiver = opened(), Receiver()
    row = acknowledgement_of(case)
    with receiving(receiver) as relay:
        port = RelayPort(relay, helo_name="ventanilla.example", timeout_s=10)

        def deliver() -> DeliveryAttempt | None:
            return outbox.deliver(outbound_id=row.pk, port=port, as_of=LATER)

        with monkeypatch.context() as broken:
            broken.setattr("ventanilla.desk.outbox.register.note_fact", _cannot)
            for _ in range(3):
                with pytest.raises(ArithmeticError):
                    deliver()
        row.refresh_from_db()
        assert (len(receiver.taken), row.state, _successes(case)) == (1, Delivery.SENT, 0)

        for _ in range(2):  # the next try of the job does what was left open, once
            assert deliver() is None
        assert (len(receiver.taken), _successes(case)) == (1, 1)


@pytest.mark.usefixtures("desk")
def test_colleagues_with_very_long_addresses_are_told_once_each() -> None:
    case = opened()
    to = [f"{'a' * 60}@{'b' * 60}.{tail * 60}.example" for tail in "cd"]
    for _ in range(2):
        outgoing.tell_staff(
            case=case,
            pack=people.pack(),
            kind="alert",
            key=f"alert:{'k' * 80}",
            to=to,
            subject="Vence pronto",
            text="Vence pronto.",
            as_of=people.FRIDAY_3PM,
        )
    told = OutboundMessage.objects.filter(kind="alert").order_by("id")
    assert [row.to for row in told] == [[each] for each in to]
