"""The outbox against a real receiving server."""

import email
import socket
import ssl
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.db import connection, transaction

from tests.certificates import write_certificate
from tests.channels.cast import ANA, LUIS, NOW, Enqueue
from tests.channels.receiving import Receiver, hang_up, receiving
from ventanilla.channels.delivery import deliver
from ventanilla.channels.models import Delivery, DeliveryAttempt, OutboundMessage
from ventanilla.channels.operations import release_held, retry
from ventanilla.channels.ports import HeldPort, Port, RecordingPort
from ventanilla.channels.relay import RelayPort
from ventanilla.channels.rules import GIVE_UP_AFTER
from ventanilla.core.mailboxes import Relay

Outcome = DeliveryAttempt.Outcome
MINUTE = timedelta(minutes=1)


def no_files(sha256: str) -> bytes:
    raise AssertionError(sha256)


def through(relay: Relay, **options: float) -> RelayPort:
    return RelayPort(relay, helo_name="ventanilla.example", **options)


def send(
    row: OutboundMessage, port: Port, as_of: datetime = NOW
) -> tuple[DeliveryAttempt | None, OutboundMessage]:
    attempt = deliver(outbound_id=row.pk, load_attachment=no_files, port=port, as_of=as_of)
    return attempt, OutboundMessage.objects.get(pk=row.pk)


def test_an_accepted_message_is_sent_once(queued: Enqueue) -> None:
    row = queued(to=[ANA], cc=[LUIS])
    receiver = Receiver()
    with receiving(receiver) as relay:
        attempt, row = send(row, through(relay))
        again, row = send(row, through(relay))
    assert attempt is not None
    assert again is None
    assert (attempt.outcome, attempt.code) == (Outcome.ACCEPTED, 250)
    assert "queued as 4711" in attempt.response
    assert (row.state, row.sent_at, row.attempts, row.next_attempt_at) == (
        Delivery.SENT, NOW, 1, None,
    )  # fmt: skip
    (envelope,) = receiver.taken
    assert envelope.mail_from == "soporte+ficha@generasoft.example"
    assert envelope.rcpt_tos == [ANA, LUIS]
    assert isinstance(envelope.content, bytes)
    mail = email.message_from_bytes(envelope.content)
    assert mail["Message-ID"] == row.message_id
    assert mail["Auto-Submitted"] is None


@pytest.mark.parametrize(
    ("in_reply_to", "expected"), [("", "auto-generated"), ("<a@b.example>", "auto-replied")]
)
def test_automatic_mail_says_so(queued: Enqueue, in_reply_to: str, expected: str) -> None:
    port = RecordingPort()
    send(queued(automatic=True, in_reply_to=in_reply_to), port)
    mail = email.message_from_bytes(port.taken[0].content)
    assert mail["Auto-Submitted"] == expected
    assert mail["In-Reply-To"] == (in_reply_to or None)


def test_a_message_id_that_may_not_be_sent_again_does_not_stop_an_answer(queued: Enqueue) -> None:
    port = RecordingPort()
    _, row = send(queued(in_reply_to="<broken id>", references=["<ok@b.example>"]), port)
    assert row.state == Delivery.SENT
    mail = email.message_from_bytes(port.taken[0].content)
    assert (mail["In-Reply-To"], mail["References"]) == (None, "<ok@b.example>")


def test_a_temporary_refusal_is_retried_with_the_same_bytes(queued: Enqueue) -> None:
    row = queued()
    receiver = Receiver(content="451 4.2.0 greylisted")
    with receiving(receiver) as relay:
        attempt, row = send(row, through(relay))
        assert attempt is not None
        assert (attempt.outcome, attempt.code) == (Outcome.TEMPORARY, 451)
        assert (row.state, row.next_attempt_at) == (Delivery.QUEUED, NOW + MINUTE)
        assert "greylisted" in row.state_reason
        early, row = send(row, through(relay), NOW + MINUTE / 2)
        assert early is None
        seen: list[bytes] = []
        receiver.content = "250 2.0.0 taken"
        port = Eavesdropper(through(relay), seen)
        send(row, port, NOW + MINUTE)
    (envelope,) = receiver.taken
    recording = RecordingPort()
    OutboundMessage.objects.update(state="queued", next_attempt_at=NOW, settled={})
    send(row, recording)
    assert [each.content for each in recording.taken] == seen == [envelope.original_content]


