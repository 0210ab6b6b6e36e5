"""Due-date arithmetic: how many a second, and whether a long span costs more than a short one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ventanilla.policy import Term, load

ROUNDS = 20_000
REPEATS = 5
SPANS = {"one day": "8 business_hours", "ten years": "18500 business_hours"}


def due_dates_a_second() -> dict[str, float]:
    """Median rate on one core for a one-day and a ten-year span."""
    calendar = load("generasoft").calendar
    start = datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("America/Bogota"))
    moments = [start + timedelta(minutes=17 * n) for n in range(ROUNDS)]
    rates: dict[str, list[float]] = {name: [] for name in SPANS}
    for _ in range(REPEATS):  # in turn, so that a noisy moment hits both
        for name, words in SPANS.items():
            rates[name].append(_rate(calendar.due, moments, Term.parse(words)))
    return {name: sorted(each)[len(each) // 2] for name, each in rates.items()}


def _rate(due: object, moments: Sequence[datetime], target: Term) -> float:
    assert callable(due)
    due(moments[0], target)  # the years of the calendar are laid out once
    due(moments[-1], target)
    began = time.perf_counter()
    for moment in moments:
        due(moment, target)
    return len(moments) / (time.perf_counter() - began)
