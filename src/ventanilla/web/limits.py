"""How often somebody outside may try.

Counted in a table, one statement a try: N web processes count together, and none is lost. It is not
the table in which sign-ins are counted, so nobody can push those out by trying something here.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
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
SENT_BYTES_PER_DAY = Limit("sent-bytes-day", times=1024 * 1024 * 1024, seconds=24 * 60 * 60)
SENT_BYTES_OF_ALL = Limit("sent-bytes-all", times=5 * 1024 * 1024 * 1024, seconds=24 * 60 * 60)
"""What strangers of all networks together bring in a day, however many networks somebody has."""
UPLOADS_PER_ADDRESS = Limit("upload-address", times=120, seconds=60 * 60)
LINKS_PER_ADDRESS = Limit("link-address", times=10, seconds=60 * 60)
LINKS_PER_MAILBOX = Limit("link-mailbox", times=3, seconds=60 * 60)
"""Of one folio to one mailbox."""
READS_PER_ADDRESS = Limit("help-address", times=600, seconds=15 * 60)
"""Searches and offers of articles; a person who types makes one every second or two."""


COUNT = """
    INSERT INTO web_tries AS tries (key, used, until) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET used = tries.used + excluded.used RETURNING used
"""
FORGET = """
    DELETE FROM web_tries WHERE key IN (
        SELECT key FROM web_tries WHERE until < %s LIMIT 100 FOR UPDATE SKIP LOCKED
    )
"""


def is_over(limit: Limit, subject: str, amount: int = 1) -> bool:
    """Count one try of a subject, or ``amount`` bytes, and say whether it is too much.

    The subject is kept as a digest: neither addresses of people nor folios lie in the table.
    """
    now = timezone.now()
    period = int(now.timestamp() // limit.seconds)
    until = now + timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [f"{limit.name}:{period}:{digest_of(subject)}", amount, until])
        (used,) = cursor.fetchone()
        if used == amount:  # a new row pays for some old ones
            cursor.execute(FORGET, [now])
    return int(used) > limit.times


def brings_too_much(request: HttpRequest, amount: int) -> bool:
    """Count the bytes of a form's files, and say whether its network or all brought too many.

    What is refused for its network does not count for all: nobody uses up what others may send.
    """
    place = network_of(request)
    return (
        is_over(SENT_BYTES_PER_ADDRESS, place, amount)
        or is_over(SENT_BYTES_PER_DAY, place, amount)
        or is_over(SENT_BYTES_OF_ALL, "", amount)
    )


def digest_of(subject: str) -> str:
    """The sign under which something about a person is counted and not known."""
    return hashlib.sha256(f"{settings.SECRET_KEY}\n{subject}".encode()).hexdigest()


def network_of(request: HttpRequest) -> str:
    """The place that a request comes from."""
    return network_in(request.META)


def network_in(meta: Mapping[str, Any]) -> str:
    """What is counted as one place: an address, of IPv6 the network of 64 bits that one line gets.

    Whoever has such a line may take another of its addresses for every try.
    """
    told = _address_in(meta)
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_LINE_BITS), strict=False))


def address_of(request: HttpRequest) -> str:
    """The address that a request comes from."""
    return _address_in(request.META)


def _address_in(meta: Mapping[str, Any]) -> str:
    """Behind a proxy the last hop it added is the one to believe."""
    if settings.VENTANILLA.behind_proxy:
        last = str(meta.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if last:
            return last
    return str(meta.get("REMOTE_ADDR", ""))
