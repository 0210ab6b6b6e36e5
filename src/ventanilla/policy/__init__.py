"""The written promise as data, and its clock arithmetic. No Django, no database.

The clocks load at once; packs, which need pydantic, load when first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .clock import (
    Account,
    BadBreak,
    BadDate,
    BadHours,
    BadTerm,
    BadWeekday,
    Basis,
    BusinessCalendar,
    Closure,
    DayAccount,
    DayCounting,
    DayKind,
    DayPlan,
    Interval,
    InvalidCalendar,
    MomentOutOfRange,
    NaiveMoment,
    NegativeTerm,
    NeverDue,
    Opening,
    PolicyError,
    Reason,
    ReversedInterval,
    SpecialDay,
    Term,
    Unit,
    UnknownCountry,
    UnknownZone,
)

if TYPE_CHECKING:
    from .packs import PackInvalid, PackNotFound, available, load, loads
    from .schema import Pack

_LAZY = {
    "Pack": "schema",
    "PackInvalid": "packs",
    "PackNotFound": "packs",
    "available": "packs",
    "load": "packs",
    "loads": "packs",
}

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
    "Pack",
    "PackInvalid",
    "PackNotFound",
    "PolicyError",
    "Reason",
    "ReversedInterval",
    "SpecialDay",
    "Term",
    "Unit",
    "UnknownCountry",
    "UnknownZone",
    "available",
    "load",
    "loads",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _LAZY:
        raise AttributeError(name)
    return getattr(import_module(f".{_LAZY[name]}", __name__), name)
