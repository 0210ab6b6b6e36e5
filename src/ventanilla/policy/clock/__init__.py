"""Business clocks on their own: no Django, no database. Start at :class:`BusinessCalendar`."""

from .calendar import BusinessCalendar, DayCounting
from .national import UnknownCountry
from .opening import BadHours, Closure, Opening, SpecialDay
from .schedule import DayKind, DayPlan, InvalidCalendar
from .span import NeverDue
from .values import (
    BadTerm,
    Basis,
    Interval,
    NaiveMoment,
    NegativeTerm,
    PolicyError,
    ReversedInterval,
    Term,
    Unit,
)
from .zone import MomentOutOfRange, UnknownZone

__all__ = [
    "BadHours",
    "BadTerm",
    "Basis",
    "BusinessCalendar",
    "Closure",
    "DayCounting",
    "DayKind",
    "DayPlan",
    "Interval",
    "InvalidCalendar",
    "MomentOutOfRange",
    "NaiveMoment",
    "NegativeTerm",
    "NeverDue",
    "Opening",
    "PolicyError",
    "ReversedInterval",
    "SpecialDay",
    "Term",
    "Unit",
    "UnknownCountry",
    "UnknownZone",
]
