"""Whatever bytes arrive: a value or a named refusal, never another exception, never bad text."""

import dataclasses
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.email import corpus
from tests.channels.email.test_attachments import MACROS, OFFICE
from tests.channels.email.test_bodies import CHARSETS, ENCODINGS, STRUCTURES
from tests.channels.email.test_headers import BROKEN
from tests.channels.email.test_nature import DSN, QMAIL
from ventanilla.channels.email.authentication import authentication
from ventanilla.channels.email.bounces import parse_bounce
from ventanilla.channels.email.nature import may_autorespond
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.refusals import Limits, MailRefused, Unparseable
from ventanilla.channels.email.values import DEFECTS, SUSPICIONS, ParsedEmail, new_text

TNEF = corpus.tnef(
    ("a.pdf", corpus.PDF),
    properties=corpus.mapi((0x1F, 0x1000, b"h\0"), (0x102, 0x1013, b"<p>x</p>")),
)
SEEDS = [
    *(row[0] for row in CHARSETS.values()),
    *(row[0] for row in ENCODINGS.values()),
    *(row[0] for row in STRUCTURES.values()),
    *(row[0] for row in BROKEN.values()),
    DSN,
    QMAIL,
    corpus.with_file(OFFICE, "a.docx"),
    corpus.with_file(MACROS, "b.zip"),
    corpus.mixed(
        corpus.part(TNEF, "Content-Type: application/ms-tnef", "Content-Transfer-Encoding: binary")
    ),
]
BITS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"--frontera",
    b"--frontera--",
    b"=?",
    b"?=",
    b"=?utf-8?B?",
    b'"',
    b"<",
    b">",
    b"(",
    b":",
    b";",
    b"Content-Type: multipart/mixed; boundary=",
    b"Content-Transfer-Encoding: base64\r\n",
    b"; charset=punycode",
    b"; charset=utf-16",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Date: ",
    b"@",
    b"\xe2\x80\xae",
    b"<blockquote>",
    b"=\r\n",
    b"begin 644 a\r\n",
    b"PK\x05\x06",
    b"filename*0*=x''%",
    b"\x1b$B",
]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)


def check(raw: bytes) -> ParsedEmail | None:
    """Parses and asks every question of it."""
    try:
        parsed = parse(raw, limits=Limits(parts=50, depth=8))
    except Unparseable:
        raise
    except MailRefused:
        return None
    for text in strings(parsed):
        assert "\0" not in text
        text.encode()
    assert "".join(one.text for one in parsed.segments) == parsed.text
    assert "".join(one.text for one in parsed.html_segments) == (parsed.html or "")
    assert set(parsed.defects) <= set(DEFECTS)
    assert all(set(one.suspicious) <= set(SUSPICIONS) for one in parsed.attachments)
    assert all("/" not in one.filename and one.filename for one in parsed.attachments)
    assert parsed.date is None or parsed.date.utcoffset() is not None
    new_text(parsed)
    parse_bounce(parsed)
    authentication(parsed, authserv_id="mx.example")
    allowed, reason = may_autorespond(parsed, own_addresses=())
    assert allowed == (reason == "")
    return parsed


def mutated(raw: bytes, chance: random.Random) -> bytes:
    out = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(out))
        kind = chance.randint(0, 4)
        if kind == 0:
            out[at:at] = chance.choice(BITS)
        elif kind == 1:
            del out[at : at + chance.randint(1, 40)]
        elif kind == 2:
            out[at : at + 1] = bytes([chance.randint(0, 255)])
        elif kind == 3:
            start = chance.randint(0, len(out))
            out[at:at] = out[start : start + chance.randint(1, 200)]
        else:
            other = chance.choice(SEEDS)
            start = chance.randint(0, len(other))
            out[at:at] = other[start : start + chance.randint(1, 300)]
    return bytes(out)


def test_mutated_mails() -> None:
    chance = random.Random(20261103)
    read = sum(check(mutated(chance.choice(SEEDS), chance)) is not None for _ in range(1_000))
    assert read > 930


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    check(raw)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(BITS) | st.binary(max_size=8), max_size=25).map(b"".join))
def test_any_header(raw: bytes) -> None:
    for name in (
        b"From",
        b"Subject",
        b"Content-Type",
        b"Date",
        b"References",
        b"Content-Disposition",
    ):
        check(name + b": " + raw + b"\r\n" + corpus.HEAD + b"\r\nhola")


def test_the_unexpected_goes_to_quarantine_with_its_reason() -> None:
    class Treacherous(bytes):
        def __len__(self) -> int:
            raise OSError("disco")

    with pytest.raises(Unparseable, match="OSError") as refused:
        parse(Treacherous(b"x"))
    assert isinstance(refused.value.__cause__, OSError)
