"""The timeline of a case: what was said and what happened, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import ActorKind
from ventanilla.core.statements import read
from ventanilla.register.entries.base import Telling, UnknownKind, read_entry
from ventanilla.register.entries.conversation import MessageEntry
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message
from ventanilla.register.policies import promises_of
from ventanilla.register.promised import told_of
from ventanilla.register.queries.finding import family
from ventanilla.register.queries.showing import named_staff

PAGE = 200
# Without the HTML and the search words of a message, which may be megabytes.
SAYING = """
    SELECT m.id, m.case_id, m.ledger_seq, m.direction, m.channel, m.automatic, m.outsider,
           m.author_staff_id, m.author_name, m.author_address, m.at, m.text, m.segments,
           m.html <> '' AS laid_out, s.full_name AS staff_name, s.email AS staff_email
      FROM register_message m
      LEFT JOIN accounts_staff s ON s.id = m.author_staff_id
     WHERE m.case_id = ANY(%s::bigint[])
     ORDER BY m.at DESC, m.id DESC LIMIT %s
"""
TELLING = """
    SELECT e.id, e.case_id, e.seq, e.kind, e.at, e.actor_kind, e.actor_id, e.channel, e.payload,
           r.text AS remark, s.full_name AS staff_name, s.email AS staff_email
      FROM register_ledgerentry e
      LEFT JOIN accounts_staff s ON s.id = e.actor_id AND e.actor_kind = 'staff'
      LEFT JOIN register_remark r ON r.case_id = e.case_id AND r.seq = e.seq
     WHERE e.case_id = ANY(%s::bigint[]) AND e.kind <> ALL(%s::text[])
     ORDER BY e.at DESC, e.id DESC LIMIT %s
"""


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
    laid_out: bool = False
    """The message came as HTML too."""


def timeline(case: Case, *, limit: int = PAGE, promises: Iterable[Commitment] = ()) -> list[Moment]:
    """The last things that happened to a case and to those merged into it, oldest first.

    Bounded: ``limit`` messages and ``limit`` entries at most, in two to five statements.
    ``promises`` are those of the case, where they were read already.
    """
    cases = family(case) if getattr(case, "has_merged", True) else [case.pk]
    messages = [_authored(each) for each in read(Message, SAYING, [cases, limit])]
    entries: list[Any] = list(read(LedgerEntry, TELLING, [cases, _message_kinds(), limit]))
    told = [
        Moment(each.at, each.ledger_seq, each.case_id, message=each, laid_out=each.laid_out)
        for each in messages
    ]
    acting = (
        named_staff(each.actor_id, each.staff_name, each.staff_email)
        for each in entries
        if each.staff_email
    )
    known = [case.assignee, *(each.author_staff for each in messages), *acting]
    names = _names(entries, {each.pk: str(each) for each in known if each is not None})
    told += _tell(entries, _Tellings(case, entries, names, promises))
    return sorted(told, key=lambda each: (each.at, each.case_id, each.seq))[-limit:]


def _authored(message: Any) -> Any:
    message.author_staff = named_staff(
        message.author_staff_id, message.staff_name, message.staff_email
    )
    return message


def sentences(case: Case, entries: Sequence[LedgerEntry]) -> dict[int, str]:
    """What entries say in Spanish, by their id."""
    tellings = _Tellings(case, entries, _names(entries, {}))
    return {each.pk: _sentence(each, tellings.of(each.case_id)) for each in entries}


class _Tellings:
    """What the sentences of a case, and of those merged into it, need besides their entries."""

    def __init__(
        self, case: Case, entries: Sequence[Any], names: Mapping[int, str],
        promises: Iterable[Commitment] = (),
    ) -> None:  # fmt: skip
        self.names = names
        self.common = Telling(promises_of(case.policy_version_id).pack, names)
        self._own: dict[int, Telling] = {}
        rows = list(promises)
        wanted = {each.case_id for each in entries if "key" in each.payload}
        if missing := wanted - {each.case_id for each in rows}:
            rows += Commitment.objects.filter(case_id__in=missing)
        for case_id in wanted:
            told = told_of(each for each in rows if each.case_id == case_id)
            self._own[case_id] = replace(self.common, promises=told)

    def of(self, case_id: int) -> Telling:
        """That of one case."""
        return self._own.get(case_id, self.common)


def _tell(entries: Sequence[Any], tellings: _Tellings) -> list[Moment]:
    return [
        Moment(
            each.at, each.seq, each.case_id, entry=each,
            sentence=_sentence(each, tellings.of(each.case_id)),
            remark=each.remark or "", who=_who(each, tellings.names),
        )
        for each in entries
    ]  # fmt: skip


def _sentence(entry: LedgerEntry, telling: Telling) -> str:
    try:
        return read_entry(entry.kind, entry.payload).sentence(telling)
    except UnknownKind:
        return _("Asiento de una versión más nueva: %(kind)s.") % {"kind": entry.kind}


def _who(entry: LedgerEntry, names: Mapping[int, str]) -> str:
    if entry.actor_kind == ActorKind.STAFF and entry.actor_id is not None:
        return names.get(entry.actor_id, "")
    is_system = entry.actor_kind == ActorKind.SYSTEM
    return _("Sistema") if is_system else _("Persona atendida")


def _names(entries: Sequence[Any], known: Mapping[int, str]) -> dict[int, str]:
    """``known`` are names that were read already; only others are asked for."""
    ids = {each.actor_id for each in entries if each.actor_kind == ActorKind.STAFF}
    ids |= {each.payload.get("assignee_id") for each in entries}
    ids |= {pk for each in entries for pk in each.payload.get("staff_ids", ())}
    wanted = [each for each in ids if each is not None and each not in known]
    rows = Staff.objects.filter(pk__in=wanted) if wanted else ()
    return dict(known) | {row.pk: str(row) for row in rows}


def _message_kinds() -> list[str]:
    return [
        each.kind for each in MessageEntry.__subclasses__() if each.kind != "message_taken_over"
    ]
