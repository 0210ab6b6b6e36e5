"""Folios as people write them, and the access code that stands beside a folio."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case
from ventanilla.register.rules import folios
from ventanilla.register.rules.folios import FolioMistyped

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U: nothing that is misread, and hardly a word."""
LONGEST_NUMBER = 9
YEARS_BACK = 4
SECRET_LENGTH = 12
CONTEXT = b"ventanilla case secret 1"


def normalise(text: str, pack: Pack) -> str | None:
    """The folio a person meant, in its exact form; None when it is no folio of this pack.

    Capitals, accents, spaces, hyphens and O/0 or I/1 do not matter. Raises FolioMistyped when it
    has the shape of a folio and its check character does not fit.
    """
    return folios.read(pack.folio, text, word=pack.vocabulary.folio.lower())


def check(text: str, pack: Pack) -> bool:
    """Whether a text is a folio of the pack with a fitting check character. Raises nothing."""
    try:
        return normalise(text, pack) is not None
    except FolioMistyped:
        return False


def find_in(text: str, pack: Pack) -> list[str]:
    """The well-formed folios inside a longer text, such as a subject, in order, each once."""
    found = (match[0] for match in folios.finder(pack.folio).finditer(text))
    good = (normalise(each, pack) for each in found if check(each, pack))
    return list(dict.fromkeys(each for each in good if each))


def near(text: str, pack: Pack) -> list[str]:
    """The folios that somebody may have meant who mistyped one; see ``rules.folios.near``."""
    return folios.near(pack.folio, text)


def numbered(text: str, pack: Pack, as_of: datetime) -> list[str]:
    """The folios with this number, of this year and the last ones; empty when it is no number.

    People call a case by its number: «el 417».
    """
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        return []
    zone = ZoneInfo(pack.zone)
    # The middle of each year: steps of 365 days skip one around New Year.
    middle = as_of.astimezone(zone).replace(month=7, day=1)
    moments = (middle.replace(year=middle.year - back) for back in range(YEARS_BACK + 1))
    given = (folios.write(pack.folio, int(digits), moment, zone) for moment in moments)
    return list(dict.fromkeys(given))


def secret_of(case: Case) -> str:
    """The access code of a case, as it is printed: ``XXXX-XXXX-XXXX``.

    Derived, not stored: from the key of the installation, the folio and the generation, so that
    renewing the generation revokes it. 12 characters of 30, about 58 bits.
    """
    message = f"{case.folio}\n{case.secret_generation}".encode()
    key = hashlib.sha256(CONTEXT + settings.SECRET_KEY.encode()).digest()
    number = int.from_bytes(hmac.digest(key, message, "sha256"), "big")
    letters = []
    for _ in range(SECRET_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, SECRET_LENGTH, 4))


def matches_secret(case: Case, text: str) -> bool:
    """Whether a text is the access code of the case, compared in constant time.

    Capitals, spaces and hyphens do not matter.
    """
    spread = unicodedata.normalize("NFKC", text).upper()
    given = "".join(each for each in spread if each.isalnum())
    expected = secret_of(case).replace("-", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


__all__ = [
    "FolioMistyped",
    "check",
    "find_in",
    "matches_secret",
    "near",
    "normalise",
    "numbered",
    "secret_of",
]
