"""The schema of a policy pack, in pydantic: frozen, closed, checked on load."""

from .asking import FieldKind, FormField
from .base import Part
from .calendars import CalendarPart
from .contact import Emergency, MailIdentity, SenderCaps, Surcharge, Template
from .guidelines import Guideline, GuidelineKind, GuidelineSeverity
from .later import AfterSales, Agenda, Authorization, Knowledge, Kpi, Purpose, RefundCause, Survey
from .pack import Company, Modules, Pack, UnknownKey, Vocabulary
from .promise import (
    Amount,
    Audience,
    CaseStatus,
    Commitment,
    CommitmentKind,
    Escalation,
    Excuse,
    MeetEvent,
    Reminder,
    StartEvent,
    Target,
)
from .record import Closing, Complexity, Folio, Reopening, Statuses
from .service import Category, CategoryKind, Clause, Desk, Match, Priority

__all__ = [
    "AfterSales",
    "Agenda",
    "Amount",
    "Audience",
    "Authorization",
    "CalendarPart",
    "CaseStatus",
    "Category",
    "CategoryKind",
    "Clause",
    "Closing",
    "Commitment",
    "CommitmentKind",
    "Company",
    "Complexity",
    "Desk",
    "Emergency",
    "Escalation",
    "Excuse",
    "FieldKind",
    "Folio",
    "FormField",
    "Guideline",
    "GuidelineKind",
    "GuidelineSeverity",
    "Knowledge",
    "Kpi",
    "MailIdentity",
    "Match",
    "MeetEvent",
    "Modules",
    "Pack",
    "Part",
    "Priority",
    "Purpose",
    "RefundCause",
    "Reminder",
    "Reopening",
    "SenderCaps",
    "StartEvent",
    "Statuses",
    "Surcharge",
    "Survey",
    "Target",
    "Template",
    "UnknownKey",
    "Vocabulary",
]
