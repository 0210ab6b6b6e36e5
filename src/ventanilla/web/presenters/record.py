"""The record in words: all of it as a table, the telling entries between the messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from ventanilla.core.actors import ActorKind
from ventanilla.core.words import screen
from ventanilla.register.models import LedgerEntry
from ventanilla.register.queries import Moment as Told

from .moments import Moment, moment
from .stream import VIA, EventView, MessageView, StreamFacts, message_view

UNTOLD = frozenset(
    {"articles_used", "evidence_added", "delivery_succeeded", "customer_notified", "case_consulted"}
)
"""Kinds that a conversation shows otherwise: as a file, as a state of delivery, as a message."""
ICONS = {
    "case_registered": "inbox-arrow-down",
    "acknowledgement_queued": "envelope",
    "case_assessed": "clipboard-document-check",
    "case_assigned": "user-plus",
    "category_changed": "tag",
    "priority_changed": "flag",
    "date_committed": "calendar-days",
    "complexity_marked": "puzzle-piece",
    "progress_noticed": "megaphone",
    "wait_began": "pause",
    "wait_ended": "play",
    "work_started": "play",
    "case_resolved": "check",
    "case_closed": "archive-box",
    "case_reopened": "arrow-uturn-left",
    "case_withdrawn": "no-symbol",
    "case_merged": "link",
    "case_unmerged": "link-slash",
    "case_absorbed": "link",
    "case_split": "scissors",
    "alert_fired": "bell-alert",
    "alert_sent": "bell-alert",
    "delivery_failed": "exclamation-triangle",
    "bounce_received": "exclamation-triangle",
    "stranger_refused": "shield-exclamation",
}
SAID_IN_A_MESSAGE = frozenset({"case_resolved", "progress_noticed"})
"""Kinds whose words the person got as a message, which stands beside them."""
PLAIN_ICON = "minus"
ACTORS = {
    ActorKind.PERSON.value: screen("la persona"),
    ActorKind.SYSTEM.value: screen("el sistema"),
}


@dataclass(frozen=True, slots=True)
class EntryView:
    """One row of the record."""

    seq: int
    at: Moment
    sentence: str
    who: str
    channel: str
    digest: str
    short_digest: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What was read besides the entries."""

    sentences: Mapping[int, str]
    remarks: Mapping[int, str]
    names: Mapping[int, str]
    zone: tzinfo
    as_of: datetime


def entry_views(entries: Iterable[LedgerEntry], facts: RecordFacts) -> Iterator[EntryView]:
    """Every entry of a case."""
    for entry in entries:
        digest = bytes(entry.digest).hex()
        yield EntryView(
            seq=entry.seq,
            at=moment(entry.at, facts.zone, facts.as_of),
            sentence=_with_remark(facts.sentences[entry.pk], facts.remarks.get(entry.seq, "")),
            who=_who(entry, facts.names),
            channel=VIA.get(entry.channel, entry.channel),
            digest=digest,
            short_digest=digest[:12],
        )


def stream_of(told: Iterable[Told], facts: StreamFacts) -> list[MessageView | EventView]:
    """The timeline of the register, as messages and thin lines."""
    found: list[MessageView | EventView] = []
    for each in told:
        if each.message is not None:
            found.append(message_view(each.message, facts, laid_out=each.laid_out))
        elif each.entry is not None and each.entry.kind not in UNTOLD:
            found.append(_event(each, each.entry, facts))
    return found


def _event(told: Told, entry: LedgerEntry, facts: StreamFacts) -> EventView:
    remark = "" if entry.kind in SAID_IN_A_MESSAGE else told.remark
    return EventView(
        icon=ICONS.get(entry.kind, PLAIN_ICON),
        sentence=_with_remark(told.sentence, remark),
        who=told.who if entry.actor_kind == ActorKind.STAFF else "",
        at=moment(told.at, facts.zone, facts.as_of),
    )


def _with_remark(sentence: str, remark: str) -> str:
    return f"{sentence} «{remark}»" if remark else sentence


def _who(entry: LedgerEntry, names: Mapping[int, str]) -> str:
    if entry.actor_kind in ACTORS:
        return ACTORS[entry.actor_kind]
    return names.get(entry.actor_id or 0, _("alguien del equipo"))
