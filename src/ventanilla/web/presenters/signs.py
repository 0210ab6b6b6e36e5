"""A sign says how a promise stands: an icon, words, and only then a colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.policy.clock import Basis, BusinessCalendar, Interval, Term
from ventanilla.register.time_words import format_duration
from ventanilla.web.icons import icon
from ventanilla.web.markup import filled

from .moments import TIME, moment

SIGN = '<span class="sign {}">{}{}</span>'
NEAR_SHARE = 4
"""A promise is near when a fourth or less of its own time is left."""
COUNTED_BELOW = timedelta(hours=6)
"""Nearer than this, by the wall clock, the words count down; before, they name day and hour.

By the wall clock: «quedan 4 h» on a Saturday would be read as tonight, and mean Monday noon."""


@dataclass(frozen=True, slots=True)
class Sign:
    """``tone`` is one of kept, ahead, near, broken, paused, plain; it names a CSS class."""

    tone: str
    icon: str
    words: str
    iso: str = ""
    full: str = ""
    why: str = ""

    @property
    def html(self) -> SafeString:
        """Icon and words; behind them the moment in full, if it tells one, and why it looks so."""
        behind = f"{self.full} · {self.why}" if self.why else self.full
        words = filled(TIME, self.iso, behind, self.words) if self.iso else self.words
        return filled(SIGN, self.tone, icon(self.icon), words)


PLAIN = Sign("plain", "minus", screen("sin plazo abierto"))


def paused_sign(status_name: str) -> Sign:
    """The clock stands still and says for whom."""
    status = f"{status_name[:1].lower()}{status_name[1:]}"
    return Sign("paused", "pause", _("en pausa: %(status)s") % {"status": status})


def met_sign(*, started_at: datetime, met_at: datetime, due_at: datetime) -> Sign:
    """Kept, or fulfilled too late; both say how long it took."""
    took = format_duration(max(met_at - started_at, timedelta()))
    if met_at <= due_at:
        return Sign("kept", "check", _("cumplida en %(time)s") % {"time": took})
    late = _("cumplida con %(time)s de retraso") % {"time": _roughly(met_at - due_at)}
    return Sign("broken", "x-mark", late)


def due_sign(
    calendar: BusinessCalendar,
    *,
    started_at: datetime,
    due_at: datetime,
    term: Term,
    breaks: tuple[Interval, ...] = (),
    as_of: datetime,
) -> Sign:
    """How much is left, in the promise's own clock."""
    told = moment(due_at, calendar.zone, as_of)
    if as_of > due_at:
        words = _("venció hace %(time)s") % {"time": _roughly(as_of - due_at)}
        return Sign("broken", "exclamation-triangle", words, told.iso, told.full)
    left = calendar.remaining(started_at, term, as_of, breaks)
    is_near = left.quantity * NEAR_SHARE <= term.quantity
    tone = "near" if is_near else "ahead"
    words = _counted_words(left) if _is_counted(due_at, left, as_of) else _wrapping(told.short)
    why = _("queda la cuarta parte del plazo o menos") if is_near else ""
    return Sign(tone, "clock", words, told.iso, told.full, why)


def _roughly(duration: timedelta) -> str:
    """Beyond two days the hours say nothing more."""
    is_long = duration >= timedelta(days=2)
    return format_duration(timedelta(days=duration.days) if is_long else duration)


def _wrapping(words: str) -> str:
    """The same in a sign, which is narrow and may break anywhere."""
    return words.replace("\N{NO-BREAK SPACE}", " ")


def _is_counted(due_at: datetime, left: Term, as_of: datetime) -> bool:
    return not left.basis.counts_days and due_at - as_of < COUNTED_BELOW


def _counted_words(left: Term) -> str:
    is_business = left.basis is Basis.BUSINESS_HOURS
    words = _("quedan %(time)s hábiles") if is_business else _("quedan %(time)s")
    return words % {"time": format_duration(left.duration)}
