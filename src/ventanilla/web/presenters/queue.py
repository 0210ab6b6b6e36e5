"""A case as a row of two lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.queries import Standing
from ventanilla.register.rules.statuses import WAITING, Status
from ventanilla.web.addresses import address
from ventanilla.web.icons import icon
from ventanilla.web.kept import kept_per_language
from ventanilla.web.markup import filled, joined

from .masking import masked
from .moments import moment, short_day
from .promises import sign_of
from .signs import PLAIN, Sign, paused_sign

NO_SUBJECT = screen("(sin asunto)")
SHOWN_EXCERPT = 200
"""Characters; less than is read, so that a code at the edge is masked before it is cut."""

ROW = (
    '<li class="row {}" id="caso-{}" data-seq="{}" data-folio="{}">{}'
    '<div class="row-top"><a class="row-title" href="{}">{}<bdi>{}</bdi></a>{}{}</div>'
    '<div class="row-low"><span class="row-text"><b><bdi>{}</bdi></b>{}</span>'
    '<span class="row-facts"><span class="wide">{}</span>{}<span class="mono">{}</span></span>'
    "</div></li>"
)
"""Formatted here and not by the template engine, which takes six times as long for thirty rows."""
EXCERPT = '<span class="said"> · <bdi>{}</bdi></span>'
ASSIGNEE = '<span class="wide assignee">{}</span>'
PICK = (
    '<label class="pick"><input type="checkbox" form="lote" name="caso" value="{}.{}">'
    '<span class="unseen">{} {}</span></label>'
)
UNREAD = '<span class="unseen">{}: </span>'
EMERGENCY = '<span class="pill broken emergency">{} {}</span>'


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What a row says."""

    case_id: int
    seq: int
    url: str
    subject: str
    person: str
    excerpt: str
    folio: str
    status: str
    assignee: str
    due: Sign
    emergency: bool = False
    unread: bool = False
    picked: bool = False

    @property
    def html(self) -> SafeString:
        """The row."""
        return _drawn(self)


@kept_per_language(256)
def _drawn(row: QueueRow) -> SafeString:
    """The row in a language. The same ones are shown all day long, to everybody at a desk.

    So names, subjects and beginnings of messages of the latest 256 rows stay in the memory of each
    web process. Nothing redacts a person today; what will has to have this forgotten as well.
    """
    return filled(
        ROW,
        f"{row.due.tone} unread" if row.unread else row.due.tone,
        str(row.case_id),
        str(row.seq),
        row.folio,
        filled(PICK, str(row.case_id), str(row.seq), _("Elegir"), row.folio) if row.picked else "",
        row.url,
        filled(UNREAD, _("sin leer")) if row.unread else "",
        row.subject,
        filled(EMERGENCY, icon("fire"), _("Emergencia")) if row.emergency else "",
        row.due.html,
        row.person,
        filled(EXCERPT, row.excerpt) if row.excerpt else "",
        row.status,
        filled(ASSIGNEE, row.assignee) if row.assignee else "",
        row.folio,
    )


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was read about the cases of one page, and whether its rows can be chosen."""

    standings: Mapping[int, Standing]
    pack_of: Callable[[Case], Pack]
    as_of: datetime
    unread: frozenset[int] = frozenset()
    pick: bool = False


def queue_rows(cases: Iterable[Case], facts: RowFacts) -> list[QueueRow]:
    """The rows in the order of the cases."""
    return [row_of(case, facts) for case in cases]


def rows_markup(rows: Iterable[QueueRow]) -> SafeString:
    """The rows one below the other."""
    return joined(row.html for row in rows)


def row_of(case: Case, facts: RowFacts, *, said: str | None = None) -> QueueRow:
    """One row; ``said`` stands in place of how the last message begins."""
    pack = facts.pack_of(case)
    stands = facts.standings[case.pk]
    excerpt = stands.excerpt if said is None else said
    return QueueRow(
        case_id=case.pk,
        seq=case.ledger_seq,
        url=address("case", case.folio),
        subject=case.subject or NO_SUBJECT,
        person=str(case.person),
        excerpt=masked(" ".join(excerpt.split()), case)[:SHOWN_EXCERPT],
        folio=case.folio,
        status=pack.statuses.label(case.status),
        assignee=str(case.assignee) if case.assignee else "",
        due=case_sign(case, stands.promise, pack, facts.as_of),
        emergency=case.emergency,
        unread=case.pk in facts.unread,
        picked=facts.pick,
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
