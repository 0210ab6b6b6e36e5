"""The timeline of a case: what was said and what happened, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import ActorKind
from ventanilla.register.entries.base import Telling, UnknownKind, read_entry
from ventanilla.register.entries.conversation import MessageEntry
from ventanilla.register.models import Case, LedgerEntry, Message, Remark
from ventanilla.register.policies import promises_of
from ventanilla.register.queries.finding import family

PAGE = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: a message, or an entry with its sentence and its remark."""

    at: datetime
    seq: int
    case_id: int
    message: Message | None = None
    entry: LedgerEntry | None = None
    sentence: str = ""
    remark: str = ""
    who: str = ""


def timeline(case: Case, *, limit: int = PAGE) -> list[Moment]:
    """The last things that happened to a case and to those merged into it, oldest first.

    Bounded: ``limit`` messages and ``limit`` entries at most, in five statements.
    """
    cases = family(case)
    messages = list(
        Message.objects.filter(case__in=cases).select_related("author_staff", "author_person")
        .order_by("-at", "-id")[:limit]
    )  # fmt: skip
    entries = list(
        LedgerEntry.objects.filter(case__in=cases).exclude(kind__in=_message_kinds())
        .order_by("-at", "-id")[:limit]
    )  # fmt: skip
    told = [Moment(each.at, each.ledger_seq, each.case_id, message=each) for each in messages]
    told += _tell(case, entries)
    return sorted(told, key=lambda each: (each.at, each.case_id, each.seq))[-limit:]


def sentences(case: Case, entries: Sequence[LedgerEntry]) -> dict[int, str]:
    """What entries say in Spanish, by their id."""
    return {each.entry.pk: each.sentence for each in _tell(case, entries) if each.entry}


def _tell(case: Case, entries: Sequence[LedgerEntry]) -> list[Moment]:
    names = _names(entries)
    telling = Telling(promises_of(case.policy_version_id).pack, names)
    remarks = {
        (each.case_id, each.seq): each.text
        for each in Remark.objects.filter(case__in={entry.case_id for entry in entries})
    }
    return [
        Moment(
            each.at, each.seq, each.case_id, entry=each, sentence=_sentence(each, telling),
            remark=remarks.get((each.case_id, each.seq), ""), who=_who(each, names),
        )
        for each in entries
    ]  # fmt: skip


def _sentence(entry: LedgerEntry, telling: Telling) -> str:
    try:
        return read_entry(entry.kind, entry.payload).sentence(telling)
    except UnknownKind:
        return f"Asiento de una versión más nueva: {entry.kind}."


def _who(entry: LedgerEntry, names: dict[int, str]) -> str:
    if entry.actor_kind == ActorKind.STAFF and entry.actor_id is not None:
        return names.get(entry.actor_id, "")
    return "Sistema" if entry.actor_kind == ActorKind.SYSTEM else "Persona atendida"


def _names(entries: Sequence[LedgerEntry]) -> dict[int, str]:
    ids = {each.actor_id for each in entries if each.actor_kind == ActorKind.STAFF}
    ids |= {each.payload.get("assignee_id") for each in entries}
    rows = Staff.objects.filter(pk__in=[each for each in ids if each is not None])
    return {row.pk: str(row) for row in rows}


def _message_kinds() -> list[str]:
    return [
        each.kind for each in MessageEntry.__subclasses__() if each.kind != "message_taken_over"
    ]
