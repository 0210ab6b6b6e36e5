"""Business clocks on their own: no Django, no database. Start at :class:`BusinessCalendar`."""

from .account import Account, DayAccount, Reason
from .arithmetic import DayCounting
from .calendar import BusinessCalendar
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
    "Account",
    "BadHours",
    "BadTerm",
    "Basis",
    "BusinessCalendar",
    "Closure",
    "DayAccount",
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
    "Reason",
    "ReversedInterval",
    "SpecialDay",
    "Term",
    "Unit",
    "UnknownCountry",
    "UnknownZone",
]
