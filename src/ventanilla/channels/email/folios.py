"""Folios that people write in a subject or in a text."""

import re
from collections.abc import Callable, Iterator

#: Texts beyond this are not searched: a folio stands near the beginning.
SEARCHED_CHARS = 20_000
MOST_CANDIDATES = 20


def folios_in(
    text: str, *, pattern: str | re.Pattern[str], check: Callable[[str], str | None] | None = None
) -> tuple[str, ...]:
    """Candidates for folios in the order they stand, without repeats.

    `pattern` matches one folio (letters in any case); with `check`, each candidate is passed
    through it and only what it returns counts: it normalises, and refuses a wrong check character.
    A candidate opens nothing by itself: the sender must also be known on the case.
    """
    source = pattern if isinstance(pattern, str) else pattern.pattern
    wanted = re.compile(rf"(?<![^\W_])(?:{source})(?![^\W_])", re.IGNORECASE)
    found = dict.fromkeys(_candidates(text[:SEARCHED_CHARS], wanted, check))
    return tuple(found)


def _candidates(
    text: str, wanted: re.Pattern[str], check: Callable[[str], str | None] | None
) -> Iterator[str]:
    for count, match in enumerate(wanted.finditer(text)):
        if count >= MOST_CANDIDATES:
            return
        folio = check(match[0]) if check else match[0].upper()
        if folio:
            yield folio
