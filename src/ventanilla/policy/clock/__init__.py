"""Business clocks on their own: no Django, no database. Start at :class:`BusinessCalendar`."""

from .account import Account, DayAccount, Reason
from .arithmetic import DayCounting
from .breaks import BadBreak
from .calendar import BusinessCalendar
from .departures import BadDate, Closure, SpecialDay
from .national import UnknownCountry
from .opening import BadHours, Opening
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
from .week import BadWeekday
from .zone import MomentOutOfRange, UnknownZone

__all__ = [
    "Account",
    "BadBreak",
    "BadDate",
    "BadHours",
    "BadTerm",
    "BadWeekday",
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
