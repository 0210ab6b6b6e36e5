"""The mailbox of a stream and the hub, without a server: what is kept, what is dropped, for whom."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.patience import until
from ventanilla.core.findings import Verdict
from ventanilla.web.live import clerk as clerks
from ventanilla.web.live.hub import REMEMBERED, Hub
from ventanilla.web.live.listener import Listener
from ventanilla.web.live.process import Live
from ventanilla.web.live.stream import MOST_FOLIOS, Stream, Visitor, Watched

ALL = Visitor(1, "session", None)
SUPPORT = Visitor(2, "session", frozenset({"soporte"}))


class Clerk:
    """Notes what the hub would have asked."""

    def __init__(self) -> None:
        self.looks: list[int] = []
        self.closed: list[UUID] = []

    def look(self, case_id: int) -> None:
        self.looks.append(case_id)

    def look_at_all(self) -> None:
        self.looks.append(0)

    def close_pages(self, connections: Sequence[UUID]) -> None:
        self.closed.extend(connections)


def opened(visitor: Visitor = ALL, *watched: Watched) -> tuple[Stream, Iterator[bytes]]:
    stream = Stream(visitor, watched, check_at=0.0)
    chunks = stream.chunks()
    assert b"hello" in next(chunks)
    return stream, chunks


def read(chunk: bytes) -> list[tuple[str, Any]]:
    parts = [each.split("\n") for each in chunk.decode().split("\n\n") if each]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in parts]


def change(case_id: int = 7, desk: str = "clientes", seq: int = 3, **more: Any) -> dict[str, Any]:
    told = {"kind": "case", "case": case_id, "folio": f"GS-{case_id}", "desk": desk}
    return {**told, "assignee": None, "seq": seq, **more}


def test_only_the_last_word_about_a_thing_is_kept() -> None:
    stream, chunks = opened()
    for seq in range(1000):
        stream.put("case", {"folio": "GS-7", "seq": seq}, slot="GS-7")
    stream.put("lost", {}, slot="link")
    stream.put("back", {}, slot="link")
    stream.put("lost", {}, slot="link")
    assert read(next(chunks)) == [("case", {"folio": "GS-7", "seq": 999}), ("lost", {})]


def test_too_many_changed_cases_become_unknown_which() -> None:
    stream, chunks = opened()
    for number in range(MOST_FOLIOS + 1):
        stream.put_queue(f"GS-{number}", is_mine=number == 3, at_ms=number)
    ((name, told),) = read(next(chunks))
    assert (name, told["folios"], told["mine"], told["at"]) == ("queue", [], True, MOST_FOLIOS)
    stream.put_queue("GS-1", is_mine=False, at_ms=99)
    began = time.monotonic()
    assert read(next(chunks)) == [("queue", {"folios": ["GS-1"], "mine": False, "at": 99})]
    assert time.monotonic() - began > 0.9


def test_an_ended_stream_says_what_is_left_and_stops() -> None:
    stream, chunks = opened()
    stream.put("case", {"folio": "GS-7", "seq": 1}, slot="GS-7")
    stream.end("session")
    assert [name for name, _ in read(next(chunks))] == ["case", "end"]
    assert next(chunks, None) is None


def test_a_nudge_is_a_heartbeat_at_once() -> None:
    stream, chunks = opened()
    stream.nudge()
    began = time.monotonic()
    assert read(next(chunks)) == [("beat", {})]
    assert time.monotonic() - began < 1.0


def test_a_change_reaches_those_who_see_its_desk_now_or_saw_it_before() -> None:
    hub = Hub(most=9, most_each=9, asking=Clerk())
    hub.hears()
    page = Watched(7, "GS-7", uuid4())
    everyone, all_chunks = opened(ALL, page)
    support, support_chunks = opened(SUPPORT, page)
    assert hub.admit(everyone)
    assert hub.admit(support)
    hub.tell(change(desk="clientes", was_desk="soporte", was_assignee=2))
    hub.tell({"kind": "unknown"})
    assert [name for name, _ in read(next(all_chunks))] == ["case", "queue"]
    told = dict(read(next(support_chunks)))
    assert told["gone"] == {"folio": "GS-7"}
    assert told["queue"]["mine"] is True
    hub.tell(change(desk="clientes", seq=4))
    support.nudge()
    assert read(next(support_chunks)) == [("beat", {})]


def test_presence_is_asked_for_only_where_somebody_looks() -> None:
    clerk = Clerk()
    hub = Hub(most=9, most_each=9, asking=clerk)
    page = Watched(7, "GS-7", uuid4())
    stream, _ = opened(ALL, page)
    hub.admit(stream)
    hub.tell({"kind": "presence", "case": 8})
    hub.tell({"kind": "presence", "case": 7})
    assert clerk.looks == [7]
    hub.dismiss(stream)
    assert clerk.closed == [page.connection]
    hub.tell({"kind": "presence", "case": 7})
    assert clerk.looks == [7]


def test_what_is_no_longer_remembered_is_told_as_unknown() -> None:
    hub = Hub(most=9, most_each=9, asking=Clerk())
    before_ms = int(time.time() * 1000)
    time.sleep(0.01)
    hub.hears()
    late, chunks = opened()
    hub.catch_up(late, before_ms)
    ((_, told),) = read(next(chunks))
    assert told["folios"] == []
    drawn_ms = int(time.time() * 1000)
    time.sleep(0.01)
    for number in range(REMEMBERED):
        hub.tell(change(number))
    forgot, chunks = opened()
    hub.catch_up(forgot, drawn_ms)
    assert read(next(chunks))[0][1]["folios"] == []
    current, chunks = opened()
    hub.catch_up(current, int(time.time() * 1000))
    current.nudge()
    assert read(next(chunks)) == [("beat", {})]


def test_a_closed_hub_admits_nobody_and_ends_everybody() -> None:
    hub = Hub(most=9, most_each=9, asking=Clerk())
    stream, chunks = opened()
    assert hub.admit(stream)
    hub.close()
    assert read(next(chunks)) == [("lost", {})]
    assert next(chunks, None) is None
    assert not hub.admit(opened()[0])


def test_no_room_is_said_at_once_and_the_others_are_asked_for_a_sign() -> None:
    hub = Hub(most=1, most_each=1, asking=Clerk())
    stream, chunks = opened()
    assert hub.has_room_for(1)
    hub.admit(stream)
    assert read(next(chunks)) == [("lost", {})]
    began = time.monotonic()
    assert not hub.has_room_for(5)
    assert not hub.has_room_for(5)
    assert time.monotonic() - began < 0.2
    assert read(next(chunks)) == [("beat", {})]
    hub.dismiss(stream)
    assert hub.has_room_for(5)


def test_who_opens_too_many_is_in_nobody_elses_way() -> None:
    hub = Hub(most=9, most_each=1, asking=Clerk())
    hub.hears()
    own, theirs = replace(ALL, staff_id=5), replace(ALL, staff_id=6)
    (mine, my_chunks), (other, other_chunks) = opened(own), opened(theirs)
    for stream in (mine, other):
        hub.admit(stream)
    assert not hub.has_room_for(5)
    assert read(next(my_chunks)) == [("beat", {})]
    threading.Timer(0.2, other.put, ("case", {}), {"slot": "x"}).start()
    assert read(next(other_chunks)) == [("case", {})]  # no sign of life was asked of it
    assert not hub.has_room_for(6)  # nor does it wait because another was asked
    assert read(next(other_chunks)) == [("beat", {})]


def test_a_case_is_forgotten_while_others_walk_through_the_watched_ones() -> None:
    pages = [Watched(number, f"GS-{number}", uuid4()) for number in range(5)]
    stream, chunks = opened(ALL, *pages)
    walked = []
    for each in stream.watched.values():
        stream.forget(each.case_id)
        walked.append(each.case_id)
    assert walked == [0, 1, 2, 3, 4]
    assert not stream.watched
    assert [name for name, _ in read(next(chunks))] == ["gone"] * 5


class BrokenHub(Hub):
    """Breaks when it is asked for its streams, until mended."""

    asked = 0
    is_broken = True

    def streams(self) -> list[Stream]:
        self.asked += 1
        if self.is_broken:
            raise RuntimeError("dictionary changed size during iteration")
        return super().streams()


def test_the_clerk_and_the_listener_outlive_any_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerks, "TRY_AGAIN_S", 0.01)
    clerk = clerks.Clerk()
    hub = BrokenHub(most=1, most_each=1, asking=clerk)
    listener = Listener(hub)
    parts = Live(hub, clerk, listener)
    listener._pass_on(json.dumps(change()))
    listener._pass_on("[]")
    assert listener.failures == 1
    clerk.start(hub)
    until(lambda: clerk.failures > 1)
    hub.is_broken = False
    failed, asked = clerk.failures, hub.asked
    clerk.close_pages([])
    until(lambda: hub.asked > asked + 1)
    assert clerk.is_alive
    assert clerk.failures <= failed + 1
    assert parts.finding().verdict is Verdict.WRONG, "its listener was never started"
    parts.end()
    until(lambda: not clerk.is_alive)


def test_a_visitor_who_cannot_be_checked_hears_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_key: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(clerks, "signed_in", broken)
    clerk = clerks.Clerk()
    stream, chunks = opened()
    clerk._check(stream)
    assert list(chunks) == []
    assert clerk.failures == 1
