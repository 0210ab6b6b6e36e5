"""How many bytes a page is, compressed as a browser asks for it."""

from __future__ import annotations

import re

from bench.pages import Browser

ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
ON_LOAD = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')


def first_load(browser: Browser, path: str) -> int:
    """The page, every file it names, and what it fetches at once."""
    page = browser.page(path)
    parts = {path, *ASSET.findall(page), *ON_LOAD.findall(page)}
    return sum(browser.weight(part) for part in parts)


def later(browser: Browser, path: str) -> int:
    """The page alone: its files are kept by the browser, their addresses change with them."""
    return browser.weight(path)
