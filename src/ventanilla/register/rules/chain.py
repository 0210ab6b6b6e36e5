"""The hash chain of a case: canonical form, digests, and where a chain begins."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

FORMAT = b"ventanilla ledger 1\n"
"""First bytes under every digest: another form of entry can never be taken for this one."""


class Stamp(NamedTuple):
    """What every entry says besides its payload."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    channel: str


class FloatInLedger(TypeError):
    """A float has no canonical form; write integers or text into a payload."""


def genesis(folio: str) -> bytes:
    """What stands before the first entry: a chain belongs to its folio and fits no other case."""
    return hashlib.sha256(FORMAT + folio.encode()).digest()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8. Raises FloatInLedger."""
    _refuse_floats(value)
    return _dump(value)


def digest(previous: bytes, kind: str, stamp: Stamp, payload: dict[str, Any]) -> bytes:
    """SHA-256 over the previous digest and the canonical form of an entry."""
    content = [
        stamp.seq, kind, moment_text(stamp.at), stamp.actor_kind, stamp.actor_id, stamp.channel,
        payload,
    ]  # fmt: skip
    return hashlib.sha256(FORMAT + previous + _dump(content)).digest()


def moment_text(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: one moment has one text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of_text(*parts: str) -> str:
    """SHA-256 in hex of words that stay outside the chain; each part is framed by its length."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        whole.update(str(len(raw)).encode() + b":" + raw)
    return whole.hexdigest()


_encoder = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def _dump(value: Any) -> bytes:
    return _encoder.encode(value).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise FloatInLedger(FloatInLedger.__doc__)
    if isinstance(value, dict):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)
