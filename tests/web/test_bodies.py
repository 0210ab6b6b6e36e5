"""How fast the body of a request must come."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.http import HttpResponse

from ventanilla.project.bodies import (
    GRACE_S,
    IN_MEMORY,
    SLOWEST,
    NoPlace,
    Places,
    TooSlow,
    WholeBody,
)
from ventanilla.project.gate import Gated
from ventanilla.web.weight import MOST_UNKNOWN


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


class Until:
    """A line that ends, although more was announced."""

    def __init__(self, brings: int) -> None:
        self.left = brings

    def read(self, size: int, /) -> bytes:
        piece = min(size, self.left)
        self.left -= piece
        return b"x" * piece


def answered(brings: int, length: int) -> tuple[str, list[int]]:
    """The status told where a page overlooks every error; how often the gate was left by each read."""
    said: list[str] = []
    inside: list[int] = []

    def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with suppress(OSError):
            while environ["wsgi.input"].read(IN_MEMORY):
                inside.append(gate.times_left)
        start_response("200 OK", [])
        return HttpResponse(b"read")

    gate = Watched(page, at_once=1)
    environ = {
        "wsgi.input": Until(brings),
        "CONTENT_LENGTH": str(length),
        "REMOTE_ADDR": "127.0.0.1",
    }
    gate(environ, lambda status, _headers: said.append(status))
    (status,) = said
    return status, inside


class Watched(Gated):
    """A gate that counts how often it was left."""

    times_left = 0

    def _left(self) -> None:
        self.times_left += 1
        super()._left()


def test_half_of_a_large_body_is_told_although_the_page_made_nothing_of_it() -> None:
    length = MOST_UNKNOWN + IN_MEMORY
    assert answered(length, length)[0] == "200 OK"
    assert answered(length // 2, length)[0] == "400 Bad Request"
    assert answered(1, 2)[0] == "400 Bad Request"


def test_a_large_body_leaves_the_gate_once_a_mebibyte() -> None:
    length = MOST_UNKNOWN + 5 * IN_MEMORY
    _status, inside = answered(length, length)
    assert inside[-1] <= length // IN_MEMORY + 1
