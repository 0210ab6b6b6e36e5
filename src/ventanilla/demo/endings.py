"""How a told history ends: with something near its moment and something late, on any day and hour.

Promises count opening hours, so a history that ended in the middle of a weekend by chance alone would
show a desk at which nothing presses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ventanilla.demo.stories import Story
from ventanilla.policy import Pack

NEAR_SHARE = 5
"""A request that is near has no more than one in so many parts of its term left."""
LATE_BY = timedelta(minutes=50)
PROMISED_IN = timedelta(hours=3)
PROMISED_SINCE = timedelta(days=3)
FARTHEST_BACK = timedelta(days=28)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A request that is still open when the history ends, and when it comes in.

    ``promised_at``: it was answered, and its solution was promised for that moment.
    """

    story: Story
    at: datetime
    promised_at: datetime | None = None


def endings(pack: Pack, stories: Sequence[Story], end: datetime) -> list[Ending]:
    """One near per kind of request, one late, and one whose solution is promised for today."""
    kinds = list({each.category: each for each in stories}.values())
    if not kinds:
        return []
    near = [Ending(each, _latest(pack, each, end, is_late=False)) for each in kinds]
    late = Ending(kinds[0], _latest(pack, kinds[0], end, is_late=True))
    promised = Ending(stories[1 % len(stories)], end - PROMISED_SINCE, end + PROMISED_IN)
    return [*near, late, promised]


def _latest(pack: Pack, story: Story, end: datetime, *, is_late: bool) -> datetime:
    """The latest minute at which it must come to be near, or late, when the history ends.

    Where the clock of whole days leaps at closing, nothing may be near: then it is late.
    """
    promise = pack.category(story.category).main_commitment
    assert promise is not None, "every kind of request promises an answer"
    calendar, term = pack.calendar, promise.target.term

    def is_so(minutes: int) -> bool:
        at = end - minutes * MINUTE
        if is_late:
            return calendar.due(at, term) <= end - LATE_BY
        return calendar.remaining(at, term, end).quantity * NEAR_SHARE <= term.quantity

    # The earlier it comes the less is left, so the first such minute is found by halving.
    earliest, latest = FARTHEST_BACK // MINUTE, 0
    while earliest - latest > 1:
        middle = (earliest + latest) // 2
        earliest, latest = (middle, latest) if is_so(middle) else (earliest, middle)
    return end - earliest * MINUTE
