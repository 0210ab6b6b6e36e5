"""An arrival as an item of the conversation."""

from __future__ import annotations

from ventanilla.crm.models import Person
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.register.models import Message
from ventanilla.register.operations import MessageIn


def heard(
    arrival: Arrival,
    *,
    person: Person | None,
    automatic: bool = False,
    outsider: bool = False,
    substantive: bool = True,
) -> MessageIn:
    """What the record keeps of a mail: the person's words, and the whole of it, folded.

    Its moment is the one at which we took it, whatever the sender's clock said.
    """
    mail, sender = arrival.mail, arrival.sender
    return MessageIn(
        direction=Message.Direction.IN,
        channel=arrival.channel,
        subject=mail.subject,
        text=arrival.words or mail.text.strip(),
        segments=_segments(arrival),
        html="" if arrival.form else mail.html or "",
        message_id=mail.message_id or "",
        in_reply_to=mail.in_reply_to or "",
        references=mail.references,
        inbound_item_id=arrival.item.pk,
        automatic=automatic,
        outsider=outsider,
        substantive=substantive,
        author_person_id=person.pk if person else None,
        author_staff_id=None,
        author_name=sender.name if sender else "",
        author_address=sender.email if sender else "",
        at=arrival.received_at,
    )


def _segments(arrival: Arrival) -> list[dict[str, str]]:
    """The parts of a mail; what was typed into a form is one: nothing in it is a quote."""
    if arrival.form is not None:
        return [{"kind": "new", "text": arrival.words}]
    return [{"kind": each.kind, "text": each.text} for each in arrival.mail.segments]
