"""axe-core on a page as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import (  # type: ignore[import-untyped]  # it has no types
    AXE_SCRIPT,
)
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def violations(page: Page) -> list[str]:
    """What axe finds in light and in dark; of the second only colours can differ.

    The script is given to the page by the debugger, past the Content-Security-Policy, which stays
    in force for everything else.
    """
    # Without motion: a colour on its way from light to dark is neither.
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(AXE_SCRIPT)
    found = [*_run(page, "light", OPTIONS)]
    page.emulate_media(color_scheme="dark")
    found += _run(page, "dark", COLOURS)
    page.emulate_media(color_scheme="light")
    return found


def _run(page: Page, scheme: str, options: dict[str, Any]) -> Iterator[str]:
    result = page.evaluate("options => axe.run(document, options)", options)
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield f"{scheme} · {violation['id']}: {node['html'][:160]} — {_why(node)}"


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(str(each["message"]) for each in checks)
