"""Which policy this installation serves under."""

from __future__ import annotations

from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.policy.packs import load
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import policies
from ventanilla.register.models import PolicyVersion


class PublishedInThePast(Refusal):
    """Una política no puede regir desde antes de publicarse ({since}): cambiaría lo que ya se
    prometió. Escoja un momento desde ahora en adelante."""


@lru_cache(maxsize=1)
def configured_pack() -> Pack:
    """The pack that the setting names, by name or path. Raises PackNotFound, PackInvalid."""
    return load(settings.VENTANILLA.pack)


def in_force(at: datetime) -> PolicyVersion:
    """The version under which a case opened at this moment is served. Raises NoPolicyInForce."""
    return policies.policy_in_force(configured_pack().key, at)


def pack_in_force(at: datetime) -> Pack:
    """The policy that a new request is served under. Raises NoPolicyInForce."""
    return policies.pack_of(policies.policy_in_force(settings.VENTANILLA.pack, at))


def ensure_published(*, acting_user: Actor, as_of: datetime) -> PolicyVersion | None:
    """Publish the configured pack if its policy has no version yet; the new version, or None.

    A changed file is not published by a mere restart: promises change when somebody says so and
    from the day they say (``publish``).
    """
    pack = configured_pack()
    if PolicyVersion.objects.filter(pack=pack.key).exists():
        return None
    written = datetime.combine(pack.effective_from, time.min, tzinfo=ZoneInfo(pack.zone))
    return publish(
        pack=pack, effective_from=min(written, as_of), acting_user=acting_user, as_of=as_of
    )


def is_changed() -> bool:
    """Whether the configured pack differs from the newest published version of its policy."""
    pack = configured_pack()
    newest = PolicyVersion.objects.filter(pack=pack.key).order_by("-number").first()
    return newest is not None and newest.digest != pack.sha256


def publish(
    *, pack: Pack, effective_from: datetime, acting_user: Actor, as_of: datetime
) -> PolicyVersion:
    """Publish a pack as the next version; cases opened before keep theirs.

    Raises PublishedInThePast, except for the first version of a policy.
    """
    with transaction.atomic(durable=True):
        if effective_from < as_of and PolicyVersion.objects.filter(pack=pack.key).exists():
            raise PublishedInThePast(since=pack.format_moment(effective_from))
        return policies.publish_policy(
            pack=pack, effective_from=effective_from, acting_user=acting_user, as_of=as_of
        )
