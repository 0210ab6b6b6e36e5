"""How often somebody outside may try.

Counted in Django's cache, which is a table: N web processes count together. Two tries at the very
same instant may count as one, because the cache reads and then writes; a limit is a brake, not a sum.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

IPV6_LINE_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` within ``seconds``, for each subject."""

    name: str
    times: int
    seconds: int


WRONG_PER_ADDRESS = Limit("portal-address", times=30, seconds=15 * 60)
WRONG_PER_FOLIO = Limit("portal-folio", times=10, seconds=60 * 60)
"""Of one folio from one address: what strangers try elsewhere keeps nobody out of their case."""
MESSAGES_PER_FOLIO = Limit("portal-messages", times=20, seconds=60 * 60)
ASKS_PER_ADDRESS = Limit("ask-address", times=30, seconds=60 * 60)
"""A whole office may sit behind one address."""
ASKS_PER_MAILBOX = Limit("ask-mailbox", times=8, seconds=60 * 60)
"""Every request is answered by mail at once: nobody's mailbox is filled by typing it in."""
SENT_BYTES_PER_ADDRESS = Limit("sent-bytes", times=300 * 1024 * 1024, seconds=60 * 60)
"""What forms bring with them: it is kept for good, where a waiting file goes after a day."""
UPLOADS_PER_ADDRESS = Limit("upload-address", times=120, seconds=60 * 60)
LINKS_PER_ADDRESS = Limit("link-address", times=10, seconds=60 * 60)
LINKS_PER_MAILBOX = Limit("link-mailbox", times=3, seconds=60 * 60)
"""Of one folio to one mailbox."""
READS_PER_ADDRESS = Limit("help-address", times=600, seconds=15 * 60)
"""Searches and offers of articles; a person who types makes one every second or two."""


def is_over(limit: Limit, subject: str, amount: int = 1) -> bool:
    """Count one try of a subject, or ``amount`` bytes, and say whether it is too much.

    The subject is kept as a digest: neither addresses of people nor folios lie in the cache.
    """
    period = int(timezone.now().timestamp() // limit.seconds)
    key = f"limit:{limit.name}:{period}:{digest_of(subject)}"
    used = int(cache.get(key, 0)) + amount
    cache.set(key, used, limit.seconds)  # not ``incr``, which forgets when the period ends
    return used > limit.times


def digest_of(subject: str) -> str:
    """The sign under which something about a person is counted and not known."""
    return hashlib.sha256(f"{settings.SECRET_KEY}\n{subject}".encode()).hexdigest()


def network_of(request: HttpRequest) -> str:
    """What is counted as one place: an address, of IPv6 the network of 64 bits that one line gets.

    Whoever has such a line may take another of its addresses for every try.
    """
    told = address_of(request)
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_LINE_BITS), strict=False))


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy the last hop it added is the one to believe."""
    if settings.VENTANILLA.behind_proxy:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if hops[-1].strip():
            return hops[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
