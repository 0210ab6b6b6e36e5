"""Markdown that people write, as HTML that cannot harm whoever reads it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

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
"""The page around it has its own first heading."""
READ_FOR_SUMMARY = 2_000
_HEADING = re.compile(r"<(/?)h([1-6])>")


def to_html(text: str) -> SafeString:
    """Sanitised HTML of Markdown text: no raw HTML, no pictures, links to web and mail only.

    A single line break stays one, as people expect of what they type. Links open as the reader
    decides and tell the other side nothing (``rel``).
    """
    shown = _levelled(_reader().render(text))
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


def summary_of(text: str) -> str:
    """The words of the first paragraphs, without titles, lists and tables: what a text is about."""
    tokens = _reader().parse(text[:READ_FOR_SUMMARY])
    inside = [
        inline
        for before, inline in pairwise(tokens)
        if before.type == "paragraph_open" and before.level == 0
    ]
    return " ".join(to_words(each.content) for each in inside) or to_words(text[:READ_FOR_SUMMARY])


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    return reader.enable(["table", "strikethrough"]).disable("image")


def _levelled(html: str) -> str:
    """The highest heading that is used becomes the second level, the others follow it."""
    levels = [int(found[2]) for found in _HEADING.finditer(html)]
    if not levels:
        return html
    lower = FIRST_HEADING - min(levels)
    return _HEADING.sub(lambda each: f"<{each[1]}h{min(int(each[2]) + lower, 4)}>", html)


def _unescaped(html: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        html = html.replace(entity, char)
    return html
