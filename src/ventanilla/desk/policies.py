"""Which policy this installation serves under."""

from __future__ import annotations

from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.policy.lint import Finding, Severity, lint
from ventanilla.policy.packs import available, load
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import policies
from ventanilla.register.models import PolicyVersion


class PublishedInThePast(Refusal):
    """Una política no puede regir desde antes de publicarse ({since}): cambiaría lo que ya se
    prometió. Escoja un momento desde ahora en adelante."""


class AnotherPolicy(Refusal):
    """Esta instalación atiende con la política «{served}» y el archivo es de «{given}»."""


class PolicyHasErrors(Refusal):
    """La política tiene errores y no se publicó. {errors}"""


class PolicyVersionUnknown(Refusal):
    """No hay una versión {number} de la política."""


def configured_pack() -> Pack:
    """The pack that the setting names, by name or path. Raises PackNotFound, PackInvalid."""
    return _loaded(settings.VENTANILLA.pack)


def served_key() -> str:
    """The key of the policy that is served here, which a path in the setting does not tell.

    Raises PackNotFound, PackInvalid.
    """
    return _key_of(settings.VENTANILLA.pack)


def in_force(at: datetime) -> PolicyVersion:
    """The version under which a case opened at this moment is served. Raises NoPolicyInForce."""
    return policies.policy_in_force(served_key(), at)


def pack_in_force(at: datetime) -> Pack:
    """The policy that a new request is served under. Raises NoPolicyInForce."""
    return policies.pack_of(in_force(at))


_loaded = lru_cache(maxsize=1)(load)


@lru_cache(maxsize=8)
def _key_of(given: str) -> str:
    """A pack of the product has its key for a name; any other says it itself.

    Kept by process: a file that changes its key is another policy, and takes a restart.
    """
    return given if given in available() else load(given).key


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

    The document of the newest version is not published twice: that version is returned. Raises
    NotPermitted, AnotherPolicy, PolicyHasErrors, and PublishedInThePast, except for the first
    version of a policy.
    """
    require(acting_user, Permission.PUBLISH_POLICY)
    if pack.key != served_key():
        raise AnotherPolicy(given=pack.key, served=served_key())
    wrong = [each for each in findings_of(pack, as_of) if each.severity is Severity.ERROR]
    if wrong:
        raise PolicyHasErrors(errors=" ".join(f"{each.path}: {each.message}" for each in wrong))
    with transaction.atomic(durable=True):
        if effective_from < as_of and PolicyVersion.objects.filter(pack=pack.key).exists():
            raise PublishedInThePast(since=pack.format_moment(effective_from))
        before = policies.newest_number(pack.key)
        version = policies.publish_policy(
            pack=pack, effective_from=effective_from, acting_user=acting_user, as_of=as_of
        )
        if version.number > before:
            _record(version, acting_user, as_of)
    return version


def republish(
    *, number: int, effective_from: datetime, acting_user: Actor, as_of: datetime
) -> PolicyVersion:
    """Publish the document of an earlier version anew, as the next version: so one goes back.

    Raises PolicyVersionUnknown, and as ``publish``.
    """
    earlier = policies.version_numbered(served_key(), number)
    if earlier is None:
        raise PolicyVersionUnknown(number=number)
    return publish(
        pack=policies.pack_of(earlier),
        effective_from=effective_from,
        acting_user=acting_user,
        as_of=as_of,
    )


def findings_of(pack: Pack, as_of: datetime) -> tuple[Finding, ...]:
    """What the linter says of a pack, on the day of its own zone."""
    return lint(pack, as_of=as_of.astimezone(pack.calendar.zone).date())


def _record(version: PolicyVersion, acting_user: Actor, as_of: datetime) -> None:
    facts = {
        "pack": version.pack,
        "number": version.number,
        "digest": version.digest,
        "effective_from": version.effective_from.isoformat(),
    }
    record(Act.POLICY_PUBLISHED, facts, acting_user=acting_user, as_of=as_of)
