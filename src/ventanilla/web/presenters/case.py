"""A case as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ventanilla.crm.models import ContactPoint, Interaction
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.rules.statuses import Status
from ventanilla.web.addresses import address

from .moments import Moment, moment
from .people import called
from .promises import nearest
from .queue import NO_SUBJECT, case_sign
from .signs import Sign
from .stream import VIA

STATUS_TONES = {
    Status.REGISTERED: ("accent", "inbox-arrow-down"),
    Status.ASSESSED: ("accent", "clipboard-document-check"),
    Status.IN_PROGRESS: ("accent", "play"),
    Status.WAITING_CUSTOMER: ("paused", "pause"),
    Status.WAITING_AREA: ("paused", "pause"),
    Status.WAITING_AUTHORIZATION: ("paused", "pause"),
    Status.RESOLVED: ("kept", "check"),
    Status.CLOSED: ("plain", "archive-box"),
    Status.WITHDRAWN: ("plain", "no-symbol"),
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status with its sign."""

    name: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """The head of a case."""

    url: str
    folio: str
    subject: str
    person: str
    status: StatusView
    due: Sign | None
    emergency: bool
    complex: bool
    ledger_url: str
    entries: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a person's history."""

    at: Moment
    words: str
    folio: str
    url: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a person."""

    kind: str
    value: str
    bounced: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who is served."""

    name: str
    organization: str
    addresses: tuple[Address, ...]
    history: tuple[HistoryLine, ...]


def status_view(status: str, pack: Pack) -> StatusView:
    """The pack's word for a status, with tone and icon."""
    tone, icon = STATUS_TONES[Status(status)]
    return StatusView(pack.statuses.label(status), tone, icon)


def case_view(case: Case, promises: Sequence[Commitment], pack: Pack, as_of: datetime) -> CaseView:
    """The head of the page."""
    here = address("case", case.folio)
    return CaseView(
        url=here,
        folio=case.folio,
        subject=case.subject or NO_SUBJECT,
        person=called(case),
        status=status_view(case.status, pack),
        due=case_sign(case, nearest(promises), pack, as_of) if promises else None,
        emergency=case.emergency,
        complex=case.complex_since is not None,
        ledger_url=address("case-ledger", case.folio),
        entries=case.ledger_seq,
    )


def case_facts(case: Case, pack: Pack, as_of: datetime) -> Iterator[Fact]:
    """The properties, in the words of the pack."""
    zone = pack.calendar.zone
    yield Fact(_("Mesa"), pack.desk(case.desk).name)
    yield Fact(_("Categoría"), pack.category(case.category).name)
    yield Fact(_("Prioridad"), pack.priority(case.priority).name)
    yield Fact(_("Responsable"), str(case.assignee) if case.assignee else _("nadie todavía"))
    if case.committed_at:
        yield Fact(_("Fecha comprometida"), moment(case.committed_at, zone, as_of).short)
    via = VIA.get(case.channel, case.channel)
    yield Fact(_("Llegó"), f"{moment(case.received_at, zone, as_of).short}, {via}")
    if case.complex_since:
        yield Fact(_("Complejo"), case.complex_reason or _("sí"))
    if case.reopened_count:
        yield Fact(_("Reaperturas"), str(case.reopened_count))
    yield Fact(_("Política"), policy_words(pack))


def policy_words(pack: Pack) -> str:
    """Name and version of a policy."""
    return _("%(name)s, versión %(number)s") % {"name": pack.name, "number": pack.version}


def person_view(
    case: Case,
    addresses: Iterable[ContactPoint],
    history: Iterable[Interaction],
    pack: Pack,
    as_of: datetime,
) -> PersonView:
    """Who is served, how to reach them, and what passed before."""
    zone = pack.calendar.zone
    person = case.person
    kinds = dict(ContactPoint.Kind.choices)
    return PersonView(
        name=called(case),
        organization=str(person.organization) if person.organization else "",
        addresses=tuple(
            Address(str(kinds[each.kind]), each.value, each.bounced_at is not None)
            for each in addresses
        ),
        history=tuple(
            HistoryLine(
                moment(each.at, zone, as_of),
                each.summary,
                each.folio,
                address("case", each.folio) if each.folio else "",
            )
            for each in history
        ),
    )
