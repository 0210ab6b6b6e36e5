"""The colours: every pair of text and ground that the pages use can be read, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ventanilla.web

STATIC = Path(ventanilla.web.__file__).parent / "static" / "web"
TOKEN = re.compile(r"--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)")
TEXT = 4.5
CONTROL = 3.0
GROUNDS = ("paper", "surface", "sunken")
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-soft", "accent") for ground in GROUNDS],
    *[(tone, ground, TEXT) for tone in ("kept", "near", "broken", "paused")
      for ground in ("paper", "surface", f"{tone}-wash")],
    *[(ink, wash, TEXT) for ink in ("ink", "ink-soft")
      for wash in ("accent-wash", "near-wash", "kept-wash", "broken-wash")],
    ("accent", "accent-wash", TEXT),
    ("kept", "accent-wash", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    *[("edge", ground, CONTROL) for ground in ("paper", "surface")],
]  # fmt: skip


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_the_pair_can_be_read(ink: str, ground: str, least: float) -> None:
    colours = {name: pair for name, *pair in TOKEN.findall((STATIC / "tokens.css").read_text())}
    for theme in (0, 1):
        assert contrast(colours[ink][theme], colours[ground][theme]) >= least, (ink, ground, theme)


def test_no_colour_is_written_outside_the_tokens() -> None:
    for sheet in STATIC.glob("*.css"):
        if sheet.name in ("tokens.css", "print.css"):
            continue
        assert re.findall(r"#[0-9a-f]{6}\b", sheet.read_text()) == [], sheet.name


def contrast(one: str, two: str) -> float:
    """WCAG 2 contrast ratio of two colours in hex."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.03928 else float(((channel + 0.055) / 1.055) ** 2.4)
