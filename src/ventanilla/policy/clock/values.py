"""The small values every clock speaks in: moments, intervals, bases and terms.

All arithmetic is done in whole microseconds since 1970-01-01 UTC, so no float ever drifts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LONGEST = 10**24
"""Microseconds, or days: more than any calendar knows, and short enough to be printed."""
_SHOWN = 80
_DIGITS = 30


class PolicyError(ValueError):
    """Error de la política."""


class NaiveMoment(PolicyError):
    """Se espera un «datetime» con zona horaria, p. ej. el de 2026-12-04T15:00:00-05:00."""

    def __init__(self, given: object) -> None:
        super().__init__(f"{type(self).__doc__} Se recibió: {given!r}.")


class ReversedInterval(PolicyError):
    """El intervalo termina antes de empezar: revise el orden de los dos momentos."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(f"{type(self).__doc__} Empieza {start} y termina {end}.")


class BadTerm(PolicyError):
    """El plazo no se entiende: escriba una cantidad y una base, p. ej. «12 business_hours»."""

    def __init__(self, given: object, why: str = "") -> None:
        shown = repr(given)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        super().__init__(f"{type(self).__doc__} Se recibió {shown}. {why}".rstrip())


class NegativeTerm(BadTerm):
    """Un plazo no puede ser negativo."""


class Unit(StrEnum):
    """What an amount is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Basis(StrEnum):
    """Which time counts. Sources and edge semantics: docs/clocks.md."""

    ELAPSED = "elapsed"
    BUSINESS_DAY_HOURS = "business_day_hours"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def counts_days(self) -> bool:
        """Whether the clock counts whole days (at their closing time) instead of time."""
        return self in (Basis.BUSINESS_DAYS, Basis.CALENDAR_DAYS)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units a term on this basis may be written in."""
        return (Unit.DAYS,) if self.counts_days else (Unit.MINUTES, Unit.HOURS)


def as_basis(value: Basis | str) -> Basis:
    """A basis, also from its name. Raises BadTerm."""
    try:
        return Basis(value)
    except ValueError:
        raise BadTerm(value, f"Bases: {', '.join(Basis)}.") from None


