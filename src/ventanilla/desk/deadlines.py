"""Watching every promise: reminders before its due moment, escalations at it and after it.

Each warning is one durable transaction: the record says that it went off, and the mail about it
waits in the outbox with its job, or nothing of that happened. Whoever crashes, and however many
workers look at once, it goes off exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from ventanilla.accounts.queries import active_addresses
from ventanilla.core.actors import SYSTEM
from ventanilla.desk import audiences, outgoing, warning
from ventanilla.desk.sweeping import one_by_one
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment
from ventanilla.register.operations import Alert
from ventanilla.register.policies import promises_of

AT_ONCE = 500
PAGE = 100


def run(*, as_of: datetime, limit: int = AT_ONCE) -> int:
    """Fire the warnings that are due, at most about ``limit`` of them; how many went off.

    A case that somebody is working on at this moment is left to the next look, a minute later.
    Raises SomeFailed after the others, when a warning cannot be given.
    """

    def fire_all(commitment_id: int, case_id: int) -> int:
        fired = 0
        while _fire_next(commitment_id, case_id, as_of):
            fired += 1
        return fired

    return one_by_one(_due(as_of), fire_all, limit=limit)


def _due(as_of: datetime) -> Iterator[tuple[int, int]]:
    """Promises with a warning due, longest waiting first, and their cases."""
    waiting = Commitment.objects.filter(next_alert_at__lte=as_of).order_by("next_alert_at", "id")
    behind = Q()
    while page := list(waiting.filter(behind).values_list("next_alert_at", "id", "case_id")[:PAGE]):
        yield from ((commitment_id, case_id) for _, commitment_id, case_id in page)
        at, last_id, _ = page[-1]
        behind = Q(next_alert_at__gt=at) | Q(next_alert_at=at, id__gt=last_id)


def _fire_next(commitment_id: int, case_id: int, as_of: datetime) -> bool:
    """Fire the next warning about a promise if it is due; False when there is none to fire now."""
    with transaction.atomic(durable=True):
        # The lock decides between workers; under it the register sees what the other one fired.
        if not Case.objects.select_for_update(skip_locked=True).filter(pk=case_id).exists():
            return False
        alert = register.record_alert(commitment_id=commitment_id, acting_user=SYSTEM, as_of=as_of)
        if alert is not None:
            _tell(alert, Commitment.objects.get(pk=commitment_id), as_of)
    return alert is not None


def _tell(alert: Alert, commitment: Commitment, as_of: datetime) -> None:
    case = alert.case
    pack = promises_of(case.policy_version_id).pack
    told = audiences.people_of(case, alert.to, as_of=as_of)
    on_call = audiences.on_call(case, pack, as_of)
    sent = outgoing.tell_staff(
        case=case,
        pack=pack,
        kind="alert",
        key=f"alert:{commitment.pk}:{alert.step}:{int(alert.due_at.timestamp())}",
        to=[*active_addresses(told), *on_call],
        subject=warning.subject_of(alert, pack, commitment, as_of),
        text=warning.text_of(alert, pack, commitment, as_of),
        as_of=as_of,
    )
    register.note_fact(
        case=case,
        kind="alert_sent",
        payload={
            "key": alert.key,
            "step": alert.step,
            "audience": alert.to,
            "outbound_ids": [each.pk for each in sent],
            "staff_ids": sorted(each.pk for each in told),
            "on_call": bool(on_call),
        },
        acting_user=SYSTEM,
        as_of=as_of,
    )
