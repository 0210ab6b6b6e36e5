"""Header values: unfolded, decoded (RFC 2047, RFC 2231), tolerant of what mailers really send."""

import binascii
import re
import urllib.parse
from collections.abc import Iterable

from ventanilla.channels.email import charsets

SUBJECT_CHARS = 1_000
REFERENCES_KEPT = 100
#: A longer Message-ID is none: RFC 5322 has no longer lines, and the database's index no longer keys.
MESSAGE_ID_OCTETS = 998
#: Identifiers without brackets are looked for in short values only.
BARE_CHARS = 2_000

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Controls, and the direction marks with which a name can be made to read backwards.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,990})>")
_BARE_ID = re.compile(r"[^<>\s\"]{1,400}@[^<>\s\"]{1,400}")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"^(.+?)\*(\d{1,3})?(\*)?$")
_SPACES = re.compile(r"\s+")


def as_bytes(value: str) -> bytes:
    """The header's bytes as they came (the parser keeps 8-bit ones as surrogates)."""
    return value.encode("utf-8", "surrogateescape")


def unfold(value: str) -> str:
    """One line, with raw 8-bit bytes read as UTF-8 or windows-1252."""
    line = _one_line(value)
    if not line.isascii():
        line = charsets.guess(as_bytes(line))
    return line


def _one_line(value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return value
    return " ".join(piece.strip(" \t") for piece in _LINE_END.split(value))


def decode_words(value: str) -> str:
    """Encoded words decoded; those of one charset are joined first, since mailers cut letters."""
    out: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        adjacent = end > 0 and not between.strip()
        if not adjacent or match[1].lower() != charset:
            out.append(charsets.decode(pending, charset)[0])
            pending = b""
            out.append("" if adjacent else between)
        charset = match[1].lower().partition("*")[0]
        pending += _word_bytes(match[2], match[3])
        end = match.end()
    out += charsets.decode(pending, charset)[0], value[end:]
    return "".join(out)


def clean(value: str, *, limit: int = SUBJECT_CHARS) -> str:
    """Decoded, without controls or direction marks, spaces collapsed."""
    text = decode_words(unfold(value))
    text = _INVISIBLE.sub("", text.replace("\t", " ").replace("\n", " ").replace("\r", " "))
    return _SPACES.sub(" ", text).strip()[:limit]


def without_controls(text: str) -> str:
    """The text without control characters and direction marks."""
    return _INVISIBLE.sub("", text)


def has_direction_marks(text: str) -> bool:
    """Whether characters are present that show a name in another order than it is stored."""
    return any(mark in text for mark in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


def message_ids(value: str) -> tuple[str, ...]:
    """Every Message-ID in the value, with angle brackets, without repeats, first and last kept.

    No standard allows encoded words here, but Python's own mailer folds a long identifier into
    some, and the thread would be lost.
    """
    line = decode_words(unfold(value))
    found = [f"<{_INVISIBLE.sub('', inner)}>" for inner in _MESSAGE_ID.findall(line)]
    if not found and len(line) < BARE_CHARS:
        found = [f"<{_INVISIBLE.sub('', bare)}>" for bare in _BARE_ID.findall(line)]
    unique = tuple(each for each in dict.fromkeys(found) if len(each.encode()) <= MESSAGE_ID_OCTETS)
    if len(unique) > REFERENCES_KEPT:
        return unique[:1] + unique[-(REFERENCES_KEPT - 1) :]
    return unique


def parameters(value: str) -> dict[str, str]:
    """The parameters of a structured header, lower-cased names, RFC 2231 pieces put together.

    Own reader because the standard one costs the square of the number of semicolons.
    """
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, written in _PARAMETER.findall(_one_line(value)):
        text = _unquoted(written)
        if continued := _CONTINUED.match(name):
            piece = (int(continued[2] or 0), continued[3] is not None or not continued[2], text)
            pieces.setdefault(continued[1].lower(), []).append(piece)
        else:
            plain.setdefault(name.lower(), decode_words(unfold(text)))
    return plain | {name: _rfc2231(found) for name, found in pieces.items()}


def _rfc2231(pieces: Iterable[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for position, encoded, written in sorted(pieces, key=lambda piece: piece[0]):
        text = written
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        data += urllib.parse.unquote_to_bytes(as_bytes(text)) if encoded else as_bytes(text)
    return charsets.decode(data, charset)[0]


def _unquoted(written: str) -> str:
    text = written.strip()
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text.strip('"'))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = as_bytes(text)
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)[0]


_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


def base64_bytes(data: bytes) -> tuple[bytes, bool]:
    """What can be decoded, and whether the coding was broken."""
    kept = data.translate(None, _NOT_BASE64)
    broken = len(kept) < len(data) - sum(map(data.count, (b"\r", b"\n", b" ", b"\t")))
    out: list[bytes] = []
    for chunk in re.split(b"=+", kept):
        spare = len(chunk) % 4
        whole = chunk[:-1] if spare == 1 else chunk
        broken = broken or spare == 1
        out.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(out), broken
