"""What a compressed file says about itself. Read from its table of contents; never decompressed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ventanilla.channels.email.refusals import Limits

_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_END_SIZE, _ENTRY_SIZE = 22, 46
_END_SEARCHED = _END_SIZE + 65_535
_ZIP64 = 0xFFFFFFFF
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".cab", ".zst")
#: Only a small file that swells is a trick; a large log may well shrink two hundred times.
_SMALL_GROWN = 100 * 1024 * 1024


@dataclass(frozen=True)
class _Entry:
    name: str
    compressed: int
    declared: int
    encrypted: bool
    offset: int


def zip_suspicions(content: bytes, limits: Limits, executables: tuple[str, ...]) -> tuple[str, ...]:
    """Codes for what the central directory shows: bomb, programs, macros, archives inside."""
    directory = _directory(content)
    if directory is None:
        return ("broken_archive",)
    entries: list[_Entry] = []
    for entry in _entries(content, *directory):
        entries.append(entry)
        if len(entries) > limits.archive_entries:
            return ("archive_too_many_files",)
    if not entries:
        return () if directory[1] == directory[0] else ("broken_archive",)
    names = [entry.name for entry in entries]
    found = {
        "zip_bomb": _is_bomb(entries, len(content), limits),
        "encrypted_archive": any(entry.encrypted for entry in entries),
        "executable_inside": any(name.endswith(executables) for name in names),
        "macros": any(name.endswith("vbaproject.bin") for name in names),
        "nested_archive": any(name.endswith(ARCHIVES) for name in names),
    }
    return tuple(code for code, present in found.items() if present)


def gzip_suspicions(content: bytes, limits: Limits) -> tuple[str, ...]:
    """By the size that gzip writes in its last four bytes (modulo 4 GiB)."""
    if len(content) < 18:
        return ("broken_archive",)
    (declared,) = struct.unpack("<I", content[-4:])
    grown = declared > len(content) * limits.archive_ratio and declared > _SMALL_GROWN
    return ("zip_bomb",) if grown or declared > limits.archive_bytes else ()


def _is_bomb(entries: list[_Entry], size: int, limits: Limits) -> bool:
    declared = sum(entry.declared for entry in entries)
    if declared > limits.archive_bytes:
        return True
    if declared > _SMALL_GROWN and declared > size * limits.archive_ratio:
        return True
    # Entries that share their data weigh more than the file that holds them.
    overlapping = sum(entry.compressed for entry in entries) > size
    return overlapping or len({entry.offset for entry in entries}) < len(entries)


def _directory(content: bytes) -> tuple[int, int] | None:
    """Where the central directory begins and ends."""
    at = content.rfind(_END, max(0, len(content) - _END_SEARCHED))
    if at < 0 or at + _END_SIZE > len(content):
        return None
    size, offset = struct.unpack_from("<II", content, at + 12)
    if _ZIP64 in {offset, size}:
        start = content.find(_ENTRY)
        return (start, at) if start >= 0 else None
    # Bytes before the archive (self-extractors) shift every offset.
    start = at - size
    return (start, at) if start >= 0 else None


def _entries(content: bytes, start: int, end: int) -> Iterator[_Entry]:
    at = start
    while at + _ENTRY_SIZE <= end and content[at : at + 4] == _ENTRY:
        flags = struct.unpack_from("<H", content, at + 8)[0]
        compressed, declared, name, extra, comment = struct.unpack_from("<IIHHH", content, at + 20)
        yield _Entry(
            name=content[at + _ENTRY_SIZE : at + _ENTRY_SIZE + name].decode("latin-1").lower(),
            compressed=compressed if compressed != _ZIP64 else 0,
            declared=declared,
            encrypted=bool(flags & 1),
            offset=struct.unpack_from("<I", content, at + 42)[0],
        )
        at += _ENTRY_SIZE + name + extra + comment
