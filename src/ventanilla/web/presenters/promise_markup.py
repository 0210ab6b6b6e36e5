"""The promises of a case as markup: for the same reason as the conversation, see there."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ventanilla.web.markup import filled, joined

from .clock_line import ClockLine
from .promises import PromiseView

PROMISE = (
    '<div class="promise{}" id="p-{}"><div class="promise-top"><b>{}</b>{}</div>{}'
    '<p class="promise-why">{}<span class="no-print"> · <a href="{}">{}</a></span></p></div>'
)
CLOCK = (
    '<svg class="clock {}" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" '
    'aria-label="{}"><rect class="closed" fill="url(#closed)" y="6" width="1000" height="8" '
    'rx="2"/><path class="open" d="{}"/><path class="spent" d="{}"/><path class="pause" '
    'fill="url(#paused)" d="{}"/><path class="flag" d="M{} 1v16h-6v-10h-14v-6z"/>{}</svg>'
)
NOW = '<rect class="now" x="{}" y="1" width="5" height="16" rx="2"/>'
ENDS = '<div class="clock-ends" aria-hidden="true"><span>{}</span><span>{}</span></div>'


def promise_markup(promises: Iterable[PromiseView]) -> SafeString:
    """Open ones with their line of time, settled ones in two lines."""
    return joined(map(_promise, promises))


def _promise(promise: PromiseView) -> SafeString:
    return filled(
        PROMISE,
        "" if promise.is_open else " settled",
        promise.key,
        promise.name,
        promise.sign.html,
        _line(promise.clock) if promise.is_open and promise.clock else "",
        " · ".join(_reasons(promise)),
        promise.why_url,
        _("¿por qué esta hora?"),
    )


def _reasons(promise: PromiseView) -> Iterable[str]:
    if promise.is_open:
        yield str(promise.target)
    yield _("cláusula %(clause)s") % {"clause": promise.clause}
    if promise.note:
        yield promise.note


def _line(clock: ClockLine) -> SafeString:
    drawn = filled(
        CLOCK,
        clock.tone,
        clock.label,
        clock.open_path,
        clock.spent_path,
        clock.pause_path,
        clock.due_x,
        filled(NOW, clock.now_x) if clock.now_x else "",
    )
    return joined([drawn, filled(ENDS, clock.start_words, clock.end_words)])
