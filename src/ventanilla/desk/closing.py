"""Closing what was resolved and stayed quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from ventanilla.core.actors import SYSTEM
from ventanilla.desk import context, outgoing
from ventanilla.desk.sweeping import one_by_one
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message, PolicyVersion
from ventanilla.register.policies import promises_of
from ventanilla.register.rules.statuses import Status

CLOSED = "closed"
AT_ONCE = 500


def close_quiet(*, as_of: datetime, limit: int = AT_ONCE) -> int:
    """Close the resolved cases whose quiet period has passed, at most ``limit``; how many.

    Each is one durable transaction with the notice to the person, if the pack has words for it.
    A case that somebody is working on at this moment is left to the next look. Raises SomeFailed
    after the others, when a case cannot be closed.
    """
    quiet = ((case_id, as_of) for case_id in _quiet(as_of))
    return one_by_one(quiet, _close_if_quiet, limit=limit)


def quiet_until(pack: Pack, since: datetime) -> datetime:
    """When a case that has been quiet since a moment closes, on the clock of the pack, in UTC."""
    return pack.calendar.due(since, pack.closing.quiet_period).astimezone(UTC)


def _quiet(as_of: datetime) -> Iterator[int]:
    """Resolved cases whose quiet period would have passed if nobody wrote since.

    A later resolution never ends its quiet period earlier, so each version's cases are looked at
    in that order and no further than the first that is too young.
    """
    resolved = Case.objects.filter(status=Status.RESOLVED.value)
    versions = PolicyVersion.objects.filter(pk__in=resolved.values("policy_version"))
    for version_id in versions.order_by("pk").values_list("pk", flat=True):
        pack = promises_of(version_id).pack
        cases = resolved.filter(policy_version_id=version_id).order_by("resolved_at", "id")
        for case_id, resolved_at in cases.values_list("id", "resolved_at").iterator():
            if resolved_at is None or quiet_until(pack, resolved_at) > as_of:
                break
            yield case_id


def _close_if_quiet(case_id: int, as_of: datetime) -> bool:
    """Close one case; False when it is busy, no longer resolved, or not quiet for long enough."""
    with transaction.atomic(durable=True):
        locked = Case.objects.select_for_update(skip_locked=True, of=("self",))
        case = locked.filter(pk=case_id, status=Status.RESOLVED.value).first()
        if case is None or quiet_until(context.pack_of(case), _quiet_since(case)) > as_of:
            return False
        case = register.close(case=case, acting_user=SYSTEM, as_of=as_of)
        if context.has_template(context.pack_of(case), CLOSED):
            outgoing.send_template(
                case=case,
                template=CLOSED,
                kind=CLOSED,
                key=f"closed:{case.folio}:{case.reopened_count}",
                automatic=True,
                as_of=as_of,
            )
    return True


def _quiet_since(case: Case) -> datetime:
    """The resolution, or the last word of the person if that came later (a mere "thanks")."""
    heard = Message.objects.filter(case=case, direction=Message.Direction.IN, automatic=False)
    last: datetime | None = heard.aggregate(last=Max("at"))["last"]
    resolved_at = case.resolved_at or case.last_activity_at
    return max(resolved_at, last) if last else resolved_at
