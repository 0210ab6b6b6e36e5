"""One class per kind of ledger entry: payload, effect, sentence, and what erasing means."""

from ventanilla.register.entries import conversation, facts, progress, registration, structure
from ventanilla.register.entries.base import (
    Entry,
    ScrubUndecided,
    Telling,
    Trace,
    UnknownKind,
    read_entry,
)

__all__ = [
    "Entry",
    "ScrubUndecided",
    "Telling",
    "Trace",
    "UnknownKind",
    "conversation",
    "facts",
    "progress",
    "read_entry",
    "registration",
    "structure",
]
