"""How articles are named and compared. Pure."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from ventanilla.policy.schema.pack import Pack

SLUG_LENGTH = 70
"""Shorter than the column, so that a number fits behind it."""
UNNAMED = "articulo"
RESERVED = frozenset({"buscar", "nuevo", "vista"})
"""Words that are pages of their own beside the articles."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison."""

    how: Literal["same", "added", "removed"]
    text: str


def kinds_of(pack: Pack) -> dict[str, str]:
    """The kinds of article of a policy, key to name; one of our own where it names none."""
    if pack.knowledge is None:
        return {"guide": _("Guía")}
    return {each.key: each.name for each in pack.knowledge.article_kinds}


def digest_of(title: str, body: str) -> str:
    """SHA-256 of what a version says, in hex."""
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


def form_digest_of(request_key: str, *words: str) -> str:
    """SHA-256 of a form that was sent, in hex: its key and all its words."""
    return hashlib.sha256("\0".join((request_key, *words)).encode()).hexdigest()


def slug_of(title: str) -> str:
    """The part of an address that names an article."""
    return slugify(title)[:SLUG_LENGTH].strip("-") or UNNAMED


def tidy(body: str) -> str:
    """Line ends of text, no space at the end of lines but the two that break one, one final end."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [
        line.rstrip() + ("  " if line.endswith("  ") and line.strip() else "") for line in lines
    ]
    return "\n".join(kept).strip("\n")


def compare(before: str, after: str) -> Iterator[Line]:
    """Line by line, what went and what came."""
    for each in difflib.ndiff(before.splitlines(), after.splitlines()):
        if each.startswith("? "):
            continue
        how: Literal["same", "added", "removed"] = (
            "added" if each.startswith("+ ") else "removed" if each.startswith("- ") else "same"
        )
        yield Line(how, each[2:])
