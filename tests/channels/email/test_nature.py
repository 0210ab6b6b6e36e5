"""What kind of mail it is, whether an answer would do harm, and what a bounce says."""

import pytest

from tests.channels.email.corpus import (
    HEAD,
    file_part,
    mail,
    mixed,
    multipart,
    part,
    plain,
    with_header,
)
from ventanilla.channels.email.authentication import Authentication, authentication
from ventanilla.channels.email.bounces import Bounce, parse_bounce
from ventanilla.channels.email.nature import may_autorespond, nature
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.values import Nature

OWN = frozenset({"atencion@generasoft.example", "soporte@generasoft.example"})
DOMAINS = frozenset({"correo.generasoft.example"})
DAEMON = HEAD.replace(b"Ana Ruiz <ana@cliente.example>", b"MAILER-DAEMON@relay.example")


def report(
    *fields: str, original: bytes = b"", subject: bytes = b"Undelivered Mail Returned to Sender"
) -> bytes:
    parts = [
        plain("No se pudo entregar.\n"),
        part("\n".join(fields) + "\n", "Content-Type: message/delivery-status"),
    ]
    if original:
        parts.append(part(original, "Content-Type: text/rfc822-headers"))
    body = multipart("report", *parts).replace(
        b"multipart/report;", b"multipart/report; report-type=delivery-status;", 1
    )
    return DAEMON.replace(b"No puedo entrar", subject) + body


DSN = report(
    "Reporting-MTA: dns; relay.example",
    "",
    "Final-Recipient: rfc822; Juan@Otra.example",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <juan@otra.example>: user unknown",
    original=b"To: juan@otra.example\r\nMessage-ID: <v1.x.y.z@correo.generasoft.example>\r\nSubject: x\r\n",
)
QMAIL = DAEMON.replace(b"No puedo entrar", b"failure notice") + (
    b"\r\nHi. This is the qmail-send program.\r\n<juan@otra.example>:\r\n"
    b"user does not exist, but will deliver to 550 5.1.1 unknown user\r\n\r\n"
    b"--- Below this line is a copy of the message.\r\n\r\n"
    b"From: atencion@generasoft.example\r\nMessage-ID: <v1.x.y.z@correo.generasoft.example>\r\n"
)

