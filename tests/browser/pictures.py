"""Pictures of the pages for ``docs/pantallas/``: ``make pictures``.

The house of the browser tests is raised, each page and each form of an action is looked at by who may
see it, on a desk and on a phone, light and dark. Chromium itself makes WebP of what it drew.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browsing import DEVICES, Device, Scheme, Visitor, Visitors
from tests.browser.house import ROOT, BrowserHouse
from tests.browser.pages import FORMS, PAGES, where_it_fits
from tests.browser.pages import Page as Listed
from tests.browser.seeds import seed
from tests.channels.receiving import Receiver, receiving
from tools import browser as chromium_of_the_system

FOLDER = ROOT / "docs" / "pantallas"
QUALITY = 0.72
PAST = 40
"""Cases of the told history."""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ENDINGS = {
    ("desktop", "light"): "",
    ("desktop", "dark"): "-oscura",
    ("phone", "light"): "-telefono",
    ("phone", "dark"): "-telefono-oscura",
}
TO_WEBP = """async ([png, quality]) => {
  const blob = await (await fetch(`data:image/png;base64,${png}`)).blob();
  const picture = await createImageBitmap(blob);
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1];
}"""
HEADING = """# Pantallas

Cada página como se ve hoy, con los datos de la demostración: en escritorio y en teléfono, clara y
oscura. `make pictures` las hace de nuevo.

| página | escritorio | oscura | teléfono | oscura |
|---|---|---|---|---|
"""


def main(names: list[str]) -> None:
    """Make the pictures with these names; without names, all of them and the list."""
    with _house() as house, _browser() as browser:
        visitors = Visitors(browser, house, {})
        drawing = browser.new_page()
        for listed in [*PAGES, *_forms(visitors, house)]:
            if not names or listed.pictured_as in names:
                _look(visitors, house, drawing, listed)
                print(listed.pictured_as, flush=True)
    (FOLDER / "README.md").write_text(HEADING + "".join(_lines()), encoding="utf-8")


def _forms(visitors: Visitors, house: BrowserHouse) -> Iterator[Listed]:
    ana = visitors("ana", traced=False)
    paths = {noun: where_it_fits(ana, house, noun) for noun in FORMS}
    visitors.leave()
    return (Listed(path, picture=f"accion-{noun}") for noun, path in paths.items())


def _look(visitors: Visitors, house: BrowserHouse, drawing: Page, listed: Listed) -> None:
    path = listed.path_in(house)
    for device in DEVICES:
        visitor = _arrived(visitors, listed, path, device)
        for scheme in SCHEMES:
            visitor.page.emulate_media(color_scheme=scheme)
            png = base64.b64encode(visitor.page.screenshot(animations="disabled")).decode()
            webp = drawing.evaluate(TO_WEBP, [png, QUALITY])
            place = FOLDER / f"{listed.pictured_as}{ENDINGS[device, scheme]}.webp"
            place.write_bytes(base64.b64decode(webp))
        visitors.leave()


def _arrived(visitors: Visitors, listed: Listed, path: str, device: Device) -> Visitor:
    who = listed.who if listed.who != "customer" else None
    visitor = visitors(who, device=device, traced=False, reduced_motion="reduce")
    if listed.who == "customer":
        visitor.go(visitor.house.follow_link(path.split("/")[2]))
    visitor.go(path)
    visitor.page.wait_for_timeout(400)  # what is fetched after the page
    return visitor


def _lines() -> Iterator[str]:
    forms = [Listed(f"/casos/{{folio}}/{noun}/", picture=f"accion-{noun}") for noun in FORMS]
    for listed in [*PAGES, *forms]:
        cells = (f"[ver]({listed.pictured_as}{each}.webp)" for each in ENDINGS.values())
        yield f"| `{listed.path}` | {' | '.join(cells)} |\n"


@contextmanager
def _house() -> Iterator[BrowserHouse]:
    relay = Receiver()
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-pictures-"))
    with receiving(relay) as outgoing:
        house = BrowserHouse(folder / "data", outgoing.port, relay=relay, cases=PAST)
        try:
            house.start()
            seed(house)
            yield house
        finally:
            house.stop()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _browser() -> Iterator[Browser]:
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_of_the_system.find_or_install(), args=flags
        )
        yield browser
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
