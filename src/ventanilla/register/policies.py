"""The published versions of the policy, and the packs behind them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Max

from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import PolicyVersion
from ventanilla.register.rules.promising import Promises

PACKS_KEPT = 16
# Without the document, which is large and kept per process by ``promises_of``.
SHORT = ["id", "pack", "number", "digest", "effective_from", "published_at", "published_by_id"]
IN_FORCE = """
    SELECT id, pack, number, digest, effective_from, published_at, published_by_id
      FROM register_policyversion
     WHERE pack = %s AND effective_from <= %s
     ORDER BY effective_from DESC, number DESC LIMIT 1
"""
PUBLISHING_LOCK = 0x56454E54_504F4C49  # "VENTPOLI": one publication at a time


class NoPolicyInForce(Refusal):
    """Ninguna versión de la política «{pack}» está en vigor el {at}. Publique una con
    «ventanilla policy publish» o revise la fecha."""


def publish_policy(
    *, pack: Pack, effective_from: datetime, acting_user: Actor, as_of: datetime
) -> PolicyVersion:
    """Publish a pack as the next version of its policy.

    The same document as the newest version is not published twice: that version is returned.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING_LOCK])
        versions = PolicyVersion.objects.filter(pack=pack.key)
        newest = versions.order_by("-number").first()
        if newest is not None and newest.digest == pack.sha256:
            return newest
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        return PolicyVersion.objects.create(
            pack=pack.key,
            number=number,
            document=pack.to_document(),
            digest=pack.sha256,
            effective_from=effective_from,
            published_at=as_of,
            published_by_id=acting_user.id if acting_user.kind is ActorKind.STAFF else None,
        )


def newest_number(pack_key: str) -> int:
    """The number of the last version published, in force or to come; 0 when there is none."""
    found = PolicyVersion.objects.filter(pack=pack_key).aggregate(last=Max("number"))["last"]
    return found or 0


def policy_in_force(pack_key: str, at: datetime) -> PolicyVersion:
    """The version of a policy in force at a moment. Raises NoPolicyInForce."""
    found = execute(IN_FORCE, [pack_key, at]).fetchone()
    if found is None:
        raise NoPolicyInForce(pack=pack_key, at=at)
    return PolicyVersion.from_db(DEFAULT_DB_ALIAS, SHORT, found)


def versions_of(pack_key: str, *, limit: int = 200) -> list[PolicyVersion]:
    """The versions of a policy without their documents, newest first, with who published them."""
    rows = PolicyVersion.objects.filter(pack=pack_key).defer("document")
    return list(rows.select_related("published_by").order_by("-number")[:limit])


def version_numbered(pack_key: str, number: int) -> PolicyVersion | None:
    """One version of a policy."""
    rows = PolicyVersion.objects.filter(pack=pack_key, number=number)
    return rows.select_related("published_by").first()


def pack_of(version: PolicyVersion) -> Pack:
    """The pack of a version; built once per process, because a version never changes."""
    return promises_of(version.pk).pack


@lru_cache(maxsize=PACKS_KEPT)
def promises_of(version_id: int) -> Promises:
    """What a version promises, by its id. Raises PolicyVersion.DoesNotExist."""
    version = PolicyVersion.objects.get(pk=version_id)
    return Promises(version.pk, Pack.from_document(version.document))
