"""What a page costs beside an empty one of the same server."""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable
from urllib.parse import quote_plus, urlsplit

from bench.measure import Figure, in_turn

ROUNDS = 150


class Browser:
    """One connection kept open, signed in."""

    def __init__(self, url: str, cookie: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.headers = {"Cookie": cookie, "Host": f"localhost:{parts.port}"}

    def get(self, path: str) -> int:
        """Fetch a page whole; its size in bytes. Anything but 200 is an error of the bench."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise AssertionError((path, answer.status, body[:400]))
        return len(body)


def measure(browser: Browser, *, folios: list[str], words: list[str]) -> dict[str, Figure]:
    """Empty page, queue, case and search, in turn."""
    chance = random.Random(3)
    actions: dict[str, Callable[[], object]] = {
        "empty": lambda: browser.get("/__empty__/"),
        "queue": lambda: browser.get("/cola/todos/"),
        "case": lambda: browser.get(f"/casos/{chance.choice(folios)}/"),
    }
    if words:
        actions["search"] = lambda: browser.get(
            "/buscar/?q=" + quote_plus(" ".join(chance.sample(words, 2)))
        )
    return in_turn(actions, rounds=ROUNDS)
