"""How an address and a name are read. Pure: text in, text out."""

from __future__ import annotations

import re
import unicodedata
from email.utils import parseaddr

from ventanilla.core.refusals import Refusal

ADDRESS_LIMIT = 320
NAME_LIMIT = 200
SUMMARY_LIMIT = 300
SOFT_BOUNCES_BEFORE_MARK = 5
"""So many temporary bounces in a row count like one final one."""

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+")
_QUOTED_PLAIN = re.compile(r'"([^\s@<>()\[\]\\,;:\"]+)"')
_HOST = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)"
    r"(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_PHONE_NOISE = re.compile(r"[\s().\-/]+")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_MEXICAN_MOBILE = re.compile(r"\+521([0-9]{10})")


class AddressNotUnderstood(Refusal):
    """«{value}» no es una dirección que se pueda usar. Revise que esté completa, por
    ejemplo nombre@empresa.example o +57 601 555 0100."""


def normalise_email(value: str) -> str:
    """The one spelling under which an address is kept: lower case, ASCII domain, no decoration.

    Takes ``Ana <Ana@Café.example>``, ``mailto:`` and stray quotes. Dots and ``+tags`` in the local
    part stay as they are: what they mean is the provider's affair, and a wrong guess would show
    one person's cases to another. Raises AddressNotUnderstood.
    """
    text = _visible(value).strip().strip("<>;,").removeprefix("mailto:").strip()
    address = parseaddr(text)[1] if "<" in text or "(" in text else text
    local, at, domain = address.strip("'. ").rpartition("@")
    local = _QUOTED_PLAIN.sub(r"\1", local.strip().strip("'"))
    host = _ascii_domain(domain)
    result = f"{local.lower()}@{host}"
    if not at or not _LOCAL.fullmatch(local) or not host or len(result) > ADDRESS_LIMIT:
        raise AddressNotUnderstood(value=value[:80])
    return result


def normalise_phone(value: str) -> str:
    """A number in international form, ``+`` and digits only. Raises AddressNotUnderstood.

    Mexican mobile numbers are written +52 or +521 for the same person; +52 is kept.
    """
    text = _PHONE_NOISE.sub("", _visible(value)).removeprefix("tel:")
    number = "+" + text[2:] if text.startswith("00") else text
    if not _PHONE.fullmatch(number):
        raise AddressNotUnderstood(value=value[:80])
    return _MEXICAN_MOBILE.sub(r"+52\1", number)


def tidy_name(name: str, address: str) -> str:
    """The name somebody goes by, or an empty string when the text names nobody.

    Mail programs put the address itself, or its first half, where the name belongs. ``Clara`` of
    clara@cliente.example is a name all the same: no program writes the capital.
    """
    text = " ".join(_visible(name).split()).strip("'\"<>,; ")[:NAME_LIMIT].strip()
    is_address = "@" in text or text == address.partition("@")[0]
    return "" if is_address or not any(each.isalpha() for each in text) else text


def better_name(known: str, offered: str) -> str:
    """Which of two tidied names to keep: the known one, unless the other completes or mends it.

    ``Ana`` gives way to ``Ana Pérez``, and ``ANA PEREZ`` to ``Ana Pérez``; never to ``Luis``: an
    address that two people share keeps the first name until a person changes it.
    """
    if not known or not offered:
        return known or offered
    before, after = _plain(known).split(), _plain(offered).split()
    if len(after) > len(before) and set(before) <= set(after):
        return offered
    shouted = known.isupper() or known.islower()
    same = sorted(before) == sorted(after)
    return offered if same and shouted and not (offered.isupper() or offered.islower()) else known


def shorten(text: str, limit: int = SUMMARY_LIMIT) -> str:
    """One line of at most ``limit`` characters; what was cut shows as an ellipsis."""
    line = " ".join(_visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(text: str) -> str:
    """NFC without control and formatting characters, which make equal addresses differ."""
    kept = (" " if each in "\t\r\n" else each for each in unicodedata.normalize("NFC", text))
    return "".join(each for each in kept if unicodedata.category(each) not in _INVISIBLE)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters).split())


def _ascii_domain(domain: str) -> str:
    """The domain in ASCII form, or an empty string when it is none."""
    try:
        host = domain.strip().rstrip(".").lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return host if _HOST.fullmatch(host) else ""
