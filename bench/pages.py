"""What a page costs beside an empty one of the same server."""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus, urlencode, urlsplit

from bench.measure import Figure, in_turn

ROUNDS = 150


class Browser:
    """One connection kept open, signed in."""

    def __init__(self, url: str, cookie: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.headers = {"Cookie": cookie, "Host": f"localhost:{parts.port}"}
        self._session = cookie

    def get(self, path: str) -> int:
        """Fetch a page whole; its size in bytes. Anything but 200 is an error of the bench."""
        return len(self._fetch(path, {}))

    def page(self, path: str) -> str:
        """A page as text; the token of its forms is remembered."""
        return self._fetch(path, {}).decode()

    def weight(self, path: str) -> int:
        """Bytes on the wire, compressed as browsers ask for it; headers left out."""
        return len(self._fetch(path, {"Accept-Encoding": "gzip, br"}))

    def post(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form; anything but being sent on to a page is an error of the bench."""
        given = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body=urlencode(fields), headers=given)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.FOUND:
            raise AssertionError((path, answer.status, body[:4000]))

    def _fetch(self, path: str, headers: Mapping[str, str]) -> bytes:
        self.connection.request("GET", path, headers={**self.headers, **headers})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise AssertionError((path, answer.status, body[:400]))
        for given in answer.headers.get_all("Set-Cookie") or []:
            if given.startswith("csrftoken="):
                self.headers["Cookie"] = f"{self._session}; {given.partition(';')[0]}"
        return body


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
