"""Every write of the CRM. Called inside the transaction of the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import DEFAULT_DB_ALIAS

from ventanilla.core.statements import execute, insert
from ventanilla.crm.models import ContactPoint, Interaction, Person
from ventanilla.crm.rules import (
    SOFT_BOUNCES_BEFORE_MARK,
    AddressNotUnderstood,
    better_name,
    normalise_email,
    normalise_phone,
    shorten,
    tidy_name,
)

REASON_LIMIT = 300
NORMALISE = {ContactPoint.Kind.EMAIL: normalise_email, ContactPoint.Kind.PHONE: normalise_phone}

# One statement, because every mail asks. Address first, person second: when two workers meet a
# stranger at once, the unique address lets exactly one of them through, and no person without an
# address is left over. The foreign key is checked at commit, so the order is allowed.
IDENTIFY = """
WITH known AS (
    SELECT person.id, person.name, person.organization_id, person.created_at
    FROM crm_contactpoint AS point JOIN crm_person AS person ON person.id = point.person_id
    WHERE point.kind = %(kind)s AND point.value = %(address)s),
introduced AS (
    INSERT INTO crm_contactpoint
        (person_id, kind, value, created_at, bounce_reason, soft_bounces)
    SELECT nextval(pg_get_serial_sequence('crm_person', 'id')), %(kind)s::text, %(address)s::text,
           %(at)s::timestamptz, '', 0
    WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (kind, value) DO NOTHING
    RETURNING person_id),
stranger AS (
    INSERT INTO crm_person (id, name, created_at)
    SELECT person_id, %(name)s::text, %(at)s::timestamptz FROM introduced
    RETURNING id, name, organization_id, created_at)
SELECT * FROM known UNION ALL SELECT * FROM stranger
"""
FOUND = ["id", "name", "organization_id", "created_at"]


def identify(  # house: writes-are-accountable - part of a desk operation, which names the actor
    *, kind: str, value: str, name: str, as_of: datetime
) -> Person:
    """The person behind an address; a stranger is introduced. Race-safe by the unique address.

    ``name`` is what the message says; it fills an unknown name and never replaces a better one.
    Raises AddressNotUnderstood.
    """
    address = NORMALISE[ContactPoint.Kind(kind)](value)
    offered = tidy_name(name, address)
    facts = {"kind": kind, "address": address, "name": offered, "at": as_of}
    found = execute(IDENTIFY, facts).fetchone()
    # Nobody: another worker introduced them while we waited for the address.
    person = Person.from_db(DEFAULT_DB_ALIAS, FOUND, found) if found else _known(kind, address)
    best = better_name(person.name, offered)
    if best != person.name:
        Person.objects.filter(pk=person.pk).update(name=best)
        person.name = best
    return person


def record_interaction(  # house: writes-are-accountable - part of a desk operation, which names the actor
    *, person_id: int, at: datetime, channel: str, direction: str, folio: str, summary: str
) -> Interaction:
    """Add one line to a person's history; ``summary`` is cut to one line of 300 characters."""
    line = Interaction(
        person_id=person_id,
        at=at,
        channel=channel,
        direction=direction,
        folio=folio,
        summary=shorten(summary),
    )
    insert(line)
    return line


def mark_bounce(  # house: writes-are-accountable - part of a desk operation, which names the actor
    *, value: str, hard: bool, reason: str, as_of: datetime
) -> ContactPoint | None:
    """Note that mail to an e-mail address came back; None when the address is nobody's.

    A final bounce marks the address at once, temporary ones after SOFT_BOUNCES_BEFORE_MARK in a
    row. A marked address is not written to automatically until ``mark_reachable``.
    """
    try:
        address = normalise_email(value)
    except AddressNotUnderstood:
        return None
    point = _locked_email(address)
    if point is None:
        return None
    point.soft_bounces += 0 if hard else 1
    point.bounce_reason = shorten(reason, REASON_LIMIT)
    if point.bounced_at is None and (hard or point.soft_bounces >= SOFT_BOUNCES_BEFORE_MARK):
        point.bounced_at = as_of
    point.save(update_fields=["soft_bounces", "bounce_reason", "bounced_at"])
    return point


def mark_reachable(  # house: writes-are-accountable - part of a desk operation, which names the actor
    *, value: str
) -> bool:
    """Forget the bounces of an e-mail address; tell whether there were any.

    For the moment in which its owner writes from it, or a colleague says that it was mended.
    """
    bounced = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL, value=normalise_email(value)
    ).exclude(bounced_at=None, soft_bounces=0)
    return bounced.update(bounced_at=None, soft_bounces=0, bounce_reason="") > 0


def _known(kind: str, address: str) -> Person:
    return Person.objects.get(contact_points__kind=kind, contact_points__value=address)


def _locked_email(address: str) -> ContactPoint | None:
    points = ContactPoint.objects.select_for_update()
    return points.filter(kind=ContactPoint.Kind.EMAIL, value=address).first()
