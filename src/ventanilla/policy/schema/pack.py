"""A policy pack: everything a company wrote down about how it serves, as one frozen value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from ventanilla.policy.classify import classify
from ventanilla.policy.clock import BusinessCalendar, PolicyError, Term
from ventanilla.policy.clock.values import micros
from ventanilla.policy.template import fill
from ventanilla.policy.wording import format_moment, format_term

from . import contact, later, record
from .base import Key, Part, Words
from .calendars import CalendarPart, Zone
from .promise import Commitment
from .service import Category, Clause, Desk, Priority

Keyed = TypeVar("Keyed", Category, Desk, Priority, contact.Template)


class UnknownKey(PolicyError, LookupError):
    """La política no tiene ese elemento."""

    def __init__(self, what: str, key: str, known: Iterator[str]) -> None:
        super().__init__(f"{type(self).__doc__} {what} {key!r}; hay: {', '.join(known)}.")


class Company(Part):
    """Who promises."""

    name: Words
    legal_name: Words
    privacy_law: Words


class Modules(Part):
    """The name people see for each of the five systems."""

    register_: Annotated[Words, Field(alias="register")]
    crm: Words
    intranet: Words
    agenda: Words
    evidence: Words


class Vocabulary(Part):
    """The words of the country for the things on screen."""

    case: Words
    folio: Words
    status: Words
    customer: Words
    holiday: Words
    calendar_days: Words
    credit_note: Words
    complaint: Words


class Pack(Part):
    """A policy as data. Every ``key`` is unique within its list; references are checked on load."""

    key: Key
    name: Words
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", max_length=20)]
    effective_from: date
    company: Company
    locale: Annotated[str, Field(pattern="^es-[A-Z]{2}$")]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    zone: Zone
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    vocabulary: Vocabulary
    modules: Modules
    calendars: dict[Key, CalendarPart]
    main_calendar: Key
    clauses: tuple[Clause, ...] = Field(min_length=1)
    channels: tuple[later.Channel, ...] = Field(min_length=1)
    desks: tuple[Desk, ...] = Field(min_length=1)
    priorities: tuple[Priority, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    folio: record.Folio
    statuses: record.Statuses
    assessment: record.Assessment
    reopening: record.Reopening
    closing: record.Closing
    complexity: record.Complexity
    emergency: contact.Emergency | None = None
    mail: contact.MailIdentity
    sender_caps: contact.SenderCaps
    templates: tuple[contact.Template, ...] = Field(min_length=1)
    surveys: tuple[later.Survey, ...] = ()
    improvement: later.Improvement | None = None
    refund_causes: tuple[later.RefundCause, ...] = ()
    authorizations: tuple[later.Authorization, ...] = ()
    privacy_purposes: tuple[later.Purpose, ...] = ()
    kpis: tuple[later.Kpi, ...] = ()
    segments: tuple[later.Segment, ...] = ()
    areas: tuple[later.Area, ...] = ()
    knowledge: later.Knowledge | None = None
    agenda: later.Agenda | None = None
    after_sales: later.AfterSales | None = None
    evidence: later.EvidenceRules | None = None

    @field_validator("main_calendar")
    @classmethod
    def _is_a_calendar(cls, key: str, info: ValidationInfo) -> str:
        known = info.data.get("calendars")
        if known is not None and key not in known:
            raise UnknownKey("Calendario", key, iter(known))
        return key

    # As a document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Pack:
        """The pack of a JSON document. Raises pydantic.ValidationError; packs.load says where."""
        return cls.model_validate(document)

    def to_document(self) -> dict[str, Any]:
        """The pack as JSON values; ``from_document`` gives an equal pack back."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def sha256(self) -> str:
        """SHA-256, in hex, of the canonical JSON document: the identity of this very policy."""
        text = json.dumps(
            self.to_document(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()

    # What it holds

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """The main calendar, built once."""
        return self.calendar_named(self.main_calendar)

    def calendar_named(self, key: str) -> BusinessCalendar:
        """A calendar by key. Raises UnknownKey."""
        if key not in self.calendars:
            raise UnknownKey("Calendario", key, iter(self.calendars))
        return self.calendars[key].build(self.zone)

    def category(self, key: str) -> Category:
        """Raises UnknownKey."""
        return _one(self.categories, key, "Categoría")

    def desk(self, key: str) -> Desk:
        """Raises UnknownKey."""
        return _one(self.desks, key, "Mesa")

    def priority(self, key: str) -> Priority:
        """Raises UnknownKey."""
        return _one(self.priorities, key, "Prioridad")

    def template(self, key: str) -> contact.Template:
        """Raises UnknownKey."""
        return _one(self.templates, key, "Plantilla")

    def clause(self, clause_id: str) -> Clause:
        """Raises UnknownKey."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise UnknownKey("Cláusula", clause_id, (each.id for each in self.clauses))

    def desk_for_address(self, address: str) -> Desk | None:
        """The desk behind an address, without regard to case or to a ``+tag``; None if none."""
        wanted = _mailbox(address)
        for desk in self.desks:
            if any(_mailbox(each) == wanted for each in desk.addresses):
                return desk
        return None

    def commitments(self) -> Iterator[tuple[Category | None, Commitment]]:
        """Every promise with its category; None for those of complex cases."""
        for category in self.categories:
            for commitment in category.commitments:
                yield category, commitment
        yield None, self.complexity.progress_notice

    # What it does

    def classify(self, desk: str, subject: str, body: str) -> str | None:
        """The key of the category a message to a desk belongs to, by the rules of the pack.

        Without a match it is the default of the desk, None where the desk has none.
        Raises UnknownKey for a desk that does not exist.
        """
        default = self.desk(desk).default_category
        here = [each for each in self.categories if each.desk == desk]
        return classify([(each.key, each.match) for each in here], subject, body) or default

    def reopening_window(self, category: str) -> Term:
        """The window of a category, or that of the pack. Raises UnknownKey."""
        return self.category(category).reopening_window or self.reopening.window

    def render(self, template: str, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and text of a template. Raises UnknownKey, UnknownPlaceholder, MissingValue."""
        chosen = self.template(template)
        # A line break in a subject would smuggle in a header.
        one_line = {name: " ".join(str(value).split()) for name, value in values.items()}
        return fill(chosen.subject, one_line), fill(chosen.text, values)

    def format_moment(self, moment: datetime) -> str:
        """«martes 29 de diciembre de 2026, 4:00 p. m.» in the zone of the main calendar.

        Raises NaiveMoment.
        """
        micros(moment)
        return format_moment(moment.astimezone(self.calendar.zone))

    def format_term(self, term: Term) -> str:
        """«12 horas hábiles», «5 días naturales»… in the words of the pack."""
        return format_term(term, calendar_days=self.vocabulary.calendar_days)


def _one(parts: tuple[Keyed, ...], key: str, what: str) -> Keyed:
    for part in parts:
        if part.key == key:
            return part
    raise UnknownKey(what, key, (each.key for each in parts))


def _mailbox(address: str) -> str:
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
