"""The piece of a text in which the searched words stand, with the words marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from ventanilla.web.markup import filled

LENGTH = 150
"""Characters of an excerpt: what a row shows on a wide screen."""
BEFORE = 45
"""So many of them may stand before the first marked word."""
MOST_PLACES = 40
ENDING = 7
"""Letters that an ending may have behind the stem: «factur» marks «facturación», and not more."""
MARK = "<mark>{}</mark>"
ELLIPSIS = "…"


def _plain_letter(code: int) -> str:
    letter = unicodedata.normalize("NFD", chr(code))[0].lower()
    return letter if len(letter) == 1 else chr(code)


PLAIN = {code: _plain_letter(code) for code in range(0x41, 0x250)}
"""Each letter without accent and small; a text keeps its length, so places in it keep theirs."""


def excerpt(text: str, stems: Sequence[str], length: int = LENGTH) -> SafeString:
    """The stretch of the text that holds most of the words, each marked; its beginning without any.

    The text may hold anything; what comes back is markup.
    """
    line = " ".join(text.split())
    places = list(_places(line, stems))
    start = _start(places, length)
    start = line.rfind(" ", 0, start + 1) + 1 if start else 0
    end = len(line) if len(line) <= start + length else line.rfind(" ", start, start + length)
    end = start + length if end <= start else end
    shown = [place for place in places if start <= place[0] and place[1] <= end]
    before, after = ELLIPSIS if start else "", ELLIPSIS if end < len(line) else ""
    return filled("{}{}{}", before, _marked(line, start, end, shown), after)


def marked(text: str, stems: Sequence[str]) -> SafeString:
    """The whole of a short text with the words marked."""
    return _marked(text, 0, len(text), list(_places(text, stems)))


def _places(line: str, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where a word with one of the stems begins and ends, and the stem."""
    whole = [re.escape(each) for each in sorted(stems, key=len, reverse=True) if each]
    if not whole:
        return
    found = re.compile(rf"(?<!\w)({'|'.join(whole)})\w{{0,{ENDING}}}(?!\w)")
    for count, match in enumerate(found.finditer(line.translate(PLAIN))):
        if count >= MOST_PLACES:
            return
        yield match.start(), match.end(), match[1]


def _start(places: Sequence[tuple[int, int, str]], length: int) -> int:
    """Where the stretch with the most different words begins; of equal ones the first."""
    if not places:
        return 0
    room = length - BEFORE

    def words_from(place: tuple[int, int, str]) -> int:
        near = {stem for at, end, stem in places if place[0] <= at and end <= place[0] + room}
        return len(near)

    best = max(places, key=words_from)
    return max(best[0] - BEFORE, 0)


def _marked(line: str, start: int, end: int, places: Sequence[tuple[int, int, str]]) -> SafeString:
    pattern, words, at = "", [], start
    for first, last, _ in places:
        pattern += "{}" + MARK
        words += [line[at:first], line[first:last]]
        at = last
    return filled(pattern + "{}", *words, line[at:end])