NATURES = {
    "a person": (mail(), None, Nature.NORMAL, ""),
    "says no": (mail("x", "Auto-Submitted: no"), None, Nature.NORMAL, ""),
    "a person with empty lists": (mail("x", "Precedence: normal"), None, Nature.NORMAL, ""),
    "a person who writes about a bounce": (
        with_header("Subject: Undelivered mail"),
        "ana@cliente.example",
        Nature.NORMAL,
        "",
    ),
    "out of office": (
        mail("x", "Auto-Submitted: auto-replied (vacation)"),
        None,
        Nature.AUTOMATIC,
        "auto_replied",
    ),
    "generated": (
        mail("x", "Auto-Submitted: auto-generated"),
        None,
        Nature.AUTOMATIC,
        "auto_generated",
    ),
    "old answering machine": (
        mail("x", "X-Autoreply: yes"),
        None,
        Nature.AUTOMATIC,
        "automatic_header",
    ),
    "precedence auto_reply": (
        mail("x", "Precedence: auto_reply"),
        None,
        Nature.AUTOMATIC,
        "precedence_auto_reply",
    ),
    "subject in spanish": (
        with_header("Subject: Respuesta automática: Caso"),
        None,
        Nature.AUTOMATIC,
        "automatic_subject",
    ),
    "subject in english": (
        with_header("Subject: Automatic reply: Case"),
        None,
        Nature.AUTOMATIC,
        "automatic_subject",
    ),
    "subject in portuguese": (
        with_header("Subject: Resposta automática: Caso"),
        None,
        Nature.AUTOMATIC,
        "automatic_subject",
    ),
    "outlook away": (
        with_header("Subject: Fuera de la oficina"),
        None,
        Nature.AUTOMATIC,
        "automatic_subject",
    ),
    "null path": (mail(), "", Nature.AUTOMATIC, "null_return_path"),
    "null path in brackets": (mail(), "<>", Nature.AUTOMATIC, "null_return_path"),
    "null path as header": (
        mail("x", "Return-Path: <>"),
        None,
        Nature.AUTOMATIC,
        "null_return_path",
    ),
    "read receipt": (
        HEAD
        + multipart("report", plain()).replace(
            b"multipart/report;", b"multipart/report; report-type=disposition-notification;", 1
        ),
        None,
        Nature.AUTOMATIC,
        "disposition_report",
    ),
    "list": (mail("x", "List-Id: <lista.example>"), None, Nature.BULK, "list_header"),
    "newsletter": (
        mail("x", "List-Unsubscribe: <https://x.example>"),
        None,
        Nature.BULK,
        "list_header",
    ),
    "bulk": (mail("x", "Precedence: bulk"), None, Nature.BULK, "precedence_bulk"),
    "junk": (mail("x", "Precedence: junk"), None, Nature.BULK, "precedence_junk"),
    "delivery report": (DSN, "", Nature.BOUNCE, "delivery_status"),
    "delivery report with a real path": (
        DSN,
        "postmaster@x.example",
        Nature.BOUNCE,
        "delivery_status",
    ),
    "qmail": (QMAIL, "", Nature.BOUNCE, "from_daemon"),
    "qmail without path": (QMAIL, None, Nature.BOUNCE, "from_daemon"),
    "failed recipients": (
        mail("x", "X-Failed-Recipients: juan@otra.example"),
        "",
        Nature.BOUNCE,
        "failed_recipients",
    ),
    "spanish bounce": (
        DAEMON.replace(b"No puedo entrar", b"No se puede entregar: Caso") + b"\r\nx",
        "",
        Nature.BOUNCE,
        "from_daemon",
    ),
    "our own message": (
        with_header("Message-ID: <v1.a@correo.generasoft.example>"),
        None,
        Nature.OWN,
        "own_message_id",
    ),
    "our own address": (
        with_header("From: Atencion <ATENCION@generasoft.example>"),
        None,
        Nature.OWN,
        "own_address",
    ),
    "our own mail through a list": (
        with_header("Message-ID: <v1.a@correo.generasoft.example>\nList-Id: <x.example>"),
        None,
        Nature.OWN,
        "own_message_id",
    ),
    "a colleague is not ourselves": (
        with_header("From: juan@generasoft.example"),
        None,
        Nature.NORMAL,
        "",
    ),
}


@pytest.mark.parametrize(("raw", "path", "kind", "reason"), NATURES.values(), ids=NATURES)
def test_nature(raw: bytes, path: str | None, kind: Nature, reason: str) -> None:
    parsed = parse(raw)
    verdict = nature(parsed, own_addresses=OWN, own_domains=DOMAINS, envelope_from=path)
    assert verdict.nature is kind
    assert next(iter(verdict.reasons), "") == reason
    allowed, why = may_autorespond(
        parsed, own_addresses=OWN, own_domains=DOMAINS, envelope_from=path
    )
    assert allowed == (kind is Nature.NORMAL)
    assert why == reason


SILENT = {
    "suppressed": (mail("x", "X-Auto-Response-Suppress: OOF, AutoReply"), "auto_response_suppress"),
    "suppressed all": (mail("x", "X-Auto-Response-Suppress: All"), "auto_response_suppress"),
    "suppressed receipts only": (mail("x", "X-Auto-Response-Suppress: RN, NRN"), ""),
    "nobody": (with_header("From: no-reply@banco.example"), "reply_to_nobody"),
    "nobody in spanish": (with_header("From: no-responder@banco.example"), "reply_to_nobody"),
    "answers go to ourselves": (mail("x", "Reply-To: soporte@generasoft.example"), "reply_to_own"),
    "no sender": (b"Subject: x\r\n\r\nhola", "sender_missing"),
    "in circles": (mail("x", *["Received: from a by b"] * 30), "too_many_hops"),
}


@pytest.mark.parametrize(("raw", "reason"), SILENT.values(), ids=SILENT)
def test_no_automatic_answer(raw: bytes, reason: str) -> None:
    parsed = parse(raw)
    assert nature(parsed, own_addresses=OWN).nature is Nature.NORMAL
    assert may_autorespond(parsed, own_addresses=OWN) == (not reason, reason)


