"""Live updates: what fifty open pages cost the others, and how long a commit takes to reach them."""

from __future__ import annotations

import http.client
import json
import random
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from django.db import transaction

from bench import sending
from bench.measure import Figure, timed
from bench.pages import Browser
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message
from ventanilla.register.values import MessageIn

STREAMS = 50
TURNS = 4
PAGES_A_TURN = 25
COMMITS = 60
ARRIVES_WITHIN_S = 10.0


@dataclass(frozen=True)
class LiveFigures:
    """Pages with and without the open streams, and the delay of an event."""

    alone: dict[str, Figure]
    beside: dict[str, Figure]
    sending: dict[str, Figure]
    """Handing an answer over beside the open streams, and the job that sends it."""
    delay: Figure
    missed: int


@dataclass
class Watchers:
    """Open streams on one case, read in a thread; when each heard of which entry."""

    sockets: list[socket.socket]
    heard: dict[tuple[int, int], float] = field(default_factory=dict)
    is_closed: bool = False

    def read(self) -> None:
        """Read until closed."""
        waiting = selectors.DefaultSelector()
        rest = dict.fromkeys(range(len(self.sockets)), b"")
        for place, each in enumerate(self.sockets):
            waiting.register(each, selectors.EVENT_READ, place)
        while not self.is_closed:
            for key, _ in waiting.select(0.2):
                number: int = key.data
                came = time.perf_counter()
                *lines, rest[number] = (rest[number] + self.sockets[number].recv(65536)).split(
                    b"\n"
                )
                for seq in _sequences(lines):
                    self.heard.setdefault((number, seq), came)


def _sequences(lines: list[bytes]) -> Iterator[int]:
    for line in lines:
        if line.startswith(b"data: ") and b'"seq"' in line:
            yield json.loads(line[6:])["seq"]


def hire_more(count: int) -> list[Staff]:
    """Colleagues: one person may have no more than twenty streams."""
    return [_colleague(number) for number in range(count)]


def _colleague(number: int) -> Staff:
    """Hired now, or by an earlier run on the same register."""
    email = f"colega{number}@generasoft.example"
    known = Staff.objects.filter(email=email).first()
    return known or Staff.objects.create_user(email, full_name=f"Colega {number}", role=Role.LEAD)


def measure(
    url: str, cookies: list[str], *, case: Case, staff: Staff, folios: list[str]
) -> LiveFigures:
    """Pages in turns without and with the streams; then answers, and commits to each stream.

    ``folios`` are cases to be answered.
    """
    browser = Browser(url, cookies[0])
    paths = {
        "empty": "/__empty__/",
        "queue": "/cola/todos/",
        "case": f"/casos/{case.folio}/",
        "search": "/buscar/?q=factura+cobro",
    }
    alone: dict[str, list[float]] = {name: [] for name in paths}
    beside: dict[str, list[float]] = {name: [] for name in paths}
    for path in paths.values():
        browser.get(path)
    for _ in range(TURNS):
        _sample(browser, paths, alone)
        with watching(url, cookies, case.folio):
            _sample(browser, paths, beside)
    with watching(url, cookies, case.folio) as watchers:
        answered = {
            "handing an answer over": sending.hand_over(browser, folios),
            "the job that sends an answer": sending.send(),
        }
        delays, missed = _delays(watchers, case, staff)
    return LiveFigures(
        {name: Figure.of(each) for name, each in alone.items()},
        {name: Figure.of(each) for name, each in beside.items()},
        answered,
        Figure.of(delays),
        missed,
    )


def _sample(browser: Browser, paths: dict[str, str], into: dict[str, list[float]]) -> None:
    for _ in range(PAGES_A_TURN):
        for name, path in paths.items():
            into[name].append(timed(partial(browser.get, path)))


@contextmanager
def watching(url: str, cookies: list[str], folio: str) -> Iterator[Watchers]:
    """Fifty streams on a case while the block runs."""
    watchers = Watchers([_open(url, cookies[n % len(cookies)], folio) for n in range(STREAMS)])
    thread = threading.Thread(target=watchers.read)
    thread.start()
    time.sleep(1.0)  # each has been told who else is there
    try:
        yield watchers
    finally:
        watchers.is_closed = True
        thread.join()
        for each in watchers.sockets:
            each.close()


def _open(url: str, cookie: str, folio: str) -> socket.socket:
    parts = urlsplit(url)
    opened = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)
    request = (
        f"GET /vivo/?caso={folio} HTTP/1.1\r\nHost: localhost:{parts.port}\r\n"
        f"Cookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n"
    )
    opened.sendall(request.encode())
    answer = opened.recv(4096)
    if b" 200 " not in answer.partition(b"\r\n")[0]:
        raise http.client.HTTPException(answer[:200])
    return opened


def _delays(watchers: Watchers, case: Case, staff: Staff) -> tuple[list[float], int]:
    """Seconds from the beginning of a COMMIT to each stream, and how many never heard."""
    chance = random.Random(11)
    delays: list[float] = []
    missed = 0
    for number in range(COMMITS):
        time.sleep(chance.uniform(0.02, 0.1))
        seq, began = _commit(case, staff, number)
        wanted = [(watcher, seq) for watcher in range(STREAMS)]
        deadline = time.perf_counter() + ARRIVES_WITHIN_S
        while any(each not in watchers.heard for each in wanted):
            if time.perf_counter() > deadline:
                break
            time.sleep(0.002)
        found = [watchers.heard[each] - began for each in wanted if each in watchers.heard]
        delays += found
        missed += STREAMS - len(found)
    return delays, missed


def _commit(case: Case, staff: Staff, number: int) -> tuple[int, float]:
    note = MessageIn(
        direction=Message.Direction.NOTE,
        channel="web",
        text=f"Nota {number}",
        at=datetime.now(UTC),
        author_staff_id=staff.pk,
    )
    with transaction.atomic():
        actor = Actor.staff(staff.pk)
        row = register.add_message(
            case=case, message=note, acting_user=actor, as_of=datetime.now(UTC)
        )
        began = time.perf_counter()
    return row.ledger_seq, began
