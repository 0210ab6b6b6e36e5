"""A house and a Chromium for the tests of this folder.

Fixtures live as long as the folder's tests, not the whole run: Playwright keeps an event loop
running in this thread, under which Django refuses to query and ``asyncio.run`` to start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools import browser as chromium_of_the_system

if TYPE_CHECKING:
    from tests.browser.browsing import Visitor, Visitors
    from tests.browser.house import BrowserHouse

OUTCOME = pytest.StashKey[bool]()
TIMEOUT_S = 300
"""The first test also starts the house and tells its history."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that the first of them needs."""
    for item in items:
        if "tests/browser/" in item.nodeid and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let the fixtures know whether their test failed."""
    outcome: Any = yield
    if outcome.get_result().failed:
        item.stash[OUTCOME] = True


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserHouse]:
    """The running house with a short past."""
    from tests.browser.house import BrowserHouse
    from tests.browser.seeds import seed
    from tests.channels.receiving import Receiver, receiving

    relay = Receiver()
    folder = tmp_path_factory.mktemp("visited") / "data"
    with receiving(relay) as outgoing:
        house = BrowserHouse(folder, outgoing.port, relay=relay)
        try:
            house.start()
            seed(house)
            yield house
        finally:
            house.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The Chromium of the system, without a window."""
    # As root, the sandbox of Chromium does not start; its pages are only our own.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with TemporaryDirectory(prefix="ventanilla-traces-") as traces, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_of_the_system.find_or_install(),
            args=[*flags, "--disable-dev-shm-usage"],
            traces_dir=traces,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def _states() -> dict[str, Any]:
    """The cookies of each colleague, kept from test to test."""
    return {}


@pytest.fixture
def visitors(
    request: pytest.FixtureRequest,
    house: BrowserHouse,
    chromium: Browser,
    _states: dict[str, Any],
) -> Iterator[Visitors]:
    """People at their browsers; the test fails when a page of theirs was not in order."""
    from tests.browser.browsing import Visitors

    visitors = Visitors(chromium, house, _states)
    yield visitors
    troubles = visitors.troubles()
    if troubles or request.node.stash.get(OUTCOME, False):
        print(f"Pictures and traces: {visitors.keep_traces()}")
    visitors.leave()
    assert troubles == []


@pytest.fixture
def writing(visitors: Visitors, house: BrowserHouse, request: pytest.FixtureRequest) -> Visitor:
    """Lucía with a case open."""
    from tests.browser import deeds

    lucia = visitors("lucia")
    deeds.open_case(lucia, house.case_by_mail(f"Se escribe: {request.node.name}"))
    return lucia
