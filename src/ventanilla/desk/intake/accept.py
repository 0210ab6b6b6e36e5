"""The first moment of an e-mail: kept, and on its way, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ventanilla.channels.models import Fate, InboundItem
from ventanilla.channels.operations import store_inbound
from ventanilla.desk import queueing


def accept(
    *,
    raw: bytes,
    gateway: str,
    envelope_from: str,
    recipients: Sequence[str],
    remote: str,
    source_key: str | None = None,
    as_of: datetime,
) -> InboundItem:
    """Store the bytes and defer their processing; when this returns, the mail cannot be lost.

    It is what a listener waits for before it says "250", so it does nothing else. A mail that was
    taken from the same place of a mailbox before (``source_key``) is returned, not stored again.
    """
    with transaction.atomic(durable=True):
        item = store_inbound(
            gateway=gateway,
            raw=raw,
            envelope_from=envelope_from,
            recipients=recipients,
            remote=remote,
            source_key=source_key,
            as_of=as_of,
        )
        if item.fate == Fate.PENDING:
            queueing.defer_receive(item.pk)
    return item
