"""Every address there is, filled in with something that looks like what belongs there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
LIKELY = {"int": "1", "slug": "algo", "str": "GS-2026-000001-4", "path": "algo"}


def flat(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """The name and the pattern of each address."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from flat(each.url_patterns, before + str(each.pattern))
        else:
            yield each.name or "", before + str(each.pattern)


def all_patterns() -> list[tuple[str, str]]:
    """The name and the pattern of each address of this house."""
    return [(name, GROUP.sub(r"<str:\1>", pattern).strip("^$").replace("/^", "/"))
            for name, pattern in flat(get_resolver().url_patterns)]  # fmt: skip


def filled(pattern: str, parts: Mapping[str, str] = LIKELY) -> str:
    """The address with each part as its kind wants it."""
    return "/" + PART.sub(lambda found: parts[found[1] or "str"], pattern)


def taking_posts() -> set[str]:
    """The names of the addresses that something can be sent to, as they say themselves."""
    browser = Client()
    named = {name: pattern for name, pattern in all_patterns() if name}
    answers = {name: browser.options(filled(pattern)) for name, pattern in named.items()}
    assert all(answer.status_code < 500 for answer in answers.values())
    return {
        name
        for name, answer in answers.items()
        if "POST" in answer.get("Allow", "POST")  # who says nothing may take everything
    }
