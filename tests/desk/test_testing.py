"""Testing the channels: a real relay, a real listener, and nothing left behind but the record."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.channels.receiving import Receiver, receiving
from tests.desk import people
from tests.gateways.listening import listening
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import Delivery, DeliveryAttempt, Fate, InboundItem
from ventanilla.channels.relay import RelayPort
from ventanilla.core.actors import Actor
from ventanilla.core.config import Config
from ventanilla.core.mailboxes import Relay
from ventanilla.desk import intake, testing
from ventanilla.register.models import Case

pytestmark = pytest.mark.usefixtures("desk")


def marcela() -> Actor:
    made = Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela", role=Role.ADMINISTRATOR
    )
    return Actor.staff(made.pk)


def config(**changes: object) -> Config:
    return django_settings.VENTANILLA.model_copy(update=changes)


def test_a_mail_goes_out_through_a_real_relay_and_its_answer_is_kept() -> None:
    receiver = Receiver()
    with receiving(receiver) as relay:
        sent = testing.send_test(
            to="yo@generasoft.example",
            port=RelayPort(relay, helo_name="ventanilla.example"),
            acting_user=marcela(),
            as_of=timezone.now(),
        )
    assert sent.state == Delivery.SENT
    assert DeliveryAttempt.objects.get(outbound=sent).code == 250
    assert entries()[0].payload == {"direction": "out", "outbound_id": sent.pk}


def test_a_relay_that_is_away_is_told_and_tried_again() -> None:
    sent = testing.send_test(
        to="yo@generasoft.example",
        port=RelayPort(Relay("127.0.0.1", 1, "none"), helo_name="x.example", timeout_s=2),
        acting_user=marcela(),
        as_of=timezone.now(),
    )
    assert sent.state == Delivery.QUEUED
    assert DeliveryAttempt.objects.get(outbound=sent).outcome == "unreachable"


def test_without_a_relay_it_is_held_and_says_so() -> None:
    sent = testing.send_test(
        to="yo@generasoft.example", acting_user=marcela(), as_of=timezone.now()
    )
    assert sent.state == Delivery.HELD
    assert "VENTANILLA_RELAY_URL" in sent.state_reason


def test_a_mail_comes_in_through_a_real_listener_and_opens_no_case() -> None:
    with listening(intake.accept) as (port, _):
        item = testing.send_inbound_test(
            desk="soporte",
            settings=config(smtp_enabled=True, smtp_protocol="smtp", smtp_port=port),
            acting_user=marcela(),
            as_of=timezone.now(),
        )
    assert item.recipients == [people.SUPPORT]
    intake.receive(item_id=item.pk, as_of=timezone.now())
    done = InboundItem.objects.get(pk=item.pk)
    assert (done.fate, done.fate_reason) == (Fate.AUTOMATIC, "own_loop")
    assert not Case.objects.exists()
    assert entries()[0].kind == Act.CHANNEL_TESTED


def test_a_listener_that_does_not_answer_is_told() -> None:
    with pytest.raises(testing.ListenerRefused, match=r"127\.0\.0\.1:1"):
        testing.send_inbound_test(
            desk="soporte",
            settings=config(smtp_enabled=True, smtp_port=1),
            acting_user=marcela(),
            as_of=timezone.now(),
        )
    with pytest.raises(testing.NoListener):
        testing.send_inbound_test(
            desk="soporte",
            settings=config(smtp_enabled=False),
            acting_user=Actor.staff(Staff.objects.get().pk),
            as_of=timezone.now(),
        )


def test_only_who_may_tests() -> None:
    for actor in (people.berta(), people.elena(), people.octavio()):
        with pytest.raises(NotPermitted):
            testing.send_test(to="x@y.example", acting_user=actor, as_of=timezone.now())
        with pytest.raises(NotPermitted):
            testing.send_inbound_test(desk="soporte", acting_user=actor, as_of=timezone.now())
