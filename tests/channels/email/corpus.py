"""Mails written for the tests, built from pieces. All domains are `.example`."""

import base64
import struct
import zlib

HEAD = (
    b"From: Ana Ruiz <ana@cliente.example>\r\n"
    b"To: atencion@generasoft.example\r\n"
    b"Subject: No puedo entrar\r\n"
    b"Date: Tue, 03 Nov 2026 10:00:00 -0500\r\n"
    b"Message-ID: <uno@cliente.example>\r\n"
    b"MIME-Version: 1.0\r\n"
)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200) + b"PE\0\0" + bytes(50)


def crlf(text: str) -> bytes:
    """Text as UTF-8 with CRLF ends."""
    return text.replace("\n", "\r\n").encode()


def mail(body: bytes | str = b"Hola\r\n", *headers: str, head: bytes = HEAD) -> bytes:
    """A mail with the usual head, more headers, and a body."""
    more = b"".join(crlf(header) + b"\r\n" for header in headers)
    return head + more + b"\r\n" + (crlf(body) if isinstance(body, str) else body)


def with_header(header: bytes | str, body: bytes = b"Hola\r\n") -> bytes:
    """The usual head with one header put in the place of the same name."""
    line = crlf(header) if isinstance(header, str) else header
    name = line.partition(b":")[0].lower()
    kept = [one for one in HEAD.splitlines() if one.partition(b":")[0].lower() != name]
    return b"\r\n".join([*kept, line]) + b"\r\n\r\n" + body


def part(body: bytes | str, *headers: str) -> bytes:
    """A MIME part."""
    raw = crlf(body) if isinstance(body, str) else body
    return b"".join(crlf(header) + b"\r\n" for header in headers) + b"\r\n" + raw


def file_part(content: bytes, name: str, media_type: str = "application/octet-stream") -> bytes:
    """A part with a base64 attachment."""
    return part(
        base64.encodebytes(content),
        f'Content-Type: {media_type}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"',
    )


def multipart(kind: str, *parts: bytes, boundary: str = "frontera", end: bool = True) -> bytes:
    """The body of a multipart with its Content-Type header before it, ready to nest."""
    line = f"--{boundary}\r\n".encode()
    close = f"--{boundary}--\r\n".encode() if end else b""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + one + b"\r\n" for one in parts) + close


def mixed(*parts: bytes) -> bytes:
    """A mail of these parts."""
    return HEAD + multipart("mixed", *parts)


def plain(text: str = "Hola\n") -> bytes:
    return part(text, "Content-Type: text/plain; charset=utf-8")


def html(text: str) -> bytes:
    return part(text, "Content-Type: text/html; charset=utf-8")


def with_file(content: bytes, name: str, media_type: str = "application/octet-stream") -> bytes:
    """A short mail with one attachment."""
    return mixed(plain(), file_part(content, name, media_type))


def zip_of(*entries: tuple[str, int, int], flags: int = 0) -> bytes:
    """A ZIP with a central directory that declares (name, packed, unpacked); the data is absent."""
    local, central = b"", b""
    for name, packed, unpacked in entries:
        raw = name.encode()
        offset = len(local)
        fields = struct.pack("<HHHHHIIIHH", 20, flags, 8, 0, 0, 0, packed, unpacked, len(raw), 0)
        local += b"PK\x03\x04" + fields + raw + b"x" * min(packed, 10_000)
        central += b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def real_bomb(size: int = 300_000_000) -> bytes:
    """A ZIP whose only entry really unpacks to `size` zeroes, a thousand times its weight."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1_000_000)
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    raw = b"ceros.bin"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(packed), size, len(raw), 0)
    local = b"PK\x03\x04" + fields + raw + packed
    central = b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    return (
        local
        + central
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    )


def tnef(*files: tuple[str, bytes], properties: bytes = b"", codepage: int = 1252) -> bytes:
    """A winmail.dat with these files and, if given, message properties."""
    out = b"\x78\x9f\x3e\x22\x01\x00" + _tnef(1, 0x9007, struct.pack("<II", codepage, 0))
    if properties:
        out += _tnef(1, 0x9003, properties)
    for name, content in files:
        out += _tnef(2, 0x9002, bytes(14)) + _tnef(2, 0x8010, name.encode("cp1252") + b"\0")
        out += _tnef(2, 0x800F, content)
    return out


def _tnef(level: int, identifier: int, data: bytes) -> bytes:
    head = struct.pack("<BHHI", level, identifier, 6, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    """MAPI properties of variable length: (type, identifier, value)."""
    out = struct.pack("<I", len(properties))
    for kind, identifier, value in properties:
        out += (
            struct.pack("<HHII", kind, identifier, 1, len(value))
            + value
            + b"\0" * (-len(value) % 4)
        )
    return out
