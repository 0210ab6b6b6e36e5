"""Every read of the official record that is more than one line."""

from ventanilla.register.queries.finding import (
    case_by_folio,
    case_by_id,
    commitments,
    current,
    family,
    find_by_message_ids,
    last_sent_message,
    may_write,
)
from ventanilla.register.queries.queueing import View, key_of, queue
from ventanilla.register.queries.searching import search
from ventanilla.register.queries.showing import (
    entries,
    last_words,
    message_of,
    messages,
    open_promises,
    remarks,
    seq_of,
)
from ventanilla.register.queries.telling import Moment, sentences, timeline

__all__ = [
    "Moment",
    "View",
    "case_by_folio",
    "case_by_id",
    "commitments",
    "current",
    "entries",
    "family",
    "find_by_message_ids",
    "key_of",
    "last_sent_message",
    "last_words",
    "may_write",
    "message_of",
    "messages",
    "open_promises",
    "queue",
    "remarks",
    "search",
    "sentences",
    "seq_of",
    "timeline",
]
