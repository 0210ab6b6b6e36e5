"""Mail that waits: swept up when its job was lost, processed anew when a colleague says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.permissions import Permission, desks_of, require
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.channels.operations import reopen_inbound
from ventanilla.channels.queries import pending_inbound, quarantined
from ventanilla.channels.reach import inbound_of
from ventanilla.core.actors import Actor
from ventanilla.desk import queueing

OVERDUE_AFTER = timedelta(minutes=2)
"""A mail that still has no fate after so long lost its job, or its job is being retried."""
SWEPT_AT_ONCE = 500
REPLAYED_AT_ONCE = 200


def sweep(*, as_of: datetime, limit: int = SWEPT_AT_ONCE) -> int:
    """Defer the processing of mails that were left pending; how many. One that waits is left."""
    with transaction.atomic(durable=True):
        left = pending_inbound(received_before=as_of - OVERDUE_AFTER, limit=limit)
        return sum(queueing.defer_receive(item_id) for item_id in left)


def replay(*, item_id: int, acting_user: Actor, as_of: datetime) -> InboundItem:
    """Have a mail processed anew, on the word of a colleague who looked at it.

    From then on it is trusted: neither a failed DMARC check nor the look of an automatic answer
    holds it back. Raises NotPermitted, NothingToReplay when it had an effect already, and
    InboundItem.DoesNotExist, also for a mail outside the desks of who asks.
    """
    require(acting_user, Permission.REPLAY_INBOUND)
    with transaction.atomic(durable=True):
        found = inbound_of(desks_of(acting_user)).select_for_update(of=("self",))
        item = found.get(pk=item_id)
        reopen_inbound(item=item, as_of=as_of)
        queueing.defer_receive(item.pk)
        facts = {"item_ids": [item.pk]}
        record(Act.INBOUND_REPLAYED, facts, acting_user=acting_user, as_of=as_of)
    return item


def replay_all(*, reason: str, acting_user: Actor, as_of: datetime) -> int:
    """Have what is in quarantine on one's desks for one reason processed anew, longest waiting first.

    At most REPLAYED_AT_ONCE; how many. Each is trusted from then on, as in ``replay``. One that
    somebody else replayed in the meantime is left out. Raises NotPermitted.
    """
    require(acting_user, Permission.REPLAY_INBOUND)
    done: list[int] = []
    with transaction.atomic(durable=True):
        desks = desks_of(acting_user)
        wanted = quarantined(desks=desks, reason=reason, limit=REPLAYED_AT_ONCE)
        items = InboundItem.objects.select_for_update(of=("self",)).defer("raw")
        for item in items.filter(pk__in=wanted, fate=Fate.QUARANTINE).order_by("id"):
            reopen_inbound(item=item, as_of=as_of)
            done.append(item.pk)
        queueing.defer_receive(*done)
        if done:
            facts = {"reason": reason, "item_ids": done}
            record(Act.INBOUND_REPLAYED, facts, acting_user=acting_user, as_of=as_of)
    return len(done)
