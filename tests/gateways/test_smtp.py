"""Conversations with the live listener over a real socket."""

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError

from tests.gateways.listening import DESK, MIB, Kept, Shelf, listening
from tests.gateways.patience import wait_until
from ventanilla.gateways.limits import Limits

PERSON = "ana@cliente.example"
MAIL = b"From: ana@cliente.example\r\nSubject: Hola\r\n\r\nBuenos dias\r\n"


@contextmanager
def client(port: int, kind: type[smtplib.SMTP] = smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    connection = kind("127.0.0.1", port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def begin(smtp: smtplib.SMTP, *recipients: str) -> None:
    smtp.ehlo_or_helo_if_needed()
    assert smtp.mail(PERSON)[0] == 250
    for recipient in recipients or (DESK,):
        assert smtp.rcpt(recipient)[0] == 250


def test_keeps_the_exact_bytes_once_with_all_recipients() -> None:
    shelf = Shelf()
    awkward = (
        b"Subject: x\r\n\r\n.\r\n..punto\r\nlone \n.\n line feed\r\n" + b"z" * 90_000 + b"\r\n"
    )
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp, DESK, "soporte+ficha@generasoft.example")
        code, text = raw_data(smtp, awkward)
        assert (code, text[:6]) == (250, b"2.0.0 ")
        (kept,) = shelf.kept
        assert kept.raw == awkward
        assert kept.envelope_from == PERSON
        assert kept.recipients == (DESK, "soporte+ficha@generasoft.example")
        assert (kept.gateway, kept.remote) == ("smtp", "127.0.0.1")


def raw_data(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    """DATA without smtplib's mending of line ends."""
    assert smtp.docmd("DATA")[0] == 354
    smtp.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return smtp.getreply()


@pytest.mark.parametrize("content", [b"", b".\r\n", b"\r\n", b"a\r\n", b"\r\n\r\n", b"..\r\n"])
def test_the_shortest_messages_end_where_they_end(content: bytes) -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp)
        smtp.docmd("DATA")
        stuffed = b"." + content if content.startswith(b".") else content
        smtp.send(stuffed + b".\r\n")
        assert smtp.getreply()[0] == 250
        assert smtp.noop()[0] == 250  # nothing of the message was left over as a command
    assert shelf.kept[0].raw == content


def test_pipelined_commands_after_the_content_are_still_commands() -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp)
        smtp.docmd("DATA")
        smtp.send(MAIL + b".\r\nMAIL FROM:<b@c.example>\r\nRCPT TO:<" + DESK.encode() + b">\r\n")
        assert [smtp.getreply()[0] for _ in range(3)] == [250, 250, 250]
    assert shelf.kept[0].raw == MAIL


def test_a_lone_line_feed_does_not_smuggle_a_second_message() -> None:
    shelf = Shelf()
    inner = b"x\n.\nMAIL FROM:<evil@x.example>\r\n.\rRCPT TO:<a@b.example>\r\n"
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp)
        smtp.docmd("DATA")
        smtp.send(inner.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert smtp.getreply()[0] == 250
    assert [kept.raw for kept in shelf.kept] == [inner]


def test_announces_what_it_can() -> None:
    with listening(Shelf().accept) as (port, _), client(port) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == str(MIB)
        assert {"8bitmime", "smtputf8", "pipelining"} <= set(smtp.esmtp_features)
        assert not {"auth", "starttls"} & set(smtp.esmtp_features)


def test_takes_the_null_sender_and_non_ascii_addresses_and_content() -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        smtp.sendmail("", [DESK], MAIL)
        smtp.ehlo()
        smtp.mail("muñoz@cliente.example", ["SMTPUTF8", "BODY=8BITMIME"])
        smtp.rcpt(DESK)
        assert smtp.data("Subject: ñ\r\n\r\nseñal\r\n".encode())[0] == 250
    assert [kept.envelope_from for kept in shelf.kept] == ["", "muñoz@cliente.example"]
    assert "señal".encode() in shelf.kept[1].raw


@pytest.mark.parametrize(
    "stranger",
    ["nadie@generasoft.example", "soporte@otra.example", "soporte@generasoft.example.evil.example"],
)
def test_relays_nothing(stranger: str) -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp)
        code, text = smtp.rcpt(stranger)
        assert (code, text[:5]) == (550, b"5.1.1")
        assert smtp.data(MAIL)[0] == 250  # for the recipient that is ours
    assert shelf.kept[0].recipients == (DESK,)


def test_guessing_addresses_ends_the_connection() -> None:
    with listening(Shelf().accept) as (port, _), client(port) as smtp:
        smtp.ehlo()
        smtp.mail(PERSON)
        codes = [smtp.rcpt(f"u{n}@generasoft.example")[0] for n in range(20)]
        assert codes == [550] * 20
        assert smtp.getreply()[0] == 421


