"""Which category a message belongs to, by words; no learning, no surprises, accents ignored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

SUBJECT_WEIGHT = 3
BODY_WEIGHT = 1
BODY_READ = 20_000
"""Characters of the body that are read; what a message is about stands near its beginning."""


_BETWEEN = re.compile(r"[\W_]+")


class Words(Protocol):
    """Phrases to look for in the subject and in the body."""

    @property
    def subject(self) -> tuple[str, ...]:
        """Phrases for the subject."""

    @property
    def body(self) -> tuple[str, ...]:
        """Phrases for the body."""


def plain(text: str) -> str:
    """Lower case, without accents, runs of anything else than letters and digits as one space."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    for char in set(bare):  # a mail has thousands of characters and some sixty different ones
        if unicodedata.combining(char):
            bare = bare.replace(char, "")
    return _BETWEEN.sub(" ", bare).strip()


@lru_cache(maxsize=512)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = sorted({plain(phrase) for phrase in phrases} - {""}, key=len, reverse=True)
    if not parts:
        return None
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, parts))})\b")


def _hits(phrases: tuple[str, ...], text: str) -> int:
    pattern = _pattern(phrases)
    return len(set(pattern.findall(text))) if pattern else 0


def classify(rules: Iterable[tuple[str, Words]], subject: str, body: str) -> str | None:
    """The key with most distinct phrases found, the earlier one on a tie, None without any."""
    title, text = plain(subject[:BODY_READ]), plain(body[:BODY_READ])
    best, most = None, 0
    for key, words in rules:
        score = SUBJECT_WEIGHT * _hits(words.subject, title) + BODY_WEIGHT * _hits(words.body, text)
        if score > most:
            best, most = key, score
    return best


def mentions(phrases: tuple[str, ...], text: str) -> bool:
    """Whether any phrase stands in a text, compared as above."""
    return _hits(phrases, plain(text[:BODY_READ])) > 0