def micros(moment: datetime) -> int:
    """Whole microseconds from the epoch to an aware moment. Raises NaiveMoment."""
    try:
        since = moment - EPOCH
    except TypeError:
        raise NaiveMoment(moment) from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def moment_at(instant: int) -> datetime:
    """The UTC moment of an instant in microseconds."""
    return EPOCH + timedelta(0, 0, instant)


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time [start, end) between two aware moments.

    Raises NaiveMoment and ReversedInterval. An empty interval (start == end) is allowed: it holds
    nothing, and as a pause it pauses nothing.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if micros(self.end) < micros(self.start):
            raise ReversedInterval(self.start, self.end)

    def __contains__(self, moment: datetime) -> bool:
        return micros(self.start) <= micros(moment) < micros(self.end)

    @property
    def duration(self) -> timedelta:
        """Real elapsed time, also across a change of offset."""
        return timedelta(microseconds=micros(self.end) - micros(self.start))

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share any time; touching ends do not."""
        return micros(self.start) < micros(other.end) and micros(other.start) < micros(self.end)


_WORDS: dict[str, tuple[Basis, Unit]] = {
    "elapsed_hours": (Basis.ELAPSED, Unit.HOURS),
    "elapsed_minutes": (Basis.ELAPSED, Unit.MINUTES),
    "business_day_hours": (Basis.BUSINESS_DAY_HOURS, Unit.HOURS),
    "business_day_minutes": (Basis.BUSINESS_DAY_HOURS, Unit.MINUTES),
    "business_hours": (Basis.BUSINESS_HOURS, Unit.HOURS),
    "business_minutes": (Basis.BUSINESS_HOURS, Unit.MINUTES),
    "business_days": (Basis.BUSINESS_DAYS, Unit.DAYS),
    "calendar_days": (Basis.CALENDAR_DAYS, Unit.DAYS),
}
_WORD_OF = {pair: word for word, pair in _WORDS.items()}
_SIZE = {Unit.MINUTES: MINUTE, Unit.HOURS: HOUR, Unit.DAYS: 1}
_TERM = re.compile(
    r"\s*(?P<amount>[-+]?[0-9]+(?:[.][0-9]+)?)\s+(?P<word>[a-z]+(?:[-_ ]+[a-z]+)*)\s*",
    re.ASCII | re.IGNORECASE,
)
TERM_WORDS = tuple(_WORDS)


@dataclass(frozen=True, slots=True, repr=False)
class Term:
    """How much of which time: the arithmetic half of a target.

    Build one with :meth:`parse` or :meth:`of`. The ``quantity`` it keeps is whole *microseconds*,
    or whole days for the two day clocks; equal terms compare equal whatever unit they were
    written in.
    """

    quantity: int
    basis: Basis

    def __post_init__(self) -> None:
        if self.basis.__class__ is not Basis:
            object.__setattr__(self, "basis", as_basis(self.basis))
        if self.quantity.__class__ is not int:
            raise BadTerm(self.quantity, "Use Term.parse o Term.of.")
        if self.quantity < 0:
            raise NegativeTerm(self.quantity)
        if self.quantity > LONGEST:
            raise BadTerm("un número enorme", "Ningún plazo es tan largo.")

    @classmethod
    def of(
        cls,
        amount: int | float | str | Decimal | Fraction,
        unit: Unit | str,
        basis: Basis | str,
    ) -> Term:
        """Exact conversion; finer than a microsecond is rounded to the nearest one (half to even).

        Raises BadTerm when the unit does not fit the basis, when days are not whole, or when the
        amount is no number; NegativeTerm when it is below zero.
        """
        basis = as_basis(basis)
        if unit not in basis.units:
            allowed = " o ".join(each.value for each in basis.units)
            raise BadTerm(f"{amount} {unit}", f"La base {basis} se cuenta en {allowed}.")
        exact = _exact(amount) * _SIZE[Unit(unit)]
        if exact < 0:
            raise NegativeTerm(amount)
        if basis.counts_days and exact.denominator != 1:
            raise BadTerm(amount, "Los días se cuentan enteros.")
        return cls(round(exact), basis)

    @classmethod
    def parse(cls, words: str) -> Term:
        """Read ``"12 business_hours"``, ``"1.5 elapsed_hours"``, ``"5 business_days"``…

        Also ``"1 business day"`` or ``"90 Business-Minutes"``. A bare ``"12 hours"`` is refused:
        it does not say which hours. Raises BadTerm and NegativeTerm.
        """
        if not isinstance(words, str):
            raise BadTerm(words)
        return _parse(words)

    @property
    def unit(self) -> Unit:
        """The largest unit that writes the amount without a fraction, minutes otherwise."""
        if self.basis.counts_days:
            return Unit.DAYS
        return Unit.MINUTES if self.quantity % HOUR else Unit.HOURS

    @property
    def amount(self) -> Fraction:
        """How many of :attr:`unit`."""
        return Fraction(self.quantity, _SIZE[self.unit])

    @property
    def duration(self) -> timedelta:
        """The counted time of a time clock. Raises BadTerm for clocks that count days."""
        if self.basis.counts_days:
            raise BadTerm(str(self), "Un plazo en días no tiene una duración fija.")
        return timedelta(microseconds=self.quantity)

    def __repr__(self) -> str:
        return f"Term.parse({str(self)!r})"

    def __str__(self) -> str:
        number = self.amount
        shown = str(number) if number.denominator == 1 else f"{float(number):.6f}".rstrip("0")
        return f"{shown} {_WORD_OF[self.basis, self.unit]}"


def _exact(amount: int | float | str | Decimal | Fraction) -> Fraction:
    if isinstance(amount, bool):
        raise BadTerm(amount)
    try:
        # A float is read as it is printed: 0.1 h means six minutes, not its binary neighbour.
        exact = Decimal(str(amount)) if isinstance(amount, float | str) else amount
        if isinstance(exact, Decimal) and exact.is_finite() and abs(exact.adjusted()) > _DIGITS:
            raise BadTerm(amount)  # 1e999999999 would take for ever to write out.
        return Fraction(exact)
    except (ValueError, OverflowError, InvalidOperation, TypeError):
        raise BadTerm(amount) from None


@lru_cache(maxsize=256)
def _parse(words: str) -> Term:
    match = _TERM.fullmatch(words)
    if match is None:
        raise BadTerm(words)
    word = re.sub(r"[-_ ]+", "_", match["word"].lower())
    pair = _WORDS.get(word) or _WORDS.get(f"{word}s")
    if pair is None:
        raise BadTerm(words, f"Bases: {', '.join(TERM_WORDS)}.")
    basis, unit = pair
    return Term.of(match["amount"], unit, basis)
