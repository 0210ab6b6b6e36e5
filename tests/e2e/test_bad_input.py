"""What goes wrong around the main job: each has a clear end and loses nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection

from tests.desk.mails import mail, stored
from tests.desk.people import ANA_ADDRESS, CUSTOMERS, FRIDAY_3PM, elena
from tests.e2e.house import House
from ventanilla.channels.models import Delivery, Fate, InboundItem, OutboundMessage
from ventanilla.desk import intake, outbox
from ventanilla.register.models import Case, LedgerEntry
from ventanilla.register.verification import verify


def test_a_relay_that_puts_off_is_tried_again_with_the_same_mail(generasoft: House) -> None:
    generasoft.relay.recipients[ANA_ADDRESS] = "451 4.7.1 come back later"
    case = generasoft.arrives(mail(), to=CUSTOMERS)
    row = OutboundMessage.objects.get(case=case)
    assert (row.state, row.attempts) == (Delivery.QUEUED, 1)
    assert generasoft.mails_to(ANA_ADDRESS) == []

    generasoft.relay.recipients.clear()
    generasoft.at(FRIDAY_3PM + timedelta(minutes=2))
    outbox.sweep(as_of=generasoft.now)
    generasoft.work()
    (received,) = generasoft.mails_to(ANA_ADDRESS)
    assert received["Message-ID"] == row.message_id


def test_a_relay_that_refuses_for_good_is_told_to_the_owner(generasoft: House) -> None:
    elena()
    generasoft.relay.recipients[ANA_ADDRESS] = "550 5.1.1 no existe"
    case = generasoft.arrives(mail(), to=CUSTOMERS)
    assert OutboundMessage.objects.get(case=case, kind="acknowledgement").state == Delivery.FAILED
    assert LedgerEntry.objects.filter(case=case, kind="delivery_failed").exists()
    generasoft.work()
    (told,) = generasoft.mails_to("elena@generasoft.example")
    assert case.folio in told["Subject"]


def test_the_same_mail_processed_by_two_workers_at_once_has_one_effect(generasoft: House) -> None:
    raw = mail()
    items = [stored(raw).pk for _ in range(4)]
    gate, fates = threading.Barrier(4), []

    def receive(item_id: int) -> None:
        gate.wait(10)
        fates.append(intake.receive(item_id=item_id, as_of=FRIDAY_3PM))
        connection.close()

    threads = [threading.Thread(target=receive, args=(each,)) for each in items]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(fates) == [Fate.CASE, Fate.DUPLICATE, Fate.DUPLICATE, Fate.DUPLICATE]
    assert Case.objects.count() == 1
    assert OutboundMessage.objects.count() == 1
    assert verify().is_clean


def test_one_item_taken_by_two_workers_at_once_has_one_fate(generasoft: House) -> None:
    item = stored(mail())
    gate, fates = threading.Barrier(3), []

    def receive() -> None:
        gate.wait(10)
        fates.append(intake.receive(item_id=item.pk, as_of=FRIDAY_3PM))
        connection.close()

    threads = [threading.Thread(target=receive) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert fates == [Fate.CASE] * 3
    assert Case.objects.count() == 1
    assert InboundItem.objects.get().fate == Fate.CASE
