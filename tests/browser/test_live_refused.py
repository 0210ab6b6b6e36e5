"""A server without room for one more live connection is asked again when it said to be."""

from __future__ import annotations

import time

from playwright.sync_api import Route

from tests.browser.browsing import Visitors

ASKED_S = 6
"""More than the script would wait by itself."""
LIVE = "**/vivo/**"


def test_a_full_house_is_asked_again_when_it_said(visitors: Visitors) -> None:
    lucia = visitors("lucia")
    asked: list[tuple[str, float]] = []

    def full(route: Route) -> None:
        asked.append((route.request.method, time.monotonic()))
        route.fulfill(status=429, headers={"Retry-After": str(ASKED_S)})

    with lucia.expecting(429):
        lucia.page.route(LIVE, full)
        lucia.go("/cola/todos/")
        deadline = time.monotonic() + 30
        while [method for method, _ in asked].count("HEAD") < 2:
            assert time.monotonic() < deadline, asked
            lucia.page.wait_for_timeout(200)
        first, second = [at for method, at in asked if method == "HEAD"][:2]
        assert second - first > ASKED_S - 0.5
        lucia.page.unroute(LIVE)
        # Room again: the next question opens a stream by itself.
        with lucia.page.expect_response(
            lambda answer: "/vivo/" in answer.url and answer.request.method == "GET",
            timeout=30_000,
        ) as opened:
            pass
        assert opened.value.status == 200
