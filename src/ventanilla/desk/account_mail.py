"""Mail to a member of the team about their own account: through the outbox, like all mail."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from ventanilla.channels.models import OutboundMessage
from ventanilla.channels.operations import enqueue
from ventanilla.desk import marks, queueing
from ventanilla.desk.policies import pack_in_force

KIND = "account"


def write_about_account(*, to: str, subject: str, text: str, as_of: datetime) -> OutboundMessage:
    """Queue one mail to a colleague; it has no case, and nobody answers it.

    It may hold a link that opens the account: pages that show the outbox mask it.
    """
    pack = pack_in_force(as_of)
    key = f"{KIND}:{uuid.uuid4().hex}"
    with transaction.atomic():
        row = enqueue(
            key=key,
            kind=KIND,
            case=None,
            to=[to],
            subject=subject,
            text=text,
            automatic=True,
            from_address=pack.desks[0].addresses[0],
            from_name=pack.mail.from_name,
            reply_to="",
            message_id=marks.message_ids().mint(case_ref="staff", delivery_key=key),
            as_of=as_of,
        )
        queueing.defer_deliver(row.pk)
    return row
