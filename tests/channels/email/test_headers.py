"""Subjects, addresses, dates and identifiers as real mailers write them."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.channels.email.corpus import HEAD, mail, with_header
from ventanilla.channels.email.addresses import addresses, normalise
from ventanilla.channels.email.headers import message_ids, parameters
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.values import Address

SUBJECTS = {
    "plain": (b"Subject: Hola", "Hola"),
    "quoted printable": (
        b"Subject: =?utf-8?Q?Facturaci=C3=B3n_de_a=C3=B1o?=",
        "Facturación de año",
    ),
    "base64": (b"Subject: =?UTF-8?B?RmFjdHVyYWNpw7Nu?=", "Facturación"),
    "a letter cut between two words": (
        b"Subject: =?utf-8?B?RmFjdHVyYWNpww==?=\r\n =?utf-8?B?s24=?=",
        "Facturación",
    ),
    "quoted letter cut": (b"Subject: =?utf-8?Q?a=C3?= =?utf-8?Q?=B1o?=", "año"),
    "words of two charsets": (
        b"Subject: =?iso-8859-1?Q?a=F1o?= =?utf-8?Q?_ni=C3=B1o?=",
        "año niño",
    ),
    "text around a word": (b"Subject: Re: =?utf-8?Q?a=C3=B1o?= nuevo", "Re: año nuevo"),
    "spaces inside a word": (b"Subject: =?utf-8?Q?a=C3=B1o nuevo?=", "año nuevo"),
    "no padding": (b"Subject: =?utf-8?B?YcOxbw?=", "año"),
    "label with language": (b"Subject: =?utf-8*es?Q?a=C3=B1o?=", "año"),
    "unknown charset": (b"Subject: =?x-nada?Q?a=F1o?=", "año"),
    "windows letters called latin 1": (b"Subject: =?iso-8859-1?Q?=93hola=94_=80?=", "“hola” €"),
    "gb2312": (b"Subject: =?gb2312?B?1tDOxA==?=", "中文"),
    "iso-2022-jp": (b"Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
    "raw utf-8": ("Subject: Facturación".encode(), "Facturación"),
    "raw latin 1": ("Subject: Facturación".encode("latin-1"), "Facturación"),
    "folded": (b"Subject: uno\r\n dos\r\n\ttres", "uno dos tres"),
    "controls": (b"Subject: ho\x07la \x1b[31m", "hola [31m"),
    "encoded line end": (
        b"Subject: =?utf-8?Q?hola=0D=0ABcc:_x=40y.example?=",
        "hola Bcc: x@y.example",
    ),
    "encoded direction mark": (b"Subject: =?utf-8?B?4oCuaG9sYQ==?=", "hola"),
    "broken base64": (b"Subject: =?utf-8?B?SG9s!?=", "Hol"),
    "never closed": (b"Subject: =?utf-8?Q?hola", "=?utf-8?Q?hola"),
    "empty": (b"Subject:", ""),
    "nul": (b"Subject: ho\0la", "hola"),
}


@pytest.mark.parametrize(("header", "wanted"), SUBJECTS.values(), ids=SUBJECTS)
def test_subject_is_decoded(header: bytes, wanted: str) -> None:
    assert parse(with_header(header)).subject == wanted


ADDRESSES = {
    "name and address": ("Ana <ana@x.example>", [("Ana", "ana@x.example")]),
    "bare": ("ANA@X.Example", [("", "ana@x.example")]),
    "quoted comma": (
        '"Ruiz, Ana" <a@x.example>, b@x.example',
        [("Ruiz, Ana", "a@x.example"), ("", "b@x.example")],
    ),
    "comment as name": ("a@x.example (Ana Ruiz)", [("Ana Ruiz", "a@x.example")]),
    "comment inside": ("Ana (Ventas) <a@x.example>", [("Ana", "a@x.example")]),
    "group": (
        "Equipo: a@x.example, Bea <b@x.example>;",
        [("", "a@x.example"), ("Bea", "b@x.example")],
    ),
    "empty group": ("undisclosed-recipients:;", []),
    "encoded name": ("=?utf-8?Q?Mu=C3=B1oz?= <m@x.example>", [("Muñoz", "m@x.example")]),
    "encoded name in quotes": (
        '"=?utf-8?Q?Mu=C3=B1oz?=" <m@x.example>',
        [("Muñoz", "m@x.example")],
    ),
    "encoded name that looks like an address": (
        "=?utf-8?Q?jefe=40banco.example_=3Cjefe=40banco.example=3E?= <ladron@x.example>",
        [("jefe@banco.example <jefe@banco.example>", "ladron@x.example")],
    ),
    "name that is an address": (
        '"jefe@banco.example" <l@x.example>',
        [("jefe@banco.example", "l@x.example")],
    ),
    "unbalanced quote": (
        '"Ana <a@x.example>, b@x.example',
        [("Ana", "a@x.example"), ("", "b@x.example")],
    ),
    "escaped quote": (r'"Ana \"la jefa\"" <a@x.example>', [('Ana "la jefa"', "a@x.example")]),
    "no closing bracket": ("Ana <a@x.example", [("Ana", "a@x.example")]),
    "two brackets": ("<a@x.example> <b@x.example>", [("", "b@x.example")]),
    "semicolons": ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
    "idn": ("a@Ñandú.example", [("", "a@xn--and-6ma2c.example")]),
    "german sharp s keeps its owner": ("a@straße.example", [("", "a@xn--strae-oqa.example")]),
    "repeated": ("a@x.example, A@x.example", [("", "a@x.example")]),
    "no domain": ("ana", []),
    "empty brackets": ("<>", []),
    "two ats": ("a@b@x.example", []),
    "spaces inside": ("a b@x.example <c d@x.example>", []),
    "trailing dot": ("a@x.example.", [("", "a@x.example")]),
    "single quotes": ("'a@x.example'", [("", "a@x.example")]),
    "nothing": ("", []),
    "dangling backslash": ("Ana\\", []),
}


@pytest.mark.parametrize(("value", "wanted"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses(value: str, wanted: list[tuple[str, str]]) -> None:
    assert addresses(value) == tuple(Address(name, email) for name, email in wanted)


def test_address_is_refused_when_it_is_none() -> None:
    assert normalise("ana@x.example") == "ana@x.example"
    for spec in (
        "",
        "@",
        "a@",
        "@x",
        "a@-x.example",
        "a@x..example",
        "a@" + "x" * 300,
        "a\n@x.example ",
    ):
        assert normalise(spec) in {None, "a@x.example"}


def test_list_of_addresses_is_bounded() -> None:
    value = ", ".join(f"a{n}@x.example" for n in range(5_000))
    assert len(addresses(value)) == 500


DATES = {
    "with zone": (
        b"Date: Tue, 03 Nov 2026 10:00:00 -0500",
        datetime(2026, 11, 3, 15, tzinfo=UTC),
        (),
    ),
    "without zone": (b"Date: Tue, 03 Nov 2026 10:00:00", datetime(2026, 11, 3, 10, tzinfo=UTC), ()),
    "with comment": (
        b"Date: Tue, 3 Nov 2026 10:00:00 +0000 (UTC)",
        datetime(2026, 11, 3, 10, tzinfo=UTC),
        (),
    ),
    "missing": (b"Date:", None, ("date_missing",)),
    "words": (b"Date: ayer por la tarde", None, ("date_absurd",)),
    "1970": (b"Date: Thu, 01 Jan 1970 00:00:00 +0000", None, ("date_absurd",)),
    "far ahead": (b"Date: Tue, 03 Nov 2036 10:00:00 +0000", None, ("date_absurd",)),
    "impossible": (b"Date: Tue, 33 Nov 2026 10:00:00 +0000", None, ("date_absurd",)),
    "absurd zone": (b"Date: Tue, 03 Nov 2026 10:00:00 +99999999", None, ("date_absurd",)),
}


@pytest.mark.parametrize(("header", "wanted", "defects"), DATES.values(), ids=DATES)
def test_date(header: bytes, wanted: datetime | None, defects: tuple[str, ...]) -> None:
    parsed = parse(with_header(header), received_at=datetime(2026, 11, 3, 16, tzinfo=UTC))
    assert parsed.date == wanted
    assert parsed.defects == defects


IDENTIFIERS = {
    "one": ("<a@b.example>", ("<a@b.example>",)),
    "outlook prose": ('Message from "Ana" of "hoy" <a@b.example>', ("<a@b.example>",)),
    "folded": ("<a@b.example>\r\n\t<c@d.example>", ("<a@b.example>", "<c@d.example>")),
    "glued": ("<a@b.example><c@d.example>", ("<a@b.example>", "<c@d.example>")),
    "repeated": ("<a@b.example> <a@b.example>", ("<a@b.example>",)),
    "without brackets": ("a@b.example", ("<a@b.example>",)),
    "no identifier": ("hola", ()),
}


@pytest.mark.parametrize(("value", "wanted"), IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_message_ids(value: str, wanted: tuple[str, ...]) -> None:
    assert message_ids(value) == wanted


def test_references_keep_first_and_last() -> None:
    found = message_ids(" ".join(f"<{n}@x.example>" for n in range(300)))
    assert (found[0], found[-1], len(found)) == ("<0@x.example>", "<299@x.example>", 100)


PARAMETERS = {
    "quoted": ('text/plain; charset="utf-8"', {"charset": "utf-8"}),
    "unquoted with spaces": ("attachment; filename=mi factura.pdf", {"filename": "mi factura.pdf"}),
    "encoded word": ('a; name="=?utf-8?Q?a=C3=B1o?=.pdf"', {"name": "año.pdf"}),
    "rfc 2231": ("a; filename*=UTF-8''a%C3%B1o.pdf", {"filename": "año.pdf"}),
    "rfc 2231 in pieces": (
        "a; filename*0*=UTF-8''a%C3; filename*1*=%B1o; filename*2=.pdf",
        {"filename": "año.pdf"},
    ),
    "pieces out of order": ('a; filename*1=".pdf"; filename*0="uno"', {"filename": "uno.pdf"}),
    "semicolon in quotes": ('a; filename="a;b.pdf"; x=1', {"filename": "a;b.pdf", "x": "1"}),
    "escaped": (r'a; filename="a\"b.pdf"', {"filename": 'a"b.pdf'}),
    "never closed": ('a; filename="uno.pdf', {"filename": "uno.pdf"}),
    "unknown charset": ("a; filename*=nada''a%F1o", {"filename": "año"}),
    "punycode is no charset of mail": ("a; filename*=punycode''a-b", {"filename": "a-b"}),
}


@pytest.mark.parametrize(("value", "wanted"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters(value: str, wanted: dict[str, str]) -> None:
    assert parameters(value) == wanted


def test_head_of_a_sound_mail() -> None:
    parsed = parse(
        mail(
            "Hola\n",
            "Reply-To: otra@cliente.example",
            "Cc: c@x.example",
            "In-Reply-To: <p@x.example>",
            "References: <o@x.example> <p@x.example>",
        )
    )
    assert parsed.message_id == "<uno@cliente.example>"
    assert parsed.from_ == Address("Ana Ruiz", "ana@cliente.example")
    assert [one.email for one in (*parsed.reply_to, *parsed.to, *parsed.cc)] == [
        "otra@cliente.example",
        "atencion@generasoft.example",
        "c@x.example",
    ]
    assert parsed.in_reply_to == "<p@x.example>"
    assert parsed.references == ("<o@x.example>", "<p@x.example>")
    assert parsed.defects == ()


BROKEN = {
    "no from": (b"Subject: x\r\n\r\nhola", {"from_missing", "message_id_missing", "date_missing"}),
    "two subjects": (HEAD + b"Subject: otro\r\n\r\nhola", {"duplicate_header"}),
    "two senders in one": (with_header("From: a@x.example, b@x.example"), {"from_multiple"}),
    "from without address": (with_header("From: Ana Ruiz"), {"from_missing", "address_invalid"}),
    "raw letters": (with_header("From: Muñoz <m@x.example>"), {"header_eight_bit"}),
    "no header at all": (b"hola, esto no es un correo", {"from_missing", "header_broken"}),
    "empty": (b"", {"from_missing", "message_id_missing", "date_missing"}),
    "only line ends": (b"\r\n\r\n\r\n", {"from_missing"}),
    "starts with continuation": (b" x\r\n" + HEAD + b"\r\nhola", set()),
    "garbage line in the head": (HEAD + b"esto no es encabezado\r\n\r\nhola", {"header_broken"}),
    "bare cr": (HEAD.replace(b"\r\n", b"\r") + b"\rhola", set()),
    "bare lf": (HEAD.replace(b"\r\n", b"\n") + b"\nhola", set()),
    "nul bytes": (b"\0\0" + HEAD + b"\r\nho\0la", {"nul_bytes"}),
}


@pytest.mark.parametrize(("raw", "wanted"), BROKEN.values(), ids=BROKEN)
def test_broken_heads_are_read_and_named(raw: bytes, wanted: set[str]) -> None:
    assert wanted <= set(parse(raw).defects)


@pytest.mark.parametrize("name", ["bare cr", "bare lf", "nul bytes", "garbage line in the head"])
def test_broken_heads_keep_their_words(name: str) -> None:
    parsed = parse(BROKEN[name][0])
    assert "hola" in parsed.text
    assert parsed.subject == "No puedo entrar"


def test_long_identifiers_that_python_folded_into_encoded_words() -> None:
    long = f"<v1.{'a' * 30}.{'b' * 40}@ventanilla.example>"
    mail = EmailMessage()
    mail["References"] = f"<m1@cliente.example> {long}"
    mail["In-Reply-To"] = long
    assert b"=?utf-8?" in mail.as_bytes()
    parsed = parse(mail.as_bytes())
    assert parsed.references == ("<m1@cliente.example>", long)
    assert parsed.in_reply_to == long
