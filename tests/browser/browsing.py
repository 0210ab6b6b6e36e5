"""Browsers, the people in them, and whatever goes wrong on their pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.house import PASSWORD, BrowserHouse, address_of

Device = Literal["desktop", "phone"]
Scheme = Literal["light", "dark"]

DEVICES: dict[Device, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PATIENCE_MS = 15_000
"""What the machine may take under load; nothing waits that long when it works."""
_LEFT = "net::ERR_ABORTED"
"""A request that the browser itself gave up, because the page was left."""
_TOLD_BY_RESPONSE = "Failed to load resource"


@dataclass
class Visitor:
    """One person in one browser context, and what went wrong there."""

    house: BrowserHouse
    context: BrowserContext
    page: Page
    is_traced: bool = False
    troubles: list[str] = field(default_factory=list)
    _expected: set[int] = field(default_factory=set)
    _is_cut_off: bool = False

    def go(self, path: str) -> Response | None:
        """Open an address of the house."""
        return self.page.goto(path if "://" in path else self.house.url + path)

    @property
    def path(self) -> str:
        """Where the page is now, without host and query."""
        return urlsplit(self.page.url).path

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Answers of these statuses are no trouble inside the block."""
        self._expected |= set(statuses)
        yield
        # Listeners run while Playwright waits for something: let what is under way be heard.
        self.page.wait_for_timeout(50)
        self._expected -= set(statuses)

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Without a network inside the block; what fails for that is no trouble."""
        self._is_cut_off = True
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self.page.wait_for_timeout(200)
        self._is_cut_off = False

    @contextmanager
    def during_an_outage(self) -> Iterator[None]:
        """The server may be gone inside the block."""
        self._is_cut_off = True
        yield
        self.page.wait_for_timeout(200)
        self._is_cut_off = False

    def watch(self, page: Page) -> None:
        """Hear everything that a healthy page does not say."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("requestfailed", self._on_failure)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or self._is_cut_off:
            return
        if not message.text.startswith(_TOLD_BY_RESPONSE):
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_failure(self, request: Request) -> None:
        if request.failure != _LEFT and not self._is_cut_off:
            self.troubles.append(f"failed: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")


class Visitors:
    """Opens a browser context per person; signs each colleague in once per run."""

    def __init__(self, browser: Browser, house: BrowserHouse, states: dict[str, Any]) -> None:
        self.browser = browser
        self.house = house
        self._states = states
        self.present: list[Visitor] = []

    def __call__(
        self,
        mailbox: str | None = None,
        *,
        device: Device = "desktop",
        scheme: Scheme = "light",
        scripts: bool = True,
        traced: bool = True,
        **options: Any,
    ) -> Visitor:
        """A colleague who is signed in, or a stranger."""
        if mailbox is not None:
            options["storage_state"] = self._signed_in(mailbox)
        context = self.browser.new_context(
            **DEVICES[device],
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="es-CO",
            timezone_id="America/Bogota",
            **options,
        )
        if traced:
            context.tracing.start(snapshots=True)
        page = context.new_page()
        visitor = Visitor(self.house, context, page, is_traced=traced)
        visitor.watch(page)
        self.present.append(visitor)
        return visitor

    def forget(self, mailbox: str) -> None:
        """Let this colleague sign in anew on the next visit."""
        self._states.pop(mailbox, None)

    def _signed_in(self, mailbox: str) -> Any:
        if mailbox not in self._states:
            context = self.browser.new_context(locale="es-CO")
            page = context.new_page()
            page.goto(f"{self.house.url}/cuenta/login/")
            sign_in(page, mailbox)
            self._states[mailbox] = context.storage_state()
            context.close()
        return self._states[mailbox]

    def troubles(self) -> list[str]:
        """All that went wrong on the pages of this test."""
        return [each for visitor in self.present for each in visitor.troubles]

    def keep_traces(self) -> Path:
        """Pictures and traces of every page, for whoever looks into a failure."""
        folder = Path(tempfile.mkdtemp(prefix="ventanilla-browser-"))
        for number, visitor in enumerate(self.present):
            for count, page in enumerate(visitor.context.pages):
                page.screenshot(path=folder / f"{number}-{count}.png")
            if visitor.is_traced:
                visitor.context.tracing.stop(path=folder / f"{number}.zip")
                visitor.is_traced = False
        return folder

    def leave(self) -> None:
        """Close every browser context of this test."""
        for visitor in self.present:
            if visitor.is_traced:
                visitor.context.tracing.stop()  # what was recorded is thrown away
            visitor.context.close()
        self.present.clear()


def sign_in(page: Page, mailbox: str) -> None:
    """Through the door, with the password of the demonstration."""
    page.get_by_label("Correo").fill(address_of(mailbox))
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(lambda url: "/cuenta/login/" not in url, timeout=PATIENCE_MS)
