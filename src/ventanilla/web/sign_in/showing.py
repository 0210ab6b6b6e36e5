"""Sessions and passkeys as their owner reads them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, tzinfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from ventanilla.web.addresses import address
from ventanilla.web.presenters.moments import Moment, moment

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""What stands in a browser's name of itself → what people call it; the first that fits."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One place where one is signed in."""

    device: str
    is_phone: bool
    place: str
    seen_at: Moment
    opened_at: Moment
    is_here: bool
    url: str


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """One passkey or security key."""

    name: str
    enters_alone: bool
    added_at: Moment
    used_at: Moment | None
    edit_url: str
    remove_url: str


def session_view(
    session: UserSession, zone: tzinfo, as_of: datetime, *, here: str | None
) -> SessionView:
    """One session in words; ``here`` is the key of the one that asks."""
    is_here = session.session_key == here
    return SessionView(
        device=device_words(session.user_agent),
        is_phone=any(sign in session.user_agent for sign in ("Mobile", "Android", "iPhone")),
        place=place_words(session.ip),
        seen_at=moment(as_of if is_here else session.last_seen_at, zone, as_of),
        opened_at=moment(session.created_at, zone, as_of),
        is_here=is_here,
        url=address("end-session", session.pk),
    )


def passkey_view(key: Authenticator, zone: tzinfo, as_of: datetime) -> PasskeyView:
    """One passkey in words."""
    return PasskeyView(
        name=str(key),
        enters_alone=key.wrap().is_passwordless is True,
        added_at=moment(key.created_at, zone, as_of),
        used_at=moment(key.last_used_at, zone, as_of) if key.last_used_at else None,
        edit_url=address("mfa_edit_webauthn", key.pk),
        remove_url=address("mfa_remove_webauthn", key.pk),
    )


def device_words(user_agent: str) -> str:
    """«Firefox en Windows», as well as a browser's name of itself tells it."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s en %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Equipo desconocido")


def place_words(ip: str) -> str:
    """The address, and whether it is one of an inner network; no list of places is asked."""
    found = ipaddress.ip_address(ip)
    if found.is_unspecified:
        return _("dirección desconocida")
    return _("%(address)s (red interna)") % {"address": ip} if found.is_private else ip


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((words for sign, words in table if sign in text), "")
