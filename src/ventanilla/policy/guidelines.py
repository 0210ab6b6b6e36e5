"""Holding an answer against the guidelines of the policy, while it is written and when it is sent.

Pure, and without judgement: a rule finds words or does not find them. Whether the answer is good
remains with who writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .classify import mentions, plain
from .schema.guidelines import Guideline, GuidelineKind, GuidelineSeverity
from .wording import MONTHS, WEEKDAYS

FIRST_LINES = 3
LAST_LINES = 5
LOUD_WORDS = 3
"""So many words in capitals one after the other are shouted; two may be a name or an acronym."""
LOUD_LETTERS = 3
SHORTEST_NAME = 2
_WORD = re.compile(r"[^\W\d_]+")
_EXCLAMATION = re.compile(r"[!¡]")


@dataclass(frozen=True, slots=True)
class Situation:
    """What an answer is about: who gets it, who writes it, what is promised.

    ``due`` is the local date that is promised now, in the zone of the pack; None when nothing is
    owed. ``cites`` says whether it names an article, None when nobody asks. An empty name or a
    missing date makes the rule about it fall silent.
    """

    folio: str = ""
    customer: str = ""
    agent: str = ""
    due: date | None = None
    cites: bool | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A guideline and whether the text meets it; ``met`` is None when nobody can tell.

    ``found`` are the words that offend, as they stand in the text.
    """

    guideline: Guideline
    met: bool | None
    found: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the answer may leave only with a reason."""
        return self.met is False and self.guideline.severity is GuidelineSeverity.REQUIRE


def check(
    guidelines: Iterable[Guideline | str], text: str, situation: Situation
) -> tuple[Verdict, ...]:
    """Every guideline with its verdict, in the order of the pack.

    A guideline of an earlier version of the format is a sentence, which is only shown and so left
    to the caller.
    """
    return tuple(
        _verdict(each, text, situation) for each in guidelines if isinstance(each, Guideline)
    )


def blocking(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The required guidelines that the text does not meet."""
    return tuple(each for each in verdicts if each.blocks)


def _verdict(guideline: Guideline, text: str, situation: Situation) -> Verdict:
    kind = guideline.kind
    if kind is GuidelineKind.FORBIDDEN:
        found = tuple(each for each in guideline.phrases if mentions((each,), text))
        return Verdict(guideline, not found, found)
    if kind is GuidelineKind.SHOUTING:
        loud = _shouted(text)
        return Verdict(guideline, not loud, loud)
    return Verdict(guideline, _is_met(guideline, text, situation))


def _is_met(guideline: Guideline, text: str, situation: Situation) -> bool | None:
    lines, phrases = _lines(text), guideline.phrases
    head, foot = "\n".join(lines[:FIRST_LINES]), "\n".join(lines[-LAST_LINES:])
    look: dict[GuidelineKind, Callable[[], bool | None]] = {
        GuidelineKind.GREETING: lambda: mentions(phrases, head),
        # A text of one line has no end that is not also its beginning.
        GuidelineKind.CLOSING: lambda: len(lines) > 1 and mentions(phrases, foot),
        GuidelineKind.MENTIONS: lambda: mentions(phrases, text),
        GuidelineKind.CUSTOMER_NAME: lambda: _names(situation.customer, head),
        GuidelineKind.AGENT_NAME: lambda: _names(situation.agent, foot),
        GuidelineKind.FOLIO: lambda: _says(situation.folio, text),
        GuidelineKind.COMMITTED_DATE: lambda: _says_date(situation.due, text),
        GuidelineKind.ARTICLE: lambda: situation.cites,
    }
    found = look.get(guideline.kind)
    return found() if found else None


def _lines(text: str) -> Sequence[str]:
    return [line for line in (each.strip() for each in text.splitlines()) if line]


def _names(name: str, text: str) -> bool | None:
    """Whether any part of a name stands in a text: people are greeted by one of them."""
    parts = tuple(each for each in plain(name).split() if len(each) >= SHORTEST_NAME)
    return mentions(parts, text) if parts else None


def _says(words: str, text: str) -> bool | None:
    return mentions((words,), text) if words else None


def _says_date(due: date | None, text: str) -> bool | None:
    """«1 de diciembre», «martes 1», «1 dic», «01/12», «2026-12-01»; a bare number says nothing."""
    if due is None:
        return None
    day, month, weekday = due.day, MONTHS[due.month - 1], WEEKDAYS[due.weekday()]
    month_words = (month, month[:3])
    days = (str(day), f"{day:02}", *(("primero", "1o", "1ro") if day == 1 else ()))
    written = [f"{each} {of}{name}" for each in days for of in ("", "de ") for name in month_words]
    written += [f"{weekday} {each}" for each in days]
    numbers = [
        f"{each} {number}" for each in days for number in (str(due.month), f"{due.month:02}")
    ]
    said = plain(text)
    return (
        mentions(tuple(written), said)
        or mentions((f"{due.year} {due.month:02} {due.day:02}",), said)
        or any(
            re.search(rf"(?<![\w/.-]){each[0]}[/.-]{each[1]}\b", text) for each in _pairs(numbers)
        )
    )


def _pairs(numbers: Iterable[str]) -> list[tuple[str, str]]:
    return [(first, second) for first, _, second in (each.partition(" ") for each in numbers)]


def _shouted(text: str) -> tuple[str, ...]:
    found = ["!"] if _EXCLAMATION.search(text) else []
    run: list[str] = []
    for word in [*_WORD.findall(text), ""]:
        if word.isupper() and len(word) >= LOUD_LETTERS:
            run.append(word)
            continue
        if word and len(word) < LOUD_LETTERS and word.isupper() and run:
            continue  # «NO SE PUEDE»: the short word does not end it
        if len(run) >= LOUD_WORDS:
            found.append(" ".join(run))
        run = []
    return tuple(found)
