"""Every read of the official record that is more than one line."""

from ventanilla.register.queries.filtering import ANY, Filters
from ventanilla.register.queries.finding import (
    case_by_folio,
    case_by_id,
    commitments,
    current,
    family,
    find_by_message_ids,
    last_sent_message,
    may_write,
    origins,
)
from ventanilla.register.queries.queueing import Key, View, among, key_of, queue
from ventanilla.register.queries.searching import search
from ventanilla.register.queries.showing import (
    Standing,
    entries,
    message_of,
    messages,
    remarks,
    shown_case,
    standings,
)
from ventanilla.register.queries.telling import Moment, sentences, timeline

__all__ = [
    "ANY",
    "Filters",
    "Key",
    "Moment",
    "Standing",
    "View",
    "among",
    "case_by_folio",
    "case_by_id",
    "commitments",
    "current",
    "entries",
    "family",
    "find_by_message_ids",
    "key_of",
    "last_sent_message",
    "may_write",
    "message_of",
    "messages",
    "origins",
    "queue",
    "remarks",
    "search",
    "sentences",
    "shown_case",
    "standings",
    "timeline",
]
