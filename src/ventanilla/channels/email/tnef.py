"""Outlook's winmail.dat (MS-OXTNEF) opened: its files, and its body when the mail has no other.

Own reader: the one in the package index trusts the counts that the file declares and would loop
over four thousand million properties. Here every step consumes bytes, so the cost is the size.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ventanilla.channels.email import charsets
from ventanilla.channels.email.refusals import Limits
from ventanilla.channels.email.values import Attachment

_SIGNATURE = b"\x78\x9f\x3e\x22"
_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

_ATTACH_DATA, _ATTACH_TITLE, _ATTACH_RENDER, _ATTACH_PROPS = 0x800F, 0x8010, 0x9002, 0x9005
_BODY, _MESSAGE_PROPS, _CODEPAGE = 0x800C, 0x9003, 0x9007
_P_BODY, _P_HTML, _P_RTF, _P_INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_P_DATA, _P_FILENAME, _P_LONG_FILENAME, _P_DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_FIXED = {0x02: 4, 0x0B: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8}
_FIXED |= {0x40: 8, 0x48: 16, 0x01: 0}
_MULTIPLE = 0x1000
_NAMED = 0x8000
_EMBEDDED_ID_BYTES = 16
#: The RTF decompressor works byte by byte; at most nine times as much comes out.
RTF_BYTES = 256 * 1024


@dataclass
class OpenedTnef:
    """What was inside: named files, and the body as text or HTML."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    text: str | None = None
    html: str | None = None


class _Broken(Exception):
    """The structure ends in the middle."""


def is_tnef(file: Attachment) -> bool:
    """Whether it is a winmail.dat, by its bytes; the label alone is not believed."""
    named = file.declared_type in _TYPES or file.filename.lower() == "winmail.dat"
    return named or file.content.startswith(_SIGNATURE)


def open_tnef(content: bytes, limits: Limits) -> OpenedTnef | None:
    """The contents; None when it is broken or holds more files than a mail may have parts."""
    if not content.startswith(_SIGNATURE):
        return None
    try:
        return _Reader(limits).read(content)
    except (_Broken, struct.error):
        return None


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.opened = OpenedTnef()
        self.codepage = "cp1252"
        self.name, self.data = "", b""
        self.in_file = False

    def read(self, content: bytes) -> OpenedTnef:
        for identifier, value in _objects(content):
            self._object(identifier, value)
        self._finish_file()
        return self.opened

    def _object(self, identifier: int, value: bytes) -> None:
        if identifier == _CODEPAGE and len(value) >= 4:
            self.codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif identifier == _ATTACH_RENDER:
            self._finish_file()
            self.in_file = True
        elif identifier == _ATTACH_TITLE:
            self.name = self.name or self._text(value)
        elif identifier == _ATTACH_DATA:
            self.data = value
        elif identifier == _ATTACH_PROPS:
            self._file_properties(value)
        elif identifier == _BODY:
            self.opened.text = self._text(value)
        elif identifier == _MESSAGE_PROPS:
            self._message_properties(value)

    def _finish_file(self) -> None:
        if self.in_file and self.data:
            if len(self.opened.files) >= self.limits.parts:
                raise _Broken
            self.opened.files.append((self.name, self.data))
        self.name, self.data, self.in_file = "", b"", False

    def _file_properties(self, value: bytes) -> None:
        names: dict[int, str] = {}
        for identifier, kind, data in _properties(value):
            if identifier in {_P_FILENAME, _P_LONG_FILENAME, _P_DISPLAY_NAME}:
                names[identifier] = self._string(kind, data)
            elif identifier == _P_DATA and data:
                self.data = data[_EMBEDDED_ID_BYTES:] if kind == _OBJECT else data
        best = names.get(_P_LONG_FILENAME) or names.get(_P_FILENAME) or self.name
        self.name = best or names.get(_P_DISPLAY_NAME, "")

    def _message_properties(self, value: bytes) -> None:
        found = {identifier: (kind, data) for identifier, kind, data in _properties(value)}
        if _P_INTERNET_CODEPAGE in found:
            number = struct.unpack_from("<I", found[_P_INTERNET_CODEPAGE][1])[0]
            html_charset = "utf-8" if number == 65001 else f"cp{number}"
        else:
            html_charset = self.codepage
        if _P_BODY in found:
            self.opened.text = self._string(*found[_P_BODY])
        if _P_HTML in found:
            self.opened.html = charsets.decode(found[_P_HTML][1], html_charset)[0].rstrip("\0")
        if _P_RTF in found and not (self.opened.html or self.opened.text):
            self.opened.text = _rtf_text(found[_P_RTF][1])

    def _string(self, kind: int, data: bytes) -> str:
        if kind == _UNICODE:
            return data.decode("utf-16-le", "replace").split("\0")[0]
        return self._text(data)

    def _text(self, data: bytes) -> str:
        return charsets.decode(data.split(b"\0")[0], self.codepage)[0]


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Attribute identifier and data of every object: level, id, type, length, data, checksum."""
    at = 6
    while at + 11 <= len(content):
        identifier, _type, length = struct.unpack_from("<HHI", content, at + 1)
        if at + 9 + length > len(content):
            raise _Broken
        yield identifier, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Identifier, type and first value of every MAPI property."""
    if len(value) < 4:
        return
    at = 4
    while at + 4 <= len(value):
        kind, identifier = struct.unpack_from("<HH", value, at)
        at = _after_name(value, at + 4, identifier)
        base = kind & ~_MULTIPLE
        if base in _FIXED:
            count = 1
            if kind & _MULTIPLE:
                (count,) = struct.unpack_from("<I", value, at)
                at += 4
            yield identifier, base, value[at : at + _FIXED[base]]
            at += _FIXED[base] * count
        elif base in {_STRING, _UNICODE, _OBJECT, _BINARY}:
            data, at = _variable(value, at)
            yield identifier, base, data
        else:
            raise _Broken


def _after_name(value: bytes, at: int, identifier: int) -> int:
    if identifier < _NAMED:
        return at
    (kind,) = struct.unpack_from("<I", value, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", value, at + 20)
    return at + 24 + _padded(length)


def _variable(value: bytes, at: int) -> tuple[bytes, int]:
    (count,) = struct.unpack_from("<I", value, at)
    at += 4
    first = b""
    for position in range(count):
        (length,) = struct.unpack_from("<I", value, at)
        if at + 4 + length > len(value):
            raise _Broken
        if position == 0:
            first = value[at + 4 : at + 4 + length]
        at += 4 + _padded(length)
    return first, at


def _padded(length: int) -> int:
    return length + -length % 4


def _rtf_text(compressed: bytes) -> str | None:
    if len(compressed) > RTF_BYTES:
        return None
    from compressed_rtf import decompress  # type: ignore[import-untyped]  # ships no types
    from striprtf.striprtf import rtf_to_text

    try:
        rtf = decompress(compressed)
        text = rtf_to_text(rtf.decode("ascii", "replace"), errors="replace")  # type: ignore[no-untyped-call]  # ships no types
        return str(text).strip() or None
    except Exception:  # noqa: BLE001  # both raise bare Exception; the mail is then without a body
        return None
