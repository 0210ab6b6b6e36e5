"""What is never shown again once it was sent: the code that opens a case to its person.

It stands in the link of our mails. Whoever reads it on a page of the staff could write to us in the
person's name, so every text that is shown passes here. Mails quote our links as their programs
please: percent-encoded within the link of a guard, broken over quoted lines, cut into elements.
"""

from __future__ import annotations

import re
import unicodedata

from ventanilla.register.folio import ALPHABET, secret_of
from ventanilla.register.models import Case

# Atomic, so that no text makes the search slow: what breaks a code is never given back.
_BREAK = r"=?[ \t]{0,4}\r?\n[\s>|]{0,40}|<[/a-z][^<>]{0,400}>|[\u00ad\u200b-\u200d\u2060\ufeff]"
_GAP = rf"(?>(?:{_BREAK})*)"
_HYPHEN = rf"{_GAP}(?:[-=%](?:25){{0,3}}2D|[-\u2010-\u2015]){_GAP}"
_LETTER = f"[{ALPHABET}]"
_FOUR = _GAP.join([_LETTER] * 4)
# The folio of an invoice is a UUID, whose middle may look like a code.
_UUID = r"(?P<uuid>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
_CODE = re.compile(rf"{_UUID}|{_FOUR}(?:{_HYPHEN}{_FOUR}){{2,}}", re.IGNORECASE)
# In the link the code may be written without its hyphens.
_SLASH = rf"{_GAP}(?:/|%(?:25){{0,3}}2F){_GAP}"
_TWELVE = rf"(?:{_HYPHEN})?".join([_LETTER + _GAP] * 12)
_LINK = re.compile(rf"(seguimiento{_SLASH}[\w.-]{{1,60}}{_SLASH}){_TWELVE}", re.IGNORECASE)
# Looked for first: most texts have none, and a page masks thirty.
_HYPHENS = re.compile(r"[-\u2010-\u2015]|2[Dd]")
_TAG = re.compile(r"<[^<>]*>")
_MASK = "····-····-····"
# The links of mails to colleagues with which a password is chosen.
_RESET = re.compile(r"(/cuenta/clave/olvidada/|/invitacion/)[0-9A-Za-z]+[-/]\S+")

# What may stand between two letters of a code that was typed anew: all that the door overlooks.
# Nothing follows it, so nothing is ever tried twice: a text of any kind is read once.
_NOISE = re.compile(
    r"(?:<[/a-z][^<>]{0,400}>|%(?:25){0,3}[0-9A-F]{2}|&#?\w{1,8};|[\W_])+", re.IGNORECASE
)


def masked(text: str, case: Case | None) -> str:
    """The text with every access code in it made unreadable.

    A code is known by its shape or by its place in a link; of a text that belongs to ``case`` also
    whatever the door of the portal would take for the code of that case, however it is written.
    None is said of what belongs to no case yet.
    """
    text = _RESET.sub(r"\1····", text)
    if _HYPHENS.search(text):
        text = _CODE.sub(_hidden, text)
    if "seguimiento" in text.lower():
        text = _LINK.sub(_hidden_in_link, text)
    return text if case is None else _without(text, secret_of(case).replace("-", ""))


def _hidden(found: re.Match[str]) -> str:
    # Numbers of cards and telephones are no codes: one in ten million codes has no letter.
    is_number = not any(map(str.isalpha, found[0]))
    return found[0] if found["uuid"] or is_number else _mask_over(found[0])


def _hidden_in_link(found: re.Match[str]) -> str:
    return found[1] + _mask_over(found[0][len(found[1]) :])


def _mask_over(code: str) -> str:
    """The mask and the elements that stood within, so that the markup stays whole."""
    return _MASK + "".join(_TAG.findall(code))


def _without(text: str, code: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if not set(code) <= set(plain.upper()):  # nearly every text: the search below takes longer
        return text
    if code not in _NOISE.sub("", plain).upper():
        return text
    places = _letters_of(plain)
    letters = "".join(map(plain.__getitem__, places))
    pieces, end = [], 0
    for found in re.finditer(code, letters, re.IGNORECASE):
        first, last = places[found.start()], places[found.end() - 1]
        pieces += [plain[end:first], _mask_over(plain[first : last + 1])]
        end = last + 1
    return "".join([*pieces, plain[end:]])


def _letters_of(text: str) -> list[int]:
    """Where the letters stand that the door of the portal looks at."""
    places: list[int] = []
    end = 0
    for noise in _NOISE.finditer(text):
        places += range(end, noise.start())
        end = noise.end()
    return [*places, *range(end, len(text))]