class Eavesdropper:
    """Hears the bytes on their way to the real port."""

    def __init__(self, port: RelayPort, heard: list[bytes]) -> None:
        self.port, self.heard = port, heard

    def hand_over(self, envelope):  # type: ignore[no-untyped-def]  # the port's own signature
        self.heard.append(envelope.content)
        return self.port.hand_over(envelope)


def test_a_refusal_for_good_is_final_and_says_why(queued: Enqueue) -> None:
    with receiving(Receiver(recipients={ANA: "550 5.1.1 no such mailbox"})) as relay:
        attempt, row = send(queued(), through(relay))
    assert attempt is not None
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, 550)
    assert (row.state, row.next_attempt_at, row.sent_at) == (Delivery.FAILED, None, None)
    assert row.state_reason == f"{ANA}: 5.1.1 no such mailbox"


@pytest.mark.parametrize("content", ["554 5.7.1 spam", "552 5.3.4 too large"])
def test_a_refusal_of_the_content_is_final(queued: Enqueue, content: str) -> None:
    with receiving(Receiver(content=content)) as relay:
        _, row = send(queued(to=[ANA, LUIS]), through(relay))
    assert row.state == Delivery.FAILED
    assert set(row.settled) == {ANA, LUIS}


def test_a_refused_sender_is_final_for_everybody(queued: Enqueue) -> None:
    with receiving(Receiver(sender="550 5.7.1 not your domain")) as relay:
        attempt, row = send(queued(to=[ANA, LUIS]), through(relay))
    assert attempt is not None
    assert (attempt.outcome, row.state) == (Outcome.PERMANENT, Delivery.FAILED)


def test_each_recipient_has_an_answer_of_its_own(queued: Enqueue) -> None:
    row = queued(to=[ANA], cc=[LUIS, "eva@cliente.example"])
    receiver = Receiver(
        recipients={LUIS: "450 4.2.1 busy", "eva@cliente.example": "550 5.1.1 gone"}
    )
    with receiving(receiver) as relay:
        attempt, row = send(row, through(relay))
        assert attempt is not None
        assert (attempt.outcome, attempt.code) == (Outcome.TEMPORARY, 450)
        assert (row.state, sorted(row.settled)) == (Delivery.QUEUED, [ANA, "eva@cliente.example"])
        del receiver.recipients[LUIS]
        _, row = send(row, through(relay), NOW + MINUTE)
    assert [envelope.rcpt_tos for envelope in receiver.taken] == [[ANA], [LUIS]]
    assert row.state == Delivery.SENT
    assert row.state_reason == "eva@cliente.example: 5.1.1 gone"


def test_a_connection_dropped_before_the_answer_is_tried_again(queued: Enqueue) -> None:
    with receiving(Receiver(content=hang_up)) as relay:
        attempt, row = send(queued(), through(relay))
    assert attempt is not None
    assert (attempt.outcome, attempt.code) == (Outcome.UNREACHABLE, None)
    assert row.state == Delivery.QUEUED


def test_a_relay_that_hangs_is_not_waited_for(queued: Enqueue) -> None:
    began = time.monotonic()
    with receiving(Receiver(after_s=20)) as relay:
        attempt, row = send(queued(), through(relay, timeout_s=0.3))
    assert time.monotonic() - began < 5
    assert attempt is not None
    assert (attempt.outcome, row.state) == (Outcome.UNREACHABLE, Delivery.QUEUED)
    assert "timed out" in attempt.response


def test_nobody_listening_is_tried_again_until_it_is_given_up(queued: Enqueue) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        relay = Relay("127.0.0.1", unused.getsockname()[1], "none")
        row, now = queued(), NOW
        while row.state == Delivery.QUEUED:
            assert row.next_attempt_at is not None
            now = row.next_attempt_at
            attempt, row = send(row, through(relay), now)
            assert attempt is not None
            assert attempt.outcome == Outcome.UNREACHABLE
    assert row.state == Delivery.FAILED
    assert timedelta(days=2) < now - NOW <= GIVE_UP_AFTER
    assert "refused" in row.state_reason
    assert row.delivery_attempts.count() == row.attempts > 10

    retried = retry(outbound=row, as_of=now)
    assert (retried.state, retried.settled, retried.attempts) == (Delivery.QUEUED, {}, 0)
    attempt, row = send(row, through(relay), now)
    assert row.next_attempt_at == now + MINUTE  # three days of its own


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_never_the_recipients_fault(queued: Enqueue) -> None:
    receiver = Receiver()
    with receiving(
        receiver,
        authenticator=receiver.authenticate,
        auth_required=True,
        auth_require_tls=False,
    ) as relay:
        wrong = Relay(relay.host, relay.port, "none", "ventanilla", "equivocada")
        attempt, row = send(queued(), through(wrong))
        assert attempt is not None
        assert (attempt.outcome, attempt.code) == (Outcome.UNREACHABLE, 535)
        assert row.state == Delivery.QUEUED
        right = Relay(relay.host, relay.port, "none", "ventanilla", "clave")
        _, row = send(row, through(right), NOW + MINUTE)
    assert row.state == Delivery.SENT


