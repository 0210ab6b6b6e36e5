"""Addresses of mail servers, as they are written in the settings."""

from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

RELAY_PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587
IMAP_PORTS = {"imap": 143, "imaps": 993}


class AddressInvalid(ValueError):
    """Una dirección de servidor de correo está mal escrita."""


@dataclass(frozen=True, slots=True)
class Relay:
    """The server that takes our outgoing mail."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read ``smtp://user:password@host:587?starttls=1`` or ``smtps://…``.

        STARTTLS is on by itself on the submission port. Raises AddressInvalid.
        """
        parts, port = _split(url, RELAY_PORTS, example="smtp://usuario:clave@correo.example:587")
        wanted = parse_qs(parts.query).get("starttls", ["1" if port == SUBMISSION_PORT else "0"])[
            -1
        ]
        plain: Literal["none", "starttls"] = "starttls" if wanted in ("1", "true") else "none"
        security = "tls" if parts.scheme == "smtps" else plain
        return cls(_host(parts), port, security, _text(parts.username), _text(parts.password))


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """A mailbox that is fetched."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read ``imaps://user:password@host/INBOX``. Raises AddressInvalid."""
        example = "imaps://usuario:clave@correo.example/INBOX"
        parts, port = _split(url, IMAP_PORTS, example=example)
        user, password = _text(parts.username), _text(parts.password)
        if not user or not password:
            message = f"falta usuario o clave. Ejemplo: {example}"
            raise AddressInvalid(message)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(_host(parts), port, parts.scheme == "imaps", user, password, folder)


def _split(url: str, ports: dict[str, int], *, example: str) -> tuple[SplitResult, int]:
    """The parts and the port; the message never repeats the URL, which holds a password."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ports or not parts.hostname or port == 0:
        message = f"no es una dirección de servidor de correo. Ejemplo: {example}"
        raise AddressInvalid(message)
    return parts, port or ports[parts.scheme]


def _host(parts: SplitResult) -> str:
    return parts.hostname or ""


def _text(value: str | None) -> str | None:
    return unquote(value) if value else None
