"""Markdown that people write, as HTML that cannot harm whoever reads it."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

SCHEMES = frozenset({"http", "https", "mailto"})
TAGS = frozenset(
    {
        "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "li", "ol", "p",
        "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
"""Pictures are not among them: one from another host would tell it who reads, and when."""
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
FIRST_HEADING = 2
"""The page around it has its own first heading, so ``#`` is a second one."""
_HEADING = re.compile(r"<(/?)h([1-6])>")


def to_html(text: str) -> SafeString:
    """Sanitised HTML of Markdown text: no raw HTML, no pictures, links to web and mail only.

    A single line break stays one, as people expect of what they type. Links open as the reader
    decides and tell the other side nothing (``rel``).
    """
    shown = _HEADING.sub(_lowered, _reader().render(text))
    clean = nh3.clean(
        shown,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just decided what may stay


def to_words(text: str) -> str:
    """The words of Markdown text without its signs, for summaries and search."""
    return " ".join(_unescaped(nh3.clean(_reader().render(text), tags=set())).split())


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    return reader.enable(["table", "strikethrough"]).disable("image")


def _lowered(found: re.Match[str]) -> str:
    level = min(int(found[2]) + FIRST_HEADING - 1, 4)
    return f"<{found[1]}h{level}>"


def _unescaped(html: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        html = html.replace(entity, char)
    return html
