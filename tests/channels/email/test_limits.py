"""Mail made to hurt: refused by name, in bounded time and memory."""

import time
import tracemalloc

import pytest

from tests.channels.email.corpus import HEAD, html, mail, multipart, part, plain
from ventanilla.channels.email.bounces import parse_bounce
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.refusals import (
    HeaderTooLarge,
    Limits,
    MailRefused,
    MessageTooLarge,
    TooDeeplyNested,
    TooManyParts,
    Unparseable,
)

MB = 1024 * 1024


def nested(depth: int) -> bytes:
    body = plain()
    for level in range(depth):
        body = multipart("mixed", body, boundary=f"n{level}")
    return HEAD + body


def mails_inside(depth: int) -> bytes:
    raw = HEAD + b"\r\nhola"
    for level in range(depth):
        raw = HEAD + multipart(
            "mixed", part(raw, "Content-Type: message/rfc822"), boundary=f"m{level}"
        )
    return raw


REFUSED: dict[str, tuple[bytes, type[MailRefused]]] = {
    "header of 10 MB": (HEAD + b"X-Mucho: " + b"a" * (10 * MB) + b"\r\n\r\nhola", HeaderTooLarge),
    "10 MB of short headers": (HEAD + b"X-A: b\r\n" * (10 * MB // 8) + b"\r\nhola", HeaderTooLarge),
    "header that never ends": (b"X-A: b\r\n" * (MB // 8), HeaderTooLarge),
    "1,000 parts": (HEAD + multipart("mixed", *[plain()] * 1_000), TooManyParts),
    "100,000 parts": (HEAD + multipart("mixed", *[b"\r\n"] * 100_000), TooManyParts),
    "100 levels": (nested(100), TooDeeplyNested),
    "too heavy": (HEAD + b"\r\n" + b"a" * (41 * MB), MessageTooLarge),
}


@pytest.mark.parametrize(("raw", "refusal"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name_and_quickly(raw: bytes, refusal: type[MailRefused]) -> None:
    started = time.process_time()
    with pytest.raises(refusal) as told:
        parse(raw)
    assert time.process_time() - started < 2
    assert told.value.code
    assert "{" not in str(told.value)
    assert str(told.value).endswith(".")


def test_huge_header_is_refused_before_it_is_copied() -> None:
    raw = REFUSED["header of 10 MB"][0]
    tracemalloc.start()
    with pytest.raises(HeaderTooLarge):
        parse(raw)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MB


def test_just_within_the_limits() -> None:
    limits = Limits()
    assert parse(HEAD + multipart("mixed", *[plain()] * (limits.parts - 1))).text
    assert parse(nested(limits.depth)).text.strip() == "Hola"
    assert parse(HEAD + b"X-A: " + b"a" * 200_000 + b"\r\n\r\nhola").text == "hola"


INNER = part(
    HEAD
    + multipart(
        "mixed",
        *[part(HEAD + multipart("mixed", *[plain()] * 100), "Content-Type: message/rfc822")] * 20,
        boundary="interior",
    ),
    "Content-Type: message/rfc822",
)
SLOW = {
    "semicolons in the type": mail("x", "Content-Type: text/plain" + ";" * 200_000),
    "quotes in the type": mail("x", 'Content-Type: multipart/mixed; boundary="' + '";' * 100_000),
    "encoded words": mail("x", "X-Y: z", head=HEAD.replace(b"No puedo entrar", b"=?a?q?" * 30_000)),
    "brackets in the sender": mail("x", head=HEAD.replace(b"Ana Ruiz", b"<" * 200_000)),
    "parentheses in the sender": mail("x", head=HEAD.replace(b"Ana Ruiz", b"(" * 200_000)),
    "many recipients": mail("x", "Cc: " + "a@x.example, " * 15_000),
    "references": mail("x", "References: " + "<a@x.example>" * 15_000),
    "open elements": HEAD + html("<div>" * 100_000 + "hola"),
    "open formatting": HEAD + html("<b><i><a>" * 50_000 + "hola"),
    "open tables": HEAD + html("<table><tr><td>" * 50_000 + "hola"),
    "brackets in html": HEAD + html("<" * 200_000),
    "comments never closed": HEAD + html("<!--" * 200_000),
    "heavy html": HEAD + html("<p>hola</p>" * 500_000),
    "attributions": mail("El 3 nov 2026 a las 10:00, X escribió\n" * 20_000 + "> fin\n"),
    "attribution starts": mail(
        "El 3 nov 2026 a las 10:00, "
        + "x" * 200
        + "\n"
        + ("El 3 11:00 " + "y" * 150 + "\n") * 2_000
    ),
    "headers in the text": mail("De: a\n" * 20_000),
    "dashes": mail("-- \n" * 40_000),
    "one long line": mail("a" * 5_000_000),
    "spaces": mail(" " * 2_000_000 + "x"),
    "boundary lines in text": mail("--frontera\n" * 80_000),
    "boundary lines without a boundary": HEAD
    + b"Content-Type: multipart/mixed\r\n\r\n"
    + b"--a b\r\n" * 80_000,
    "spaces in a header": mail("x", "X-A: b", "Cc: a" + " " * 200_000 + "b"),
    "spaces in a part's header": HEAD
    + multipart(
        "mixed", part("x", "Content-Type: text/plain", "Content-ID:" + " " * 3_000_000 + "x")
    ),
    "identifier without end": mail("x", "References: " + "a" * 200_000),
    "flowed": mail("a \n" * 300_000, "Content-Type: text/plain; format=flowed"),
    "one line of html": HEAD + html("a<b>b</b>" * 60_000),
    "many heavy html parts": HEAD + multipart("mixed", *[html("<p>hola</p>" * 40_000)] * 20),
    "lost boundaries in lost boundaries": HEAD
    + b"Content-Type: multipart/mixed\r\n\r\n"
    + b"".join(b"--b%d\r\nContent-Type: multipart/mixed\r\n\r\n" % n for n in range(10_000)),
    "addresses in the text": mail(("a" * 300 + "@" + "a" * 1_600 + "\n") * 500),
    "blank lines in a bounce": mail("\n" * 50_000),
    "many mails of many mails": HEAD + multipart("mixed", *[INNER] * 190),
    "mails inside mails": mails_inside(60),
    "uuencode": mail("M" * 61 + "\n", "Content-Transfer-Encoding: x-uuencode")
    + (b"#" * 60 + b"\r\n") * 20_000,
    "padding": mail(b"=" * 2_000_000, "Content-Transfer-Encoding: base64"),
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW)
def test_nothing_takes_long(raw: bytes) -> None:
    started = time.process_time()
    try:
        parsed = parse(raw)
        assert parsed.segments is not None
        assert parsed.html_segments is not None
        assert parse_bounce(parsed) is not None
    except Unparseable:
        raise
    except MailRefused as refused:
        assert refused.code in {"header_too_large", "too_many_parts"}  # either is right
    # The densest megabyte of HTML takes three seconds; anything that grows faster than its size,
    # at these sizes, takes minutes.
    assert time.process_time() - started < 5


@pytest.mark.parametrize("name", ["open elements", "heavy html"])
def test_what_is_too_complex_keeps_its_words(name: str) -> None:
    parsed = parse(SLOW[name])
    assert "html_too_complex" in parsed.defects
    assert "hola" in parsed.text
    assert "<" not in parsed.text


def test_overlong_text_is_cut_and_kept_as_a_file() -> None:
    parsed = parse(mail("palabra " * 200_000))
    assert "text_truncated" in parsed.defects
    assert len(parsed.text) == 1_000_000
    (file,) = parsed.attachments
    assert (file.filename, file.size) == ("texto-completo.txt", 1_600_000)
