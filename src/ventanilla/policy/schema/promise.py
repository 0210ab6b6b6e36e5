"""A promise as data: a target on a clock, its reminders and its escalations."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from ventanilla.policy.clock import Basis, Term, Unit

from .base import ClauseId, Key, Part, Whole, Words


class CommitmentKind(StrEnum):
    """What is promised."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ASSESSMENT = "assessment"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    PROGRESS_NOTICE = "progress_notice"
    RESOLUTION = "resolution"
    ANALYSIS = "analysis"
    AFTER_SALES = "after_sales"


class StartEvent(StrEnum):
    """The event whose moment starts the clock."""

    RECEIVED = "received"
    CUSTOMER_MESSAGE = "customer_message"
    MARKED_COMPLEX = "marked_complex"
    LAST_NOTICE = "last_notice"
    ANALYSIS_REQUESTED = "analysis_requested"
    RESOLVED = "resolved"


class MeetEvent(StrEnum):
    """The event whose moment meets the promise."""

    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    SUBSTANTIVE_REPLY = "substantive_reply"
    PROGRESS_NOTICE = "progress_notice"
    RESOLVED = "resolved"
    ANALYSIS_DELIVERED = "analysis_delivered"
    CUSTOMER_CONTACTED = "customer_contacted"


class CaseStatus(StrEnum):
    """The statuses of the life of a case. Reopening is an event, not a status."""

    REGISTERED = "registered"
    ASSESSED = "assessed"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_AREA = "waiting_area"
    WAITING_AUTHORIZATION = "waiting_authorization"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Excuse(StrEnum):
    """What lifts a promise, always with a reason in the record."""

    MARKED_COMPLEX = "marked_complex"
    JUSTIFIED_EXCEPTION = "justified_exception"


class Amount(Part):
    """A bare amount, read on the clock of the target it belongs to."""

    amount: Whole = Field(ge=0, le=1_000_000)
    unit: Unit

    def on(self, basis: Basis) -> Term:
        """The amount as a term on a basis. Raises BadTerm when the unit does not fit it."""
        return Term.of(self.amount, self.unit, basis)


class Target(Part):
    """How much of which time, from which event to which, standing still in which statuses."""

    amount: Whole = Field(ge=0, le=1_000_000)
    unit: Unit
    basis: Basis
    starts: StartEvent
    met_by: MeetEvent
    paused_in: tuple[CaseStatus, ...]

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        _ = self.term  # Raises BadTerm.
        return self

    @property
    def term(self) -> Term:
        """The arithmetic of the target."""
        return Term.of(self.amount, self.unit, self.basis)


class Audience(StrEnum):
    """Who is told about a reminder or an escalation."""

    ASSIGNEE = "assignee"
    DESK = "desk"
    LEAD = "lead"
    DIRECTOR = "director"


class Reminder(Part):
    """A notice before the due moment, measured back on the same clock."""

    before: Amount
    to: tuple[Audience, ...] = Field(min_length=1)


class Escalation(Part):
    """A notice at the due moment (amount 0) or after it, measured on the same clock."""

    after: Amount
    to: tuple[Audience, ...] = Field(min_length=1)


class Commitment(Part):
    """One promise: its kind, the clause it comes from, its target and who is warned when."""

    key: Key
    kind: CommitmentKind
    name: Words
    clause: ClauseId
    target: Target
    repeats: bool = False
    excused_by: tuple[Excuse, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    escalations: tuple[Escalation, ...] = ()

    @model_validator(mode="after")
    def _amounts_fit(self) -> Self:
        for amount in [r.before for r in self.reminders] + [e.after for e in self.escalations]:
            amount.on(self.target.basis)
        return self

    def reminder_terms(self) -> tuple[Term, ...]:
        """When each reminder falls, as a term from the start of the same clock (never below 0)."""
        whole = self.target.term
        return tuple(
            Term(max(whole.quantity - each.before.on(whole.basis).quantity, 0), whole.basis)
            for each in self.reminders
        )

    def escalation_terms(self) -> tuple[Term, ...]:
        """When each escalation falls, as a term from the start of the same clock."""
        whole = self.target.term
        return tuple(
            Term(whole.quantity + each.after.on(whole.basis).quantity, whole.basis)
            for each in self.escalations
        )
