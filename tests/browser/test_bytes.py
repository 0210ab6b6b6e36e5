"""What a page weighs on the wire, counted by the browser itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.browser.browsing import Visitor, Visitors
from tests.browser.house import BrowserHouse

FIRST_LOAD = 120 * 1024
LATER = 25 * 1024


class Scales:
    """Bytes that came over the network, headers included, until now, by address."""

    def __init__(self, visitor: Visitor) -> None:
        self.by_request: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        session = visitor.context.new_cdp_session(visitor.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.loadingFinished", self._on_finished)

    def _on_request(self, event: dict[str, Any]) -> None:
        self.by_request[event["requestId"]] = event["request"]["url"]

    def _on_finished(self, event: dict[str, Any]) -> None:
        self.bytes[self.by_request.get(event["requestId"], "?")] += event["encodedDataLength"]

    def weigh(self, visitor: Visitor, path: str) -> int:
        """Go there and count, once the page is quiet."""
        self.bytes.clear()
        visitor.go(path)
        visitor.page.wait_for_timeout(700)
        return int(self.bytes.total())


def test_the_queue_and_what_comes_after(visitors: Visitors, house: BrowserHouse) -> None:
    ana = visitors("ana", traced=False)
    scales = Scales(ana)
    first = scales.weigh(ana, "/cola/todos/")
    assert first < FIRST_LOAD, scales.bytes.most_common(40)
    folio = house.one("SELECT folio FROM register_case ORDER BY id LIMIT 1")
    ana.go(f"/casos/{folio}/")  # what only cases need is fetched once
    ana.page.wait_for_timeout(500)
    other = house.one("SELECT folio FROM register_case ORDER BY id DESC LIMIT 1")
    for path in (f"/casos/{other}/", "/cola/mia/", "/cola/todos/", "/cola/sin-asignar/"):
        assert scales.weigh(ana, path) < LATER, (path, scales.bytes.most_common(20))