OURS = "<v1.x.y.z@correo.generasoft.example>"
BOUNCES = {
    "report": (
        DSN,
        Bounce(
            "hard",
            "juan@otra.example",
            "5.1.1",
            "550 5.1.1 <juan@otra.example>: user unknown",
            OURS,
        ),
    ),
    "full mailbox": (
        report("Final-Recipient: rfc822; j@o.example", "Action: failed", "Status: 5.2.2"),
        Bounce("soft", "j@o.example", "5.2.2", None, None),
    ),
    "delayed": (
        report("Final-Recipient: rfc822; j@o.example", "Action: delayed", "Status: 4.4.1"),
        Bounce("soft", "j@o.example", "4.4.1", None, None),
    ),
    "several recipients": (
        report(
            "Reporting-MTA: dns; x",
            "",
            "Final-Recipient: rfc822; uno@o.example",
            "Action: delivered",
            "Status: 2.0.0",
            "",
            "Final-Recipient: rfc822; dos@o.example",
            "Action: failed",
            "Status: 5.7.1",
        ),
        Bounce("hard", "dos@o.example", "5.7.1", None, None),
    ),
    "nonsense status": (
        report("Final-Recipient: rfc822; j@o.example", "Action: failed", "Status: nada"),
        Bounce("unknown", "j@o.example", None, None, None),
    ),
    "qmail": (
        QMAIL,
        Bounce(
            "hard",
            "juan@otra.example",
            "5.1.1",
            "user does not exist, but will deliver to 550 5.1.1 unknown user",
            OURS,
        ),
    ),
    "spanish prose": (
        DAEMON + "\r\nEl buzón de juan@otra.example está lleno: buzón lleno".encode(),
        Bounce("soft", "juan@otra.example", None, None, None),
    ),
    "embedded original": (
        DAEMON
        + multipart(
            "mixed",
            plain("unknown user\n"),
            part(
                f"To: Juan <juan@otra.example>\nMessage-ID: {OURS}\n\nhola\n",
                "Content-Type: message/rfc822",
            ),
        ),
        Bounce("hard", "juan@otra.example", None, None, OURS),
    ),
    "empty": (DAEMON + b"\r\n", Bounce("unknown", None, None, None, None)),
}


@pytest.mark.parametrize(("raw", "wanted"), BOUNCES.values(), ids=BOUNCES)
def test_bounce(raw: bytes, wanted: Bounce) -> None:
    assert parse_bounce(parse(raw), own_addresses=OWN) == wanted


RESULTS = {
    "ours": (
        "Authentication-Results: mx.generasoft.example; spf=pass smtp.mailfrom=x; dkim=fail; dmarc=fail",
        Authentication("pass", "fail", "fail"),
    ),
    "somebody else's": ("Authentication-Results: mx.otro.example; dmarc=pass", Authentication()),
    "with version": (
        "Authentication-Results: mx.generasoft.example 1; dmarc=none",
        Authentication(None, None, "none"),
    ),
    "comments": (
        "Authentication-Results: mx.generasoft.example (x); dkim=pass (dmarc=pass; x); dmarc=fail",
        Authentication(None, "pass", "fail"),
    ),
    "one good signature": (
        "Authentication-Results: mx.generasoft.example; dkim=fail; dkim=pass",
        Authentication(None, "pass", None),
    ),
    "none": ("X-Nada: x", Authentication()),
}


@pytest.mark.parametrize(("header", "wanted"), RESULTS.values(), ids=RESULTS)
def test_authentication(header: str, wanted: Authentication) -> None:
    found = authentication(parse(mail("x", header)), authserv_id="MX.generasoft.example")
    assert found == wanted
    assert found.failed == (wanted.dmarc == "fail")


def test_only_the_topmost_result_counts() -> None:
    raw = mail(
        "x",
        "Authentication-Results: mx.generasoft.example; dmarc=fail",
        "Authentication-Results: mx.generasoft.example; dmarc=pass",
    )
    assert authentication(parse(raw), authserv_id="mx.generasoft.example").dmarc == "fail"


def test_report_keeps_its_parts_as_files() -> None:
    assert [one.declared_type for one in parse(DSN).attachments] == [
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    assert parse(mixed(plain(), file_part(b"x", "a.bin"))).signals.report_type is None
