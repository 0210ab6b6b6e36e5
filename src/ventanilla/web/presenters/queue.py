"""A case as a row of two lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.queries import Standing
from ventanilla.register.rules.statuses import WAITING, Status
from ventanilla.web.addresses import address
from ventanilla.web.markup import filled

from .masking import masked
from .moments import moment, short_day
from .promises import sign_of
from .signs import PLAIN, Sign, paused_sign

NO_SUBJECT = "(sin asunto)"


ROW = (
    '<li class="row {}"><div class="row-top"><a class="row-title" href="{}"><bdi>{}</bdi></a>{}</div>'
    '<div class="row-low"><span class="row-text"><b><bdi>{}</bdi></b>{}</span>'
    '<span class="row-facts"><span class="wide">{}</span>{}<span class="mono">{}</span></span>'
    "</div></li>"
)
"""Formatted here and not by the template engine, which takes six times as long for thirty rows."""
EXCERPT = " · <bdi>{}</bdi>"
ASSIGNEE = '<span class="wide">{}</span>'


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

    @property
    def html(self) -> SafeString:
        """The row."""
        return filled(
            ROW,
            self.due.tone,
            self.url,
            self.subject,
            self.due.html,
            self.person,
            filled(EXCERPT, self.excerpt) if self.excerpt else "",
            self.status,
            filled(ASSIGNEE, self.assignee) if self.assignee else "",
            self.folio,
        )


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was read about the cases of one page."""

    standings: Mapping[int, Standing]
    pack_of: Callable[[Case], Pack]
    as_of: datetime


def queue_rows(cases: Iterable[Case], facts: RowFacts) -> list[QueueRow]:
    """The rows in the order of the cases."""
    return [_row(case, facts) for case in cases]


def _row(case: Case, facts: RowFacts) -> QueueRow:
    pack = facts.pack_of(case)
    stands = facts.standings[case.pk]
    return QueueRow(
        url=address("case", case.folio),
        subject=case.subject or NO_SUBJECT,
        person=str(case.person),
        excerpt=masked(" ".join(stands.excerpt.split())),
        folio=case.folio,
        status=pack.statuses.label(case.status),
        assignee=str(case.assignee) if case.assignee else "",
        due=case_sign(case, stands.promise, pack, facts.as_of),
    )


def case_sign(case: Case, nearest: Commitment | None, pack: Pack, as_of: datetime) -> Sign:
    """What matters next about a case: its next due moment, or why there is none."""
    if nearest is not None:
        return sign_of(nearest, pack, as_of)
    ended = case.closed_at or case.resolved_at
    if ended is not None:
        told = moment(ended, pack.calendar.zone, as_of)
        name = pack.statuses.label(case.status)
        day = short_day(ended, pack.calendar.zone, as_of)
        return Sign("plain", "check-circle", f"{name.lower()} {day}", told.iso, told.full)
    if Status(case.status) in WAITING:
        return paused_sign(pack.statuses.label(case.status))
    return PLAIN
