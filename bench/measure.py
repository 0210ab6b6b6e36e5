"""How a figure is taken: many samples, median and 95th percentile, beside a unit."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured cost in seconds: median and 95th percentile of ``samples`` samples."""

    p50: float
    p95: float
    samples: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Figure:
        """The figure of these samples; at least two."""
        ordered = sorted(seconds)
        place = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
        return cls(statistics.median(ordered), ordered[place], len(ordered))

    def in_units(self, unit: Figure) -> str:
        """Both as multiples of the unit's median, and in milliseconds."""
        p50, p95 = self.p50 / unit.p50, self.p95 / unit.p50
        return f"{p50:.1f} B, p95 {p95:.1f} ({self.p50 * 1e3:.1f} ms, {self.p95 * 1e3:.1f})"


def timed(action: Callable[[], object]) -> float:
    """Seconds that one call took."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def in_turn(actions: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, Figure]:
    """Measure several actions in turn, A B C A B C, so that a noisy moment hits all alike."""
    samples: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            samples[name].append(timed(action))
    return {name: Figure.of(each) for name, each in samples.items()}
