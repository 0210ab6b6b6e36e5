"""Mails that go out: standard bytes, the same every time, and nothing smuggled into a header."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.channels.email.composing import (
    AddressNotDeliverable,
    HeaderInjection,
    MessageIdInvalid,
    MomentWithoutZone,
    OutgoingEmail,
    OutgoingFile,
    compose,
    thread_references,
)
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.values import Address

MAIL = OutgoingEmail(
    message_id="<v1.uno@correo.generasoft.example>",
    date=datetime(2026, 11, 3, 10, tzinfo=timezone(timedelta(hours=-5))),
    from_=Address("Atención al Cliente", "atencion@generasoft.example"),
    to=(Address("Ana Ruiz", "ana@cliente.example"),),
    subject="Recibimos su solicitud",
    text="Hola, Ana:\n\nLa atendemos el martes.\n",
)
PDF = OutgoingFile(
    filename="acta año.pdf", media_type="application/pdf", content=b"%PDF-1.4" + bytes(300)
)
FULL = replace(
    MAIL,
    reply_to=(Address("", "atencion+r.abc@generasoft.example"),),
    cc=(Address("Muñoz, Bea", "bea@x.example"), Address("", "c@x.example")),
    in_reply_to="<padre@cliente.example>",
    references=("<abuelo@cliente.example>", "<padre@cliente.example>"),
    auto_submitted="auto-replied",
    folio="GS-2026-000123-K",
    attachments=(PDF,),
)


def test_what_goes_out_reads_back_the_same() -> None:
    parsed = parse(compose(FULL))
    assert (parsed.message_id, parsed.in_reply_to) == (FULL.message_id, FULL.in_reply_to)
    assert parsed.references == FULL.references
    assert (parsed.from_, parsed.to, parsed.cc, parsed.reply_to) == (
        FULL.from_,
        FULL.to,
        FULL.cc,
        FULL.reply_to,
    )
    assert (parsed.subject, parsed.date) == (FULL.subject, datetime(2026, 11, 3, 15, tzinfo=UTC))
    assert parsed.text == FULL.text
    assert parsed.signals.auto_submitted == "auto-replied"
    assert parsed.signals.auto_response_suppress == "all"
    (file,) = parsed.attachments
    assert (file.filename, file.content, file.declared_type) == (
        PDF.filename,
        PDF.content,
        PDF.media_type,
    )
    assert parsed.defects == ()


def test_other_readers_understand_it_too() -> None:
    read = email.message_from_bytes(compose(FULL), policy=email.policy.default)
    assert read["From"].addresses[0].display_name == "Atención al Cliente"
    assert [one.addr_spec for one in read["Cc"].addresses] == ["bea@x.example", "c@x.example"]
    assert read["Cc"].addresses[0].display_name == "Muñoz, Bea"
    assert read["Auto-Submitted"] == "auto-replied"
    assert read["X-Ventanilla-Folio"] == "GS-2026-000123-K"
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == FULL.text.strip()
    assert "<p>La atendemos el martes.</p>" in html.get_content()
    assert not read.defects
    assert next(read.iter_attachments()).get_filename() == "acta año.pdf"


def test_same_value_same_bytes_other_message_other_boundary() -> None:
    assert compose(FULL) == compose(replace(FULL))
    assert compose(FULL) != compose(replace(FULL, message_id="<otro@correo.generasoft.example>"))


def test_bytes_are_fit_for_any_relay() -> None:
    raw = compose(replace(FULL, text="ñ" * 5_000 + "\r\n.\r\nFrom aquí\n", subject="ñ" * 300))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 100
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert parse(raw).text == "ñ" * 5_000 + "\n.\nFrom aquí\n"
    assert parse(raw).subject == "ñ" * 300


def test_a_persons_mail_is_not_marked_automatic() -> None:
    raw = compose(MAIL)
    assert b"Auto-Submitted" not in raw
    assert b"X-Auto-Response-Suppress" not in raw


def test_message_id_stays_on_its_line() -> None:
    long = f"<v1.{'a' * 120}@correo.generasoft.example>"
    assert f"\r\nMessage-ID: {long}\r\n".encode() in compose(replace(MAIL, message_id=long))


INJECTIONS = {
    "subject": {"subject": "hola\r\nBcc: x@y.example"},
    "subject with bare cr": {"subject": "hola\rBcc: x@y.example"},
    "subject with line separator": {"subject": "hola\u2028Bcc: x"},
    "subject with nul": {"subject": "ho\0la"},
    "sender's name": {"from_": Address("A\nBcc: x@y.example", "a@x.example")},
    "recipient's name": {"to": (Address("A\r\n B", "a@x.example"),)},
    "recipient": {"to": (Address("", "a@x.example\r\nBcc: b@y.example"),)},
    "copy": {"cc": (Address("", "a@x.example\n"),)},
    "answer address": {"reply_to": (Address("x\x0b", "a@x.example"),)},
    "folio": {"folio": "GS\r\nX: y"},
    "extra value": {"extra_headers": (("X-A", "b\nBcc: c"),)},
    "extra name": {"extra_headers": (("X-A\r\nBcc", "b"),)},
    "file name": {"attachments": (replace(PDF, filename="a\r\nX: y.pdf"),)},
}


@pytest.mark.parametrize("change", INJECTIONS.values(), ids=INJECTIONS)
def test_line_ends_in_headers_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(HeaderInjection, match="salto de línea"):
        compose(replace(MAIL, **change))  # type: ignore[arg-type]  # each row changes another field


def test_other_refusals() -> None:
    for address in ("", "ana", "a b@x.example", "ñandú@x.example"):
        with pytest.raises(AddressNotDeliverable):
            compose(replace(MAIL, to=(Address("", address),)))
    for identifier in ("uno", "<uno>", "<a@b>\r\nX: y", "<a b@c>"):
        with pytest.raises(MessageIdInvalid):
            compose(replace(MAIL, message_id=identifier))
    with pytest.raises(MomentWithoutZone):
        compose(replace(MAIL, date=datetime(2026, 11, 3)))


def test_hostile_references_are_left_out() -> None:
    raw = compose(replace(MAIL, references=("<a@b.example>", "<x>\r\nBcc: y", "<c@d.example>")))
    assert parse(raw).references == ("<a@b.example>", "<c@d.example>")


def test_thread_references() -> None:
    assert thread_references((), None) == ()
    assert thread_references((), "<a@b>") == ("<a@b>",)
    assert thread_references(("<a@b>",), "<a@b>") == ("<a@b>",)
    assert thread_references(("<a@b>", "<c@d>"), "<e@f>") == ("<a@b>", "<c@d>", "<e@f>")
    long = thread_references(tuple(f"<{n}@x>" for n in range(100)), "<fin@x>")
    assert (long[0], long[-1], len(long)) == ("<0@x>", "<fin@x>", 20)


def test_attached_mail_travels_as_bytes() -> None:
    eml = OutgoingFile(
        filename="a.eml", media_type="message/rfc822", content=b"Subject: x\n\nhola\n"
    )
    (file,) = parse(compose(replace(MAIL, attachments=(eml,)))).attachments
    assert (file.content, file.declared_type) == (eml.content, "application/octet-stream")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=80)


@settings(max_examples=80, deadline=None)
@given(
    subject=TEXT,
    name=TEXT,
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=300),
)
def test_any_words_arrive(subject: str, name: str, text: str) -> None:
    parsed = parse(
        compose(
            replace(MAIL, subject=subject, to=(Address(name, "ana@cliente.example"),), text=text)
        )
    )
    assert parsed.subject == " ".join(subject.split())
    assert [one.email for one in parsed.to] == ["ana@cliente.example"]
    if text.strip():
        assert parsed.text == text
