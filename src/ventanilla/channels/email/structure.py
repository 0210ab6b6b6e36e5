"""Raw bytes to a tree of parts, with its cost bounded before and while the parser runs."""

import binascii
import re
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32

from ventanilla.channels.email import charsets, headers
from ventanilla.channels.email.refusals import (
    HeaderTooLarge,
    Limits,
    MessageTooLarge,
    TooDeeplyNested,
    TooManyParts,
)

#: A structured header beyond this is nonsense, and reading it costs the parser its square.
STRUCTURED_CHARS = 8_192
_STRUCTURED = frozenset({"content-type", "content-disposition", "content-transfer-encoding"})
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_TYPE = re.compile(r"^\s*([\w.+-]{1,60}/[\w.+-]{1,100})")
_LOST_BOUNDARY = re.compile(
    r"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE | re.MULTILINE
)


class _Policy(Compat32):
    """Keeps every header as it came, cut where a value would cost more than it can mean."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:STRUCTURED_CHARS] if name.lower() in _STRUCTURED else value


class Part(Message):
    """A part that knows its depth. Mails inside it stay leaves, so that their bytes survive."""

    _payload: "list[Part] | str | None"

    def __init__(self, *, policy: Compat32, budget: "_Budget") -> None:
        super().__init__(policy=policy)
        self._budget = budget
        self.depth = 0
        self.parent: Part | None = None
        budget.count()

    def attach(self, payload: Message) -> None:  # type: ignore[override]  # the parser passes parts
        """Called by the parser for every child, before it reads it."""
        if isinstance(payload, Part):
            payload.depth, payload.parent = self.depth + 1, self
            self._budget.check_depth(payload.depth)
        super().attach(payload)

    def get_content_type(self) -> str:
        """What the parser asks before it descends: never a mail, whose bytes we want whole."""
        return "text/x-leaf" if self.media_type.startswith("message/") else self.media_type

    def get_boundary(self, failobj: object = None) -> str | None:  # type: ignore[override]  # narrower
        """The boundary, read in linear time."""
        del failobj
        return headers.parameters(self.first("content-type")).get("boundary") or None

    @property
    def media_type(self) -> str:
        """The declared type, lower-cased; what the standard says when it is missing or nonsense."""
        written = self.first("content-type")
        match = _TYPE.match(written)
        if match:
            return match[1].lower()
        return "text/plain" if written else self.get_default_type()

    def first(self, name: str) -> str:
        """The first value of a header as it came, "" when absent."""
        return next((value for key, value in self.raw_items() if key.lower() == name), "")

    def children(self) -> list["Part"]:
        """The parts of a multipart; none for a leaf and for a multipart without boundaries."""
        payload = self._payload
        return (
            [one for one in payload if isinstance(one, Part)] if isinstance(payload, list) else []
        )

    def source(self) -> bytes:
        """The body as it stood in the mail, still in its transfer encoding."""
        # Not get_payload(): it decodes by the declared charset, whatever codec that names.
        payload = self._payload
        return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""

    def content(self) -> tuple[bytes, str | None]:
        """The body out of its transfer encoding, and the defect found."""
        return _decoded(self.source(), self.first("content-transfer-encoding"))


class _Budget:
    """Parts and depth still allowed; one for a mail and all the mails inside it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        # The parser makes one part to try the factory out.
        self.parts = -1

    def count(self) -> None:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise TooManyParts(limit=self.limits.parts)

    def check_depth(self, depth: int) -> None:
        if depth > self.limits.depth:
            raise TooDeeplyNested(limit=self.limits.depth)


def read_structure(raw: bytes, limits: Limits) -> Part:
    """The tree of parts. Refuses by size before parsing, by count and depth while parsing."""
    if len(raw) > limits.message_bytes:
        raise MessageTooLarge(size=len(raw), limit=limits.message_bytes)
    _check_header_block(raw, limits)
    budget = _Budget(limits)
    policy = _Policy()

    def make(*, policy: Compat32 = policy) -> Part:
        return Part(policy=policy, budget=budget)

    parser = BytesParser(make, policy=policy)
    part = parser.parsebytes(raw.lstrip(b"\r\n\x00"))
    assert isinstance(part, Part)
    return part


def with_lost_boundary(part: Part, limits: Limits) -> Part | None:
    """A multipart whose boundary was wrong, read again with the one its body really uses."""
    text = part.source().decode("ascii", "surrogateescape")
    match = _LOST_BOUNDARY.search(text)
    if not match:
        return None
    boundary = match[1].replace('"', "")
    head = f'Content-Type: {part.media_type}; boundary="{boundary}"\n\n'
    again = read_structure((head + text).encode("ascii", "surrogateescape"), limits)
    return again if again.children() else None


def _check_header_block(raw: bytes, limits: Limits) -> None:
    if len(raw) <= limits.header_bytes:
        return
    # Leading blank lines are no header; look at a bounded slice, never at the whole mail.
    head = raw[: limits.header_bytes + 4].lstrip(b"\r\n\x00")
    if not _BLANK_LINE.search(head):
        raise HeaderTooLarge(limit=limits.header_bytes)


def _decoded(source: bytes, encoding: str) -> tuple[bytes, str | None]:
    name = encoding.strip().strip("\"';").lower()
    if name == "base64":
        data, broken = headers.base64_bytes(source)
        return data, "base64_broken" if broken else None
    if name == "quoted-printable":
        return binascii.a2b_qp(source), None
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uudecoded(source), None
    known = name in {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits"}
    return source, None if known else "encoding_unknown"


def _uudecoded(source: bytes) -> bytes:
    out: list[bytes] = []
    for line in source.splitlines():
        if line.startswith(b"begin ") or not line:
            continue
        if line.strip() in {b"end", b"`"}:
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders pad short lines wrongly; the length byte says how much is meant.
            meant = (((line[0] - 32) & 63) * 4 + 5) // 3
            out.append(_uu_prefix(line[:meant]))
    return b"".join(out)


def _uu_prefix(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""


def text_of(part: Part) -> tuple[str, tuple[str, ...]]:
    """A text part as text with plain line ends, flowed lines joined, and the defects found."""
    data, broken = part.content()
    params = headers.parameters(part.first("content-type"))
    text, defect = charsets.decode(data, params.get("charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if params.get("format", "").lower() == "flowed" and part.media_type == "text/plain":
        text = unflow(text, delete_space=params.get("delsp", "").lower() == "yes")
    wide = params.get("charset", "").lower().startswith(("utf-16", "utf-32"))
    found = [broken, defect, "nul_bytes" if b"\0" in data and not wide else None]
    return text, tuple(one for one in found if one)


def unflow(text: str, *, delete_space: bool) -> str:
    """Lines that a mailer cut, joined again (RFC 3676); quotes keep their depth."""
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        signature = body == "-- "
        flows = body.endswith(" ") and not signature
        kept = body[:-1] if flows and delete_space else body
        if open_depth == depth and not signature:
            out[-1].append(kept)
        else:
            out.append([">" * depth + (" " if depth and body else ""), kept])
        open_depth = depth if flows else None
    return "\n".join(map("".join, out))
