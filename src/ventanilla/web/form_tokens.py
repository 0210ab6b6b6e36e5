"""What a form of the portal carries instead of a session: when it was drawn, and its name.

The token is signed, so nobody makes one up; it opens nothing. With it a form that comes back in
two seconds is told from one that a person filled in, and the same form is the same request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.core import signing

SALT = "ventanilla.web.form"
FASTEST = timedelta(seconds=3)
"""Nobody fills in a form in less; programs do."""
LONGEST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class FormToken:
    """The name of a form, as its request key."""

    key: str
    too_fast: bool


def new_token() -> str:
    """For a form that is drawn now."""
    return signing.TimestampSigner(salt=SALT).sign(uuid4().hex)


def carried(text: str) -> str:
    """For a form that is drawn again with something to mend: the token it came with, while good.

    So its time counts from when a person first saw it, not from the last correction.
    """
    return text if read_token(text) else new_token()


def read_token(text: str) -> FormToken | None:
    """The token that came back; None when it is not one of ours, or very old."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        key = signer.unsign(text, max_age=LONGEST)
    except signing.BadSignature:
        return None
    try:
        signer.unsign(text, max_age=FASTEST)
    except signing.SignatureExpired:
        return FormToken(key, too_fast=False)
    return FormToken(key, too_fast=True)
