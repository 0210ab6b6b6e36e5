"""Which case a mail belongs to, if any, and on what evidence.

Evidence in order of strength: one of our own signed marks, then a Message-ID of the case, then a
folio in the subject. The last two prove nothing by themselves, so they count only when the sender
is on the case; from anybody else they are remembered as a mention and open no door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ventanilla.desk import marks
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case


class Evidence(StrEnum):
    """What led a mail to its case."""

    MARK = "mark"
    REFERENCES = "references"
    FOLIO = "folio"


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a mail goes. ``case`` None: nowhere, it is new.

    ``outsider``: it carries our signed mark, but the sender is not on the case.
    ``mentioned`` is the folio of a case that the sender named without being on it.
    ``unproven``: it would go to the case, but the sender's domain says that it is forged.
    """

    case: Case | None = None
    evidence: Evidence | None = None
    outsider: bool = False
    mentioned: str = ""
    unproven: bool = False


def route(arrival: Arrival) -> Route:
    """Find the case of a mail. Merged cases lead on to the one they were merged into."""
    by_mark = case_of_mark(arrival)
    if by_mark is not None:
        known = _is_on(by_mark, arrival)
        return _weigh(arrival, by_mark, Evidence.MARK, outsider=not known)
    mentioned = ""
    for case, evidence in _unsigned(arrival):
        if _is_on(case, arrival):
            return _weigh(arrival, case, evidence, outsider=False)
        mentioned = mentioned or case.folio
    return Route(mentioned=mentioned)


def case_of_mark(arrival: Arrival) -> Case | None:
    """The case named by a reply address or a Message-ID that we signed ourselves."""
    tokens, ids = marks.reply_tokens(), marks.message_ids()
    written = [tokens.read(each) for each in arrival.recipients]
    written += [ids.read(each) for each in reversed(threaded(arrival))]
    for reference in written:
        case_id = marks.case_id_of(reference)
        case = Case.objects.filter(pk=case_id).first() if case_id is not None else None
        if case is not None:
            return queries.current(case)
    return None


def threaded(arrival: Arrival) -> tuple[str, ...]:
    """The Message-IDs it answers, the nearest last."""
    mail = arrival.mail
    nearest = (mail.in_reply_to,) if mail.in_reply_to else ()
    return tuple(dict.fromkeys((*mail.references, *nearest)))


def _unsigned(arrival: Arrival) -> Iterator[tuple[Case, Evidence]]:
    answered = threaded(arrival)
    case = queries.find_by_message_ids(answered) if answered else None
    if case is not None:
        yield case, Evidence.REFERENCES
    for written in folios.find_in(arrival.mail.subject, arrival.pack):
        case = queries.case_by_folio(written)
        if case is not None:
            yield case, Evidence.FOLIO


def _is_on(case: Case, arrival: Arrival) -> bool:
    """Whether the sender takes part in the case, or in one that was merged into it."""
    return arrival.sender is not None and queries.may_write(case, arrival.sender.email)


def _weigh(arrival: Arrival, case: Case, evidence: Evidence, *, outsider: bool) -> Route:
    """A mail that its own domain disowns never attaches by itself: a person decides."""
    unproven = arrival.is_disowned and not arrival.trusted
    return Route(
        case=queries.current(case), evidence=evidence, outsider=outsider, unproven=unproven
    )
