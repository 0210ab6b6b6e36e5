"""How often somebody outside may try.

Counted in Django's cache, which is a table: N web processes count together. Two tries at the very
same instant may count as one, because the cache reads and then writes; a limit is a brake, not a sum.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` within ``seconds``, for each subject."""

    name: str
    times: int
    seconds: int


PER_ADDRESS = Limit("portal-address", times=30, seconds=15 * 60)
PER_FOLIO = Limit("portal-folio", times=10, seconds=60 * 60)
MESSAGES_PER_FOLIO = Limit("portal-messages", times=20, seconds=60 * 60)
ASKS_PER_ADDRESS = Limit("ask-address", times=30, seconds=60 * 60)
"""A whole office may sit behind one address."""
ASKS_PER_MAILBOX = Limit("ask-mailbox", times=8, seconds=60 * 60)
"""Every request is answered by mail at once: nobody's mailbox is filled by typing it in."""
UPLOADS_PER_ADDRESS = Limit("upload-address", times=120, seconds=60 * 60)
LINKS_PER_ADDRESS = Limit("link-address", times=10, seconds=60 * 60)
LINKS_PER_FOLIO = Limit("link-folio", times=3, seconds=60 * 60)
READS_PER_ADDRESS = Limit("help-address", times=600, seconds=15 * 60)
"""Searches and offers of articles; a person who types makes one every second or two."""


def is_over(limit: Limit, subject: str) -> bool:
    """Count one try of a subject and say whether it is one too many.

    The subject is kept as a digest: neither addresses of people nor folios lie in the cache.
    """
    digest = hashlib.sha256(f"{settings.SECRET_KEY}\n{subject}".encode()).hexdigest()
    period = int(timezone.now().timestamp() // limit.seconds)
    key = f"limit:{limit.name}:{period}:{digest}"
    tries = int(cache.get(key, 0)) + 1
    cache.set(key, tries, limit.seconds)  # not ``incr``, which forgets when the period ends
    return tries > limit.times


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy the last hop it added is the one to believe."""
    if settings.VENTANILLA.behind_proxy:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if hops[-1].strip():
            return hops[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
