"""How a folio is written, read back and checked. Pure."""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ventanilla.core.refusals import Refusal
from ventanilla.policy.schema.record import Folio as FolioRule

_FIELD = re.compile(r"\{(year|number|check)(?::0(\d{1,2}))?\}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_/.", "-"))
MOST_NEAR = 20
"""More candidates than one wrong character has on average by far: one in 36 fits."""
_LETTER_AS_DIGIT = str.maketrans("OQIL", "0011")


class FolioMistyped(Refusal):
    """El {word} «{text}» no es correcto: su carácter de control no corresponde, así que hay algún
    carácter cambiado. Revíselo tal como aparece en el correo que le enviamos."""


class FolioParts(NamedTuple):
    """A folio taken apart."""

    year: int | None
    number: int
    check: str


def series_of(rule: FolioRule, at: datetime, zone: ZoneInfo) -> str:
    """The counter a folio is taken from; the year turns at midnight in the zone of the pack."""
    return f"{rule.series}-{at.astimezone(zone).year}" if rule.restarts_yearly else rule.series


def write(rule: FolioRule, number: int, at: datetime, zone: ZoneInfo) -> str:
    """The folio with this number, with its check character."""
    year = at.astimezone(zone).year

    def fill(match: re.Match[str]) -> str:
        value = {"year": year, "number": number}.get(match[1])
        return "{check}" if value is None else str(value).zfill(int(match[2] or 0))

    open_end = _FIELD.sub(fill, rule.pattern)
    return open_end.replace("{check}", _check_of(rule, open_end))


def read(rule: FolioRule, text: str, *, word: str = "folio") -> str | None:
    """The folio a person meant, in its exact form, or None when it has another shape.

    Capitals, accents, spaces and hyphens do not matter; where a digit must stand, O is read as 0
    and I or L as 1. The check character may be either, so it is taken as it is. Raises
    FolioMistyped when the shape fits and the check character does not; ``word`` is what the country
    calls it.
    """
    found = _reader(rule).fullmatch(_plain(text))
    if found is None:
        return None
    open_end = _rebuilt(rule, found)
    expected = _check_of(rule, open_end)
    given = found["check"]
    # No tolerance here: a mistyped number may ask for O where the right one asks for 0.
    if given != expected:
        raise FolioMistyped(text=text.strip(), word=word)
    return open_end.replace("{check}", expected)


def near(rule: FolioRule, text: str) -> list[str]:
    """The folios that somebody may have meant who mistyped one character, or swapped two neighbours.

    Each has a fitting check character; whether a case bears it is for others to say. First the one
    with only the check character wrong, then swapped digits, then one digit wrong. Empty for a
    text that has not the shape of a folio.
    """
    found = _reader(rule).fullmatch(_plain(text))
    if found is None:
        return []
    given = found["check"]
    names = [match[1] for match in _FIELD.finditer(rule.pattern) if match[1] != "check"]
    spans = {name: found.span(name) for name in names}
    typed = _digits(found.string)
    meant: list[tuple[str, str | None]] = [(typed, None)]
    meant += [(each, given) for each in _swapped(typed, spans.values())]
    meant += [(each, given) for each in _other_digit(typed, spans.values())]
    rebuilt = (
        (_open_end(rule, {name: each[slice(*spans[name])] for name in names}), check)
        for each, check in meant
    )
    good = (
        open_end.replace("{check}", _check_of(rule, open_end))
        for open_end, check in rebuilt
        if check is None or _check_of(rule, open_end) == check
    )
    return list(dict.fromkeys(good))[:MOST_NEAR]


def _swapped(typed: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in spans:
        for at in range(start, end - 1):
            yield typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]


def _other_digit(typed: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in spans:
        for at in range(start, end):
            yield from (typed[:at] + digit + typed[at + 1 :] for digit in "0123456789")


def parts(rule: FolioRule, folio: str) -> FolioParts | None:
    """The year and number inside a folio, or None when the pattern is another one."""
    found = _reader(rule).fullmatch(_plain(folio))
    if found is None:
        return None
    names = found.groupdict()
    year = int(_digits(names["year"])) if names.get("year") else None
    return FolioParts(year, int(_digits(names["number"])), names["check"])


def finder(rule: FolioRule) -> re.Pattern[str]:
    """A pattern that finds folios as we print them inside a longer text, such as a subject."""
    return _finder(rule.pattern)


def _rebuilt(rule: FolioRule, found: re.Match[str]) -> str:
    return _open_end(rule, found.groupdict())


def _open_end(rule: FolioRule, fields: Mapping[str, str]) -> str:
    """The folio with these digits, its check character still open."""

    def fill(match: re.Match[str]) -> str:
        if match[1] == "check":
            return "{check}"
        return str(int(_digits(fields[match[1]]))).zfill(int(match[2] or 0))

    return _FIELD.sub(fill, rule.pattern)


def _digits(text: str) -> str:
    return text.translate(_LETTER_AS_DIGIT)


def _plain(text: str) -> str:
    """Upper case, no accents, and nothing but letters, digits and * (a check character)."""
    spread = unicodedata.normalize("NFKD", text.translate(_DASHES)).upper()
    return "".join(each for each in spread if each == "*" or (each.isascii() and each.isalnum()))


def _check_of(rule: FolioRule, open_end: str) -> str:
    algorithm: Any = _algorithm(rule.check)
    body = _plain(open_end.replace("{check}", ""))
    if rule.check.endswith(("mod_97_10",)):
        return str(algorithm.calc_check_digits(body))
    return str(algorithm.calc_check_digit(body if rule.check != "luhn" else _only_digits(body)))


def _only_digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


@lru_cache(maxsize=8)
def _algorithm(name: str) -> Any:
    return importlib.import_module(f"stdnum.{name}")


def _reader(rule: FolioRule) -> re.Pattern[str]:
    return _compiled(rule.pattern, rule.check)


@lru_cache(maxsize=32)
def _compiled(pattern: str, check: str) -> re.Pattern[str]:
    expression = ""
    position = 0
    for match in _FIELD.finditer(pattern):
        expression += re.escape(_plain(pattern[position : match.start()]))
        digits = {"year": "[0-9OQIL]{4}", "number": f"[0-9OQIL]{{{match[2] or 1},12}}"}
        check_form = "[0-9OQIL]{2}" if check.endswith("mod_97_10") else "[0-9A-Z*]"
        expression += f"(?P<{match[1]}>{digits.get(match[1], check_form)})"
        position = match.end()
    return re.compile(expression + re.escape(_plain(pattern[position:])))


@lru_cache(maxsize=32)
def _finder(pattern: str) -> re.Pattern[str]:
    expression = ""
    position = 0
    for match in _FIELD.finditer(pattern):
        expression += re.escape(pattern[position : match.start()]).replace(r"\-", r"[-‐‑–—\s]?")
        expression += {"year": r"\d{4}", "check": r"[0-9A-Z*]{1,2}"}.get(match[1], r"\d{1,12}")
        position = match.end()
    return re.compile(rf"(?<![0-9A-Z]){expression}(?![0-9A-Z])", re.IGNORECASE)
