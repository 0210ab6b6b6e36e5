"""How fast the body of a request must come."""

from __future__ import annotations

import pytest

from ventanilla.project.bodies import (
    GRACE_S,
    IN_MEMORY,
    SLOWEST,
    NoPlace,
    Places,
    TooSlow,
    WholeBody,
)


class Line:
    """Brings what is left of a body at so many bytes a second, on a clock of its own."""

    def __init__(self, length: int, rate: int) -> None:
        self.left, self.rate, self.now = length, rate, 0.0

    def read(self, size: int, /) -> bytes:
        piece = min(size, self.left)
        self.left -= piece
        self.now += piece / self.rate
        return b"x" * piece

    def clock(self) -> float:
        return self.now


def test_a_body_that_dawdles_is_given_up_and_one_that_is_just_slow_is_not() -> None:
    length = IN_MEMORY + 1
    slow = Line(length, SLOWEST + 10)
    assert len(WholeBody(slow, length, clock=slow.clock).ahead().read()) == length
    slower = Line(length, SLOWEST - 10)
    with pytest.raises(TooSlow):
        WholeBody(slower, length, clock=slower.clock).ahead()
    assert GRACE_S <= slower.now < GRACE_S + 20


def test_what_nobody_wants_is_read_for_a_moment_only() -> None:
    line = Line(IN_MEMORY * 100, IN_MEMORY)
    WholeBody(line, IN_MEMORY * 100, clock=line.clock).drain()
    assert 2 < line.now < 3


def test_places_are_counted_for_each_network_and_in_all_and_given_back() -> None:
    places = Places(most=3, of_network=2)
    with places.taken("a"), places.taken("a"):
        with pytest.raises(NoPlace), places.taken("a"):
            pass
        with places.taken("b"), pytest.raises(NoPlace), places.taken("c"):
            pass
    with places.taken("c"), places.taken("c"), places.taken("a"):
        pass
