"""A member of the team with a real password, and how they come in."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from typing import Any

from django.test import Client
from django.utils import timezone

from ventanilla.accounts.models import Staff
from ventanilla.accounts.operations import create_staff
from ventanilla.core.actors import SYSTEM

PASSWORD = "una frase para probar"


def member(email: str = "sara@empresa.example", role: str = "agent") -> Staff:
    """Somebody who can sign in for real."""
    return create_staff(
        email=email,
        full_name="Sara Prueba",
        role=role,
        password=PASSWORD,
        acting_user=SYSTEM,
        as_of=timezone.now(),
    )


def enter(browser: Client, staff: Staff, password: str = PASSWORD, **typed: str) -> Any:
    """Type address and password."""
    typed |= {"login": staff.email, "password": password}
    return browser.post("/cuenta/login/", typed)


def code_of(secret: str, at: float | None = None) -> str:
    """The six digits an app shows for this secret (RFC 6238), computed here for itself."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
