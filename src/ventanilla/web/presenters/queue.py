"""A case as a row of two lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.rules.statuses import WAITING, Status

from .masking import masked
from .moments import moment, short_day
from .promises import is_open, nearest_sign
from .signs import PLAIN, Sign, paused_sign

NO_SUBJECT = "(sin asunto)"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What a row says."""

    url: str
    subject: str
    person: str
    excerpt: str
    folio: str
    status: str
    assignee: str
    due: Sign


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was read about the cases of one page, each in one query."""

    promises: Mapping[int, Sequence[Commitment]]
    excerpts: Mapping[int, str]
    pack_of: Callable[[Case], Pack]
    as_of: datetime


def queue_rows(cases: Iterable[Case], facts: RowFacts) -> list[QueueRow]:
    """The rows in the order of the cases."""
    return [_row(case, facts) for case in cases]


def _row(case: Case, facts: RowFacts) -> QueueRow:
    pack = facts.pack_of(case)
    return QueueRow(
        url=reverse("case", args=[case.folio]),
        subject=case.subject or NO_SUBJECT,
        person=str(case.person),
        excerpt=masked(" ".join(facts.excerpts.get(case.pk, "").split())),
        folio=case.folio,
        status=pack.statuses.label(case.status),
        assignee=str(case.assignee) if case.assignee else "",
        due=case_sign(case, facts.promises.get(case.pk, ()), pack, facts.as_of),
    )


def case_sign(case: Case, promises: Sequence[Commitment], pack: Pack, as_of: datetime) -> Sign:
    """What matters next about a case: its next due moment, or why there is none."""
    ended = case.closed_at or case.resolved_at
    if ended is not None and not any(is_open(each) for each in promises):
        told = moment(ended, pack.calendar.zone, as_of)
        name = pack.statuses.label(case.status)
        day = short_day(ended, pack.calendar.zone, as_of)
        return Sign("plain", "check-circle", f"{name.lower()} {day}", told.iso, told.full)
    sign = nearest_sign(promises, pack, as_of)
    if sign is PLAIN and Status(case.status) in WAITING:
        return paused_sign(pack.statuses.label(case.status))
    return sign
