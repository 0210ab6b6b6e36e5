"""What arrives and what is queued, as rows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.channels.cast import ANA, NOW, Enqueue
from ventanilla.channels import queries
from ventanilla.channels.models import Delivery, Fate, InboundItem, OutboundMessage
from ventanilla.channels.operations import (
    FateDecided,
    NobodyToWriteTo,
    NothingToReplay,
    NothingToRetry,
    quarantine_unfetched,
    reopen_inbound,
    retry,
    settle_inbound,
    store_inbound,
)
from ventanilla.channels.rules import Caps, Suppression


def arrived(
    raw: bytes = b"Subject: x\r\n\r\n\x00\xff", source_key: str | None = None
) -> InboundItem:
    return store_inbound(
        gateway="smtp",
        raw=raw,
        envelope_from=ANA,
        recipients=["soporte@generasoft.example"],
        remote="192.0.2.1",
        source_key=source_key,
        as_of=NOW,
    )


@pytest.mark.django_db
def test_bytes_come_back_as_they_were() -> None:
    item = InboundItem.objects.get(pk=arrived().pk)
    assert bytes(item.raw) == b"Subject: x\r\n\r\n\x00\xff"
    assert (item.size, item.fate) == (16, Fate.PENDING)


@pytest.mark.django_db
def test_one_place_in_a_mailbox_is_taken_once() -> None:
    first = arrived(source_key="m;1;7")
    assert arrived(source_key="m;1;7").pk == first.pk
    assert arrived(source_key="m;1;8").pk != first.pk
    assert arrived().pk != arrived().pk


@pytest.mark.django_db
def test_a_fate_is_decided_once() -> None:
    item = arrived()
    settle_inbound(item=item, fate=Fate.AUTOMATIC, reason="auto", dedupe_key="k", as_of=NOW)
    with pytest.raises(FateDecided, match="automático"):
        settle_inbound(item=item, fate=Fate.CASE, reason="new", as_of=NOW)
    twin = arrived()
    with pytest.raises(IntegrityError, match="inbound_effect_once"), transaction.atomic():
        settle_inbound(item=twin, fate=Fate.CASE, reason="new", dedupe_key="k", as_of=NOW)
    settle_inbound(item=twin, fate=Fate.DUPLICATE, reason="twin", duplicate_of=item, as_of=NOW)
    assert queries.fates() == {Fate.AUTOMATIC: 1, Fate.DUPLICATE: 1}


@pytest.mark.django_db
def test_only_what_had_no_effect_is_processed_anew() -> None:
    item = arrived()
    settle_inbound(item=item, fate=Fate.QUARANTINE, reason="dmarc", as_of=NOW)
    reopen_inbound(item=item, as_of=NOW)
    assert (item.fate, item.replays, item.fate_at) == (Fate.PENDING, 1, NOW)
    settle_inbound(item=item, fate=Fate.FOLLOW_UP, reason="token", as_of=NOW)
    with pytest.raises(NothingToReplay, match="seguimiento"):
        reopen_inbound(item=item, as_of=NOW)


@pytest.mark.django_db
def test_an_unfetched_mail_waits_in_quarantine_once() -> None:
    facts = {
        "gateway": "imap",
        "headers": b"Subject: grande\r\n\r\n",
        "remote": "imap.example",
        "source_key": "m;1;9",
        "reason": "too_large",
        "detail": "Demasiado grande.",
        "as_of": NOW,
    }
    item = quarantine_unfetched(**facts)  # type: ignore[arg-type]  # the keywords above
    again = quarantine_unfetched(**facts)  # type: ignore[arg-type]  # the keywords above
    assert (item.pk, item.fate) == (again.pk, Fate.QUARANTINE)
    assert [each.pk for each in queries.inbound(desks=None, fate=Fate.QUARANTINE)] == [item.pk]


@pytest.mark.django_db
def test_pending_items_are_found_oldest_first() -> None:
    items = [arrived() for _ in range(3)]
    settle_inbound(item=items[1], fate=Fate.CASE, reason="new", as_of=NOW)
    later = NOW + timedelta(minutes=5)
    assert queries.pending_inbound(received_before=later, limit=9) == [items[0].pk, items[2].pk]
    assert queries.pending_inbound(received_before=NOW, limit=9) == []


def test_one_key_queues_one_message(queued: Enqueue) -> None:
    first = queued(text="primero")
    second = queued(text="segundo")
    assert (second.pk, second.text) == (first.pk, "primero")
    with pytest.raises(NobodyToWriteTo):
        queued(key="reply:2", to=[])
    assert OutboundMessage.objects.count() == 1


def test_the_outbox_knows_what_is_due(queued: Enqueue) -> None:
    hour = timedelta(hours=1)
    later = queued(key="a:1", send_at=NOW + hour)
    first = queued(key="a:2")
    stopped = queued(key="a:3", suppressed=Suppression.CASE_CAP)
    assert queries.due_outbound(as_of=NOW, limit=9) == [first.pk]
    assert queries.due_outbound(as_of=NOW + hour, limit=9) == [first.pk, later.pk]
    assert (stopped.state, stopped.state_reason) == (
        Delivery.SUPPRESSED, Suppression.CASE_CAP.value,
    )  # fmt: skip
    pages = queries.outbox(desks=None, limit=2)
    assert [each.pk for each in pages] == [stopped.pk, first.pk]
    assert [each.pk for each in queries.outbox(desks=None, after=first.pk)] == [later.pk]
    with pytest.raises(NothingToRetry, match="en cola"):
        retry(outbound=first, as_of=NOW)


def test_counts_automatic_mail_of_a_day_that_was_not_held_back(queued: Enqueue) -> None:
    caps = Caps(per_address_per_day=9, per_case=9, case_window=timedelta(hours=3))
    queued(key="a:1", automatic=True, as_of=NOW - timedelta(hours=25))
    queued(key="a:2", automatic=True, as_of=NOW - timedelta(hours=23))
    queued(key="a:3", automatic=True)
    queued(key="a:4", automatic=True, suppressed=Suppression.ADDRESS_CAP)
    queued(key="a:5", automatic=True, to=["otra@cliente.example"])
    queued(key="a:6")
    counted = queries.automatic_mail(address=ANA, case_id=None, caps=caps, as_of=NOW)
    assert (counted.to_address, counted.in_case) == (2, 0)