def test_never_falls_back_to_plain_text(queued: Enqueue) -> None:
    receiver = Receiver()
    with receiving(receiver) as relay:
        wary = Relay(relay.host, relay.port, "starttls")
        attempt, row = send(queued(), through(wary))
    assert attempt is not None
    assert (attempt.outcome, row.state) == (Outcome.UNREACHABLE, Delivery.QUEUED)
    assert "STARTTLS" in attempt.response
    assert receiver.taken == []


def test_without_a_relay_mail_is_held_until_there_is_one(queued: Enqueue) -> None:
    attempt, row = send(queued(), HeldPort())
    assert attempt is None
    assert (row.state, row.next_attempt_at) == (Delivery.HELD, None)
    assert row.state_reason == HeldPort.REASON
    assert release_held(as_of=NOW) == [row.pk]
    _, row = send(row, RecordingPort())
    assert row.state == Delivery.SENT


def test_what_cannot_be_written_fails_at_once_and_says_why(queued: Enqueue) -> None:
    _, row = send(queued(subject="Hola\r\nBcc: todos@x.example"), RecordingPort())
    assert row.state == Delivery.FAILED
    assert "salto de línea" in row.state_reason


def test_an_attachment_that_cannot_be_read_now_is_tried_again(queued: Enqueue) -> None:
    files = [{"sha256": "ab" * 32, "filename": "foto.png", "media_type": "image/png"}]
    row = queued(attachments=files)

    def away(sha256: str) -> bytes:
        raise OSError(5, "Input/output error")

    attempt = deliver(outbound_id=row.pk, load_attachment=away, port=RecordingPort(), as_of=NOW)
    assert attempt is not None
    assert attempt.outcome == Outcome.TEMPORARY
    port = RecordingPort()
    deliver(outbound_id=row.pk, load_attachment=lambda _: b"\x89PNG", port=port, as_of=NOW + MINUTE)
    (photo,) = [
        part
        for part in email.message_from_bytes(port.taken[0].content).walk()
        if part.get_filename()
    ]
    assert (photo.get_filename(), photo.get_payload(decode=True)) == ("foto.png", b"\x89PNG")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_one_message_at_once(queued: Enqueue) -> None:
    row = queued()
    receiver = Receiver(after_s=0.5)
    results: list[DeliveryAttempt | None] = []

    def work() -> None:
        try:
            results.append(send(row, through(relay))[0])
        finally:
            connection.close()

    with receiving(receiver) as relay:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for each in workers:
            each.start()
        for each in workers:
            each.join(20)
    assert len(receiver.taken) == 1
    assert sorted(each is None for each in results) == [False, True, True, True]


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_the_relay_took_it_sends_the_same_message_again(queued: Enqueue) -> None:
    row = queued()
    receiver = Receiver()
    with receiving(receiver) as relay:
        with pytest.raises(ZeroDivisionError):
            send_and_crash(row, through(relay))
        assert OutboundMessage.objects.get().attempts == 0
        send(row, through(relay))
    one, two = receiver.taken
    assert one.original_content == two.original_content


def send_and_crash(row: OutboundMessage, port: Port) -> None:
    with transaction.atomic():
        send(row, port)
        raise ZeroDivisionError


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_to_the_relay_is_checked(
    queued: Enqueue,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    security: Literal["tls", "starttls"],
) -> None:
    ours = write_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ours.chain, ours.key)
    receiver, row = Receiver(), queued()
    with receiving(receiver, certificate=context, implicit_tls=security == "tls") as relay:
        secure = Relay(relay.host, relay.port, security)
        attempt, row = send(row, through(secure))
        assert attempt is not None
        assert attempt.outcome == Outcome.UNREACHABLE
        assert "certificate verify failed" in attempt.response
        assert receiver.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(ours.chain))
        _, row = send(row, through(secure), NOW + MINUTE)
    assert row.state == Delivery.SENT
    assert len(receiver.taken) == 1
