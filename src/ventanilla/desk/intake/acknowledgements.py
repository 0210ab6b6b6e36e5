"""The receipt of a new request, in the words of its category."""

from __future__ import annotations

from ventanilla.channels.email.nature import may_autorespond
from ventanilla.channels.models import Delivery, OutboundMessage
from ventanilla.core.actors import SYSTEM
from ventanilla.desk import context, outgoing
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.natures import envelope_sender, own_addresses
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment

KIND = "acknowledgement"


def acknowledge(arrival: Arrival, case: Case, due: Commitment | None) -> OutboundMessage | None:
    """Queue the acknowledgement; when it must not go out, the outbox and the record say why.

    Only the sender gets it: people in copy did not ask for anything.
    """
    pack, sender = arrival.pack, arrival.sender
    assert sender is not None  # without a sender no case is opened
    category = pack.category(case.category)
    values = context.values_of(case, pack, due_at=due.due_at if due else None)
    subject, text = context.render(pack, category.acknowledgement, values)
    may_answer, _why = may_autorespond(
        arrival.mail,
        own_addresses=own_addresses(pack),
        envelope_from=envelope_sender(arrival.item),
    )
    letter = outgoing.Letter(
        kind=KIND,
        key=f"ack:{case.folio}",
        subject=outgoing.with_folio(subject, case.folio),
        text=text,
        automatic=True,
        to=sender.email,
        thread=outgoing.Thread(
            message_id=arrival.mail.message_id or "", references=arrival.mail.references
        ),
        answers_automatic=not may_answer,
        is_first=True,
    )
    row = outgoing.send(case=case, pack=pack, letter=letter, acting_user=SYSTEM, as_of=arrival.as_of)
    if row is not None and row.state == Delivery.QUEUED:
        register.note_fact(
            case=case,
            kind="acknowledgement_queued",
            payload={
                "outbound_id": row.pk,
                "template": category.acknowledgement,
                "due_at": due.due_at if due else None,
            },
            acting_user=SYSTEM,
            as_of=arrival.as_of,
        )
    return row
