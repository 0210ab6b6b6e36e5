"""Addresses out of header values. The display name never decides who wrote: only the mailbox.

Own scanner: it looks for quotes, comments and angle brackets before anything is decoded, so an
encoded name such as `=?utf-8?q?x=40otro=2Eexample?=` cannot become an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ventanilla.channels.email import headers
from ventanilla.channels.email.values import Address

MOST_ADDRESSES = 500
_DOMAIN_CHARS = 253
_LOCAL = re.compile(r'^[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]{1,64}$')
_DOMAIN = re.compile(r"^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9_-]+)*$")
_WORD = r"[^\s@<>()\[\],;:\"]"
#: Whole words only: in `a@b@c` no mailbox is found rather than the wrong one.
_ANYWHERE = re.compile(rf"(?<!@)(?<!{_WORD}){_WORD}{{1,64}}@{_WORD}{{1,253}}+(?!@)")


def addresses(value: str) -> tuple[Address, ...]:
    """Every valid mailbox of the value, groups opened, in order, without repeats."""
    found: dict[str, Address] = {}
    for name, spec in _mailboxes(headers.unfold(value)):
        email = normalise(spec)
        if email and email not in found:
            found[email] = Address(name=headers.clean(name, limit=200), email=email)
            if len(found) >= MOST_ADDRESSES:
                break
    return tuple(found.values())


def normalise(spec: str) -> str | None:
    """The address in lower case with an ASCII domain; None when it is not one."""
    local, at, domain = headers.without_controls(spec).strip().strip("'").rpartition("@")
    domain = domain.strip().rstrip(".").lower()
    local = local.strip().strip('"').lower()
    if not at or not _LOCAL.match(local):
        return None
    if not domain.isascii():
        domain = _idna(domain) or ""
    return f"{local}@{domain}" if _DOMAIN.match(domain) else None


def _idna(domain: str) -> str | None:
    # The codec of the standard library writes ß as ss: another domain, another owner.
    import idna

    if len(domain) > _DOMAIN_CHARS:
        return None
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def _mailboxes(value: str) -> Iterator[tuple[str, str]]:
    for piece in _pieces(value):
        name, spec, comment = _split(piece)
        if not spec and (match := _ANYWHERE.search(piece)):
            name, spec = piece[: match.start()], match[0]
        if spec:
            yield (_without_stray_quotes(name) or comment), spec


def _without_stray_quotes(name: str) -> str:
    kept = name if name.count('"') % 2 == 0 else name.replace('"', "")
    return kept.strip(" \t'<>")


@dataclass
class _Scanner:
    """Where in a header value we stand: inside quotes, a comment, or angle brackets."""

    #: Unbalanced quotes are ignored altogether: they would swallow the rest of the list.
    balanced: bool
    quoted: bool = False
    comment: int = 0
    angle: bool = False
    escaped: bool = False

    def is_mark(self, char: str) -> bool:
        """Moves past `char`; true when it only marks structure and belongs to no word."""
        if self.escaped:
            self.escaped = False
            return False
        if char == "\\":
            self.escaped = True
            return True
        if char == '"' and self.balanced and not self.comment:
            self.quoted = not self.quoted
            return True
        return not self.quoted and self._bracket(char)

    def _bracket(self, char: str) -> bool:
        if char in "()":
            self.comment = max(0, self.comment + (1 if char == "(" else -1))
        elif char in "<>" and not self.comment:
            self.angle = char == "<"
        return char in "()<>"

    @property
    def outside(self) -> bool:
        return not (self.quoted or self.comment or self.angle or self.escaped)


def _scanner(value: str) -> _Scanner:
    return _Scanner(balanced=(value.count('"') - value.count('\\"')) % 2 == 0)


def _pieces(value: str) -> Iterator[str]:
    """The list cut at commas and semicolons that stand outside quotes, comments and brackets."""
    scanner, start = _scanner(value), 0
    for at, char in enumerate(value):
        if scanner.is_mark(char) or not scanner.outside:
            continue
        if char in ",;":
            yield value[start:at]
        if char in ",;:":  # after a colon: the group's name is left out, its members follow
            start = at + 1
    yield value[start:]


def _split(piece: str) -> tuple[str, str, str]:
    """Display name, address, comment."""
    scanner = _scanner(piece)
    name: list[str] = []
    spec: list[str] = []
    comment: list[str] = []
    for char in piece:
        if scanner.is_mark(char):
            if char == "<" and scanner.angle:
                # The last bracket holds the mailbox: `<a@b.example> <c@d.example>`.
                spec = []
        else:
            (comment if scanner.comment else spec if scanner.angle else name).append(char)
    bare = "".join(name).strip()
    if spec:
        return bare, "".join(spec), "".join(comment).strip()
    return ("", bare, "".join(comment)) if _ANYWHERE.fullmatch(bare) else (bare, "", "")