def test_refuses_addresses_that_cannot_be_stored() -> None:
    with listening(Shelf().accept) as (port, _), client(port) as smtp:
        smtp.ehlo()
        smtp.send(b"MAIL FROM:<\xff\xfe@x.example>\r\n")
        assert smtp.getreply()[0] == 553
        smtp.send(b"MAIL FROM:<" + b"a" * 200 + b"@" + b"d." * 80 + b"example>\r\n")
        assert smtp.getreply()[0] == 553
        assert smtp.mail(PERSON)[0] == 250


def test_too_many_recipients_are_asked_to_come_separately() -> None:
    limits = Limits(message_bytes=MIB, recipients=2)
    with listening(Shelf().accept, limits=limits) as (port, _), client(port) as smtp:
        begin(smtp, DESK, "atencion@generasoft.example")
        assert smtp.rcpt("soporte+x@generasoft.example")[0] == 452


def test_over_the_limit_announced_or_not_is_refused_and_nothing_is_kept() -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, listener), client(port) as smtp:
        smtp.ehlo()
        code, text = smtp.mail(PERSON, [f"SIZE={MIB + 1}"])
        assert (code, text[:5]) == (552, b"5.3.4")
        assert b"1 MiB" in text
        begin(smtp)
        assert smtp.data(b"S: x\r\n\r\n" + b"y" * MIB)[0] == 552
        begin(smtp)
        largest = b"S: x\r\n\r\n" + b"y" * (MIB - 10) + b"\r\n"
        assert len(largest) == MIB
        assert smtp.data(largest)[0] == 250
        assert [len(kept.raw) for kept in shelf.kept] == [MIB]
        assert listener.admission.held_bytes == 0


def test_a_header_of_ten_megabytes_is_refused_cheaply() -> None:
    shelf = Shelf()
    limits = Limits(message_bytes=25 * MIB)
    with listening(shelf.accept, limits=limits) as (port, listener), client(port) as smtp:
        begin(smtp)
        most_held = [0]
        with Watcher(lambda: most_held.append(listener.admission.held_bytes)):
            code, text = smtp.data(b"X-Long: " + b"a" * (10 * MIB) + b"\r\n\r\nbody\r\n")
        assert (code, text[:5]) == (552, b"5.3.4")
        assert max(most_held) <= limits.header_bytes
        begin(smtp)
        assert smtp.data(b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n" + b"b" * MIB)[0] == 250
    assert len(shelf.kept) == 1


class Watcher:
    """Looks at something while the block runs."""

    def __init__(self, look: Callable[[], object]) -> None:
        self.look = look
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.done.is_set():
            self.look()
            time.sleep(0.001)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()


def test_an_endless_message_is_cut_off() -> None:
    limits = Limits(message_bytes=64 * 1024)
    with listening(Shelf().accept, limits=limits) as (port, _), client(port) as smtp:
        begin(smtp)
        smtp.docmd("DATA")
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe, as the kernel likes
            send_for_ever(smtp, pause_s=0)


def send_for_ever(smtp: smtplib.SMTP, *, pause_s: float) -> None:
    """For at most ten seconds, that is."""
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        smtp.send(b"x" * 70_000)
        time.sleep(pause_s)


def test_memory_for_messages_is_bounded_over_all_connections() -> None:
    limits = Limits(message_bytes=MIB, held_bytes=MIB + MIB // 2)
    shelf = Shelf()
    with (
        listening(shelf.accept, limits=limits) as (port, listener),
        client(port) as one,
        client(port) as two,
    ):
        begin(one)
        one.docmd("DATA")
        one.send(b"S: x\r\n\r\n" + b"y" * (MIB - 100))
        wait_until(lambda: listener.admission.held_bytes > MIB // 2)
        begin(two)
        assert two.data(b"S: x\r\n\r\n" + b"y" * (MIB - 100))[0] == 452
        one.send(b"\r\n.\r\n")
        assert one.getreply()[0] == 250
        begin(two)
        assert two.data(b"S: x\r\n\r\n" + b"y" * (MIB - 100))[0] == 250
    assert len(shelf.kept) == 2


def test_limits_connections_of_one_remote_and_forgets_those_that_left() -> None:
    limits = Limits(message_bytes=MIB, connections_per_remote=2)
    with listening(Shelf().accept, limits=limits) as (port, listener):
        with client(port), client(port), pytest.raises(smtplib.SMTPConnectError) as refusal:
            smtplib.SMTP("127.0.0.1", port, timeout=10)
        assert refusal.value.smtp_code == 421
        wait_until(lambda: not listener.admission.connected)
        with client(port) as smtp:
            assert smtp.noop()[0] == 250


def test_a_silent_connection_is_told_and_closed() -> None:
    limits = Limits(message_bytes=MIB, idle_s=0.3)
    with listening(Shelf().accept, limits=limits) as (port, listener), client(port) as smtp:
        assert smtp.getreply()[0] == 421
        wait_until(lambda: not listener.admission.connected)


def test_a_drip_of_content_ends_with_the_time_for_a_message() -> None:
    limits = Limits(message_bytes=40 * MIB, idle_s=1, message_s=0.5)
    with listening(Shelf().accept, limits=limits) as (port, _), client(port) as smtp:
        begin(smtp)
        smtp.docmd("DATA")
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe, as the kernel likes
            send_for_ever(smtp, pause_s=0.05)


def test_commands_without_order_or_end_are_answered_and_harmless() -> None:
    with listening(Shelf().accept) as (port, _), client(port) as smtp:
        assert smtp.docmd("DATA")[0] == 503
        smtp.ehlo()
        assert smtp.docmd("DATA")[0] == 503
        assert smtp.docmd("X" * 5000)[0] == 500
        assert smtp.docmd("VRFY", DESK)[0] == 252
        assert smtp.docmd("EXPN", "soporte")[0] == 502
        assert smtp.docmd("AUTH", "PLAIN AGEAYg==")[0] >= 500
        assert smtp.docmd("MAIL", "FROM:<a@b.example> BOGUS=1")[0] == 555
        begin(smtp)
        assert smtp.docmd("DATA", "now")[0] == 501


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError("the connection is lost"), 451),
        (OSError(28, "No space left on device"), 452),
        (RuntimeError("a defect of ours"), 451),
    ],
)
def test_what_cannot_be_stored_stays_with_the_sender(error: Exception, code: int) -> None:
    shelf = Shelf(error=error)
    with listening(shelf.accept) as (port, _), client(port) as smtp:
        begin(smtp)
        assert smtp.data(MAIL)[0] == code
        shelf.error = None
        begin(smtp)
        assert smtp.data(MAIL)[0] == 250
    assert len(shelf.kept) == 1


