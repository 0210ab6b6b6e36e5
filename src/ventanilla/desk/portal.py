"""What a person does from the page on which they follow their case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.crm.operations import record_interaction
from ventanilla.desk import context
from ventanilla.register import operations as register
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.register.operations import MessageIn, OutsideReopeningWindow
from ventanilla.register.rules.statuses import ENDED, Status

SLEEPING = ENDED | {Status.RESOLVED}
REOPEN_REASON = "La persona volvió a escribir."


class MessageEmpty(Refusal):
    """El mensaje está vacío. Escriba lo que quiere decirnos."""


class ConversationEnded(Refusal):
    """Esta solicitud terminó hace más tiempo del que se puede reabrir, así que su mensaje no se
    envió. Escríbanos a {address} y abriremos una nueva; su texto sigue aquí para copiarlo."""


def add_message(*, case: Case, text: str, request_key: str = "", as_of: datetime) -> Message:
    """Add what the person wrote on the page to their case, as an e-mail of theirs would be.

    A resolved or closed case is reopened within its window. The same ``request_key`` twice makes
    one message. Raises MessageEmpty, ConversationEnded.
    """
    if not text.strip():
        raise MessageEmpty
    with transaction.atomic(durable=True):
        case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case.pk)
        case = queries.current(case)  # the person may write into the one it is merged into as well
        key = f"web:{request_key}" if request_key else ""
        earlier = Message.objects.filter(case=case, message_id=key).first() if key else None
        return earlier or _add(case, text.strip(), key, as_of)


def _add(case: Case, text: str, key: str, as_of: datetime) -> Message:
    person = Actor.person(case.person_id)
    if Status(case.status) in SLEEPING:
        try:
            register.reopen(case=case, reason=REOPEN_REASON, acting_user=person, as_of=as_of)
        except OutsideReopeningWindow as ended:
            address = context.pack_of(case).desk(case.desk).addresses[0]
            raise ConversationEnded(address=address) from ended
    message = register.add_message(
        case=case,
        message=MessageIn(
            direction=Message.Direction.IN,
            channel="web",
            text=text,
            message_id=key,
            author_person_id=case.person_id,
            author_name=case.person.name,
            at=as_of,
        ),
        acting_user=person,
        as_of=as_of,
    )
    record_interaction(
        person_id=case.person_id,
        at=as_of,
        channel="web",
        direction="in",
        folio=case.folio,
        summary=f"Escribió en la página de seguimiento: {text}",
    )
    return message
