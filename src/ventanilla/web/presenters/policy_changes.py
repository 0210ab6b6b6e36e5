"""Versions of the policy, and what differs between two of them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.policy.comparing import GENERAL, Change, Detail, Kind
from ventanilla.policy.lint import Finding, Severity
from ventanilla.register.models import PolicyVersion
from ventanilla.web.addresses import address

from .moments import Moment, moment
from .policy import RULES
from .signs import Sign

SECTIONS = {
    GENERAL: gettext_lazy("datos generales"),
    "clauses": gettext_lazy("cláusulas"),
    "company": gettext_lazy("empresa"),
    "modules": gettext_lazy("nombres de los sistemas"),
    "portal": gettext_lazy("portal"),
    "vocabulary": gettext_lazy("vocabulario"),
}
PLACES = {
    "acknowledgement": gettext_lazy("acuse"),
    "addresses": gettext_lazy("direcciones"),
    "clause": gettext_lazy("cláusula"),
    "closures": gettext_lazy("cierres"),
    "commitments": gettext_lazy("compromisos"),
    "decided": gettext_lazy("nuestra decisión"),
    "default_category": gettext_lazy("categoría por defecto"),
    "desk": gettext_lazy("mesa"),
    "effective_from": gettext_lazy("vigencia escrita"),
    "escalations": gettext_lazy("escalamiento"),
    "excused_by": gettext_lazy("excepciones"),
    "holidays": gettext_lazy("festivos"),
    "match": gettext_lazy("palabras"),
    "name": gettext_lazy("nombre"),
    "paused_in": gettext_lazy("se detiene en"),
    "priority": gettext_lazy("prioridad"),
    "reminders": gettext_lazy("recordatorio"),
    "subject": gettext_lazy("asunto"),
    "target": gettext_lazy("plazo"),
    "term": gettext_lazy("duración"),
    "text": gettext_lazy("texto"),
    "title": gettext_lazy("título"),
    "to": gettext_lazy("a quién"),
    "version": gettext_lazy("versión escrita"),
    "weekly": gettext_lazy("horario"),
}
KINDS = {
    Kind.ADDED: ("kept", "plus", gettext_lazy("nuevo")),
    Kind.REMOVED: ("broken", "minus", gettext_lazy("se quita")),
    Kind.CHANGED: ("near", "pencil-square", gettext_lazy("cambia")),
}
GRAVE = {
    Severity.ERROR: ("broken", "x-circle", gettext_lazy("error")),
    Severity.WARNING: ("near", "exclamation-triangle", gettext_lazy("advertencia")),
    Severity.NOTE: ("plain", "information-circle", gettext_lazy("decisión nuestra")),
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version."""

    number: int
    url: str
    since: Moment
    published: Moment
    by: str
    digest: str
    state: Sign
    is_newest: bool


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One value that differs."""

    place: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One part that differs."""

    title: str
    sign: Sign
    details: tuple[DetailRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one section."""

    name: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of the linter."""

    sign: Sign
    place: str
    message: str
    remedy: str


def version_rows(
    versions: Iterable[PolicyVersion], zone: tzinfo, as_of: datetime, *, in_force: int
) -> list[VersionRow]:
    """The versions in the order given; ``in_force`` is the number of the one that promises now."""
    rows = list(versions)
    newest = max((each.number for each in rows), default=0)
    return [
        VersionRow(
            number=each.number,
            url=address("policy-version", each.number),
            since=moment(each.effective_from, zone, as_of),
            published=moment(each.published_at, zone, as_of),
            by=str(each.published_by) if each.published_by else _("el sistema"),
            digest=each.digest[:12],
            state=_state(each, as_of, in_force),
            is_newest=each.number == newest,
        )
        for each in rows
    ]


def _state(version: PolicyVersion, as_of: datetime, in_force: int) -> Sign:
    if version.number == in_force:
        return Sign("kept", "check", _("en vigor"))
    if version.effective_from > as_of:
        return Sign("near", "clock", _("por empezar"))
    return Sign("plain", "archive-box", _("anterior"))


def change_groups(changes: Iterable[Change]) -> list[ChangeGroup]:
    """What differs, section by section."""
    return [
        ChangeGroup(section_words(section), tuple(map(_change_row, rows)))
        for section, rows in groupby(changes, key=lambda change: change.section)
    ]


def section_words(section: str) -> str:
    """What a section is called in front of people; an unknown one as it is written."""
    known = SECTIONS.get(section) or RULES.get(section)
    return str(known) if known else section


def _change_row(change: Change) -> ChangeRow:
    tone, icon, words = KINDS[change.kind]
    rows = tuple(_detail_row(each) for each in change.details)
    return ChangeRow(change.title, Sign(tone, icon, str(words)), rows)


def _detail_row(detail: Detail) -> DetailRow:
    place = " › ".join(str(PLACES.get(step, step)) for step in detail.path)
    return DetailRow(place, detail.before, detail.after)


def finding_rows(findings: Iterable[Finding]) -> list[FindingRow]:
    """What the linter says, errors first."""
    order = list(GRAVE)
    ordered = sorted(findings, key=lambda each: order.index(each.severity))
    return [
        FindingRow(
            Sign(*GRAVE[each.severity][:2], str(GRAVE[each.severity][2])),
            each.path,
            each.message,
            each.remedy,
        )
        for each in ordered
    ]