def test_a_store_that_hangs_is_not_waited_for() -> None:
    release = threading.Event()

    def hang(**facts: object) -> None:
        release.wait(10)

    limits = Limits(message_bytes=MIB, store_s=0.2)
    with listening(hang, limits=limits) as (port, _), client(port) as smtp:
        begin(smtp)
        assert smtp.data(MAIL)[0] == 451
        release.set()


def test_stopping_finishes_the_message_in_hand() -> None:
    shelf = Shelf()
    started = threading.Event()

    def slow(**facts: object) -> None:
        started.set()
        time.sleep(0.5)
        shelf.kept.append(Kept(**facts))  # type: ignore[arg-type]  # the keywords of the port

    answers: list[tuple[int, bytes]] = []
    with listening(slow) as (port, _):
        smtp = smtplib.SMTP("127.0.0.1", port, timeout=10)
        begin(smtp)
        sender = threading.Thread(target=lambda: answers.append(smtp.data(MAIL)))
        sender.start()
        assert started.wait(5)
    sender.join(10)
    smtp.close()
    assert [code for code, _ in answers] == [250]
    assert len(shelf.kept) == 1
    with pytest.raises(OSError):  # noqa: PT011 - refused or reset, as the kernel likes
        smtplib.SMTP("127.0.0.1", port, timeout=2)


def test_a_connection_lost_in_the_middle_keeps_nothing() -> None:
    shelf = Shelf()
    with listening(shelf.accept) as (port, listener):
        with client(port) as smtp:
            begin(smtp)
            smtp.docmd("DATA")
            smtp.send(MAIL)
        wait_until(lambda: not listener.admission.connected)
        assert listener.admission.held_bytes == 0
    assert shelf.kept == []


class Lmtp(smtplib.LMTP):
    """smtplib's LMTP, whose constructor takes the same arguments as SMTP's."""


def test_lmtp_answers_for_each_recipient_and_keeps_the_message_once() -> None:
    shelf = Shelf()
    with listening(shelf.accept, gateway="lmtp") as (port, _), client(port, Lmtp) as lmtp:
        assert lmtp.docmd("EHLO", "x")[0] == 500
        lmtp.ehlo()
        begin(lmtp, DESK, "atencion@generasoft.example")
        assert lmtp.data(MAIL)[0] == 250
        assert lmtp.getreply()[0] == 250
        assert lmtp.noop()[0] == 250
        begin(lmtp, DESK, "atencion@generasoft.example")
        assert lmtp.data(b"S: x\r\n\r\n" + b"y" * MIB)[0] == 552
        assert lmtp.getreply()[0] == 552
    (kept,) = shelf.kept
    assert kept.gateway == "lmtp"
    assert len(kept.recipients) == 2
