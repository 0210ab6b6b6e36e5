"""How members of the team get in: their sessions, second factors and passkeys, read and ended.

The rows are those of django-allauth; its pages write them. Whoever needs to know or to end
something asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from ventanilla.accounts.models import Staff
from ventanilla.core.refusals import Refusal

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What protects an account beside the password."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes_left: int | None

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return self.app is not None or bool(self.passkeys)


def has_second_factor(staff: Staff) -> bool:
    """Whether this account is protected by more than a password. One query."""
    return bool(Authenticator.objects.filter(user_id=staff.pk, type__in=STRONG).exists())


def factors_of(staff: Staff) -> Factors:
    """Everything that protects this account beside the password."""
    rows = list(Authenticator.objects.filter(user_id=staff.pk).order_by("created_at", "id"))
    by_type = {each.type: each for each in rows if each.type != Authenticator.Type.WEBAUTHN}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=by_type.get(Authenticator.Type.TOTP),
        passkeys=tuple(each for each in rows if each.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def sessions_of(staff: Staff, *, as_of: datetime) -> list[UserSession]:
    """Where this person is signed in, the last seen first; those that ended are left out."""
    rows = UserSession.objects.filter(user_id=staff.pk).order_by("-last_seen_at", "-id")
    alive = _alive((each.session_key for each in rows), as_of)
    own = staff.get_session_auth_hash()
    return [each for each in rows if alive.get(each.session_key) == own]


def _alive(keys: Iterable[str], as_of: datetime) -> Mapping[str, str]:
    """The password's fingerprint that each session was opened with, by key."""
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=as_of)
    return {each.session_key: each.get_decoded().get("_auth_user_hash", "") for each in rows}


def note_seen(request: HttpRequest) -> None:
    """Keep device, place and moment of the session that a request came with."""
    UserSession.objects.create_from_request(request)


class SessionUnknown(Refusal):
    """Esa sesión ya había terminado, o no es suya."""


def end_session(*, staff: Staff, session_id: int) -> None:
    """End one session of this person: its next request is a stranger's. Raises SessionUnknown."""
    row = UserSession.objects.filter(user_id=staff.pk, pk=session_id).first()
    if row is None:
        raise SessionUnknown
    _end([row])


def end_other_sessions(*, staff: Staff, kept_key: str | None) -> int:
    """End every session of this person but the one with this key; how many there were."""
    rows = UserSession.objects.filter(user_id=staff.pk)
    return _end(list(rows.exclude(session_key=kept_key) if kept_key else rows))


def _end(rows: list[UserSession]) -> int:
    for row in rows:
        SessionStore(row.session_key).delete()
        row.delete()
    return len(rows)


def staff_by_address(address: str) -> Staff | None:
    """The active member with this e-mail address, whatever its capitals; None for strangers."""
    return Staff.objects.filter(email__iexact=address.strip(), is_active=True).first()
