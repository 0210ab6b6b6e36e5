"""Emergencies outside opening hours: recognised by the rules of the pack, told to who is on call."""

from __future__ import annotations

from ventanilla.core.actors import SYSTEM
from ventanilla.desk import outgoing
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.policy.classify import mentions
from ventanilla.policy.schema import Category, Emergency
from ventanilla.register import operations as register
from ventanilla.register.models import Case


def emergency_of(arrival: Arrival, category: Category) -> Emergency | None:
    """The emergency rules when they apply to a new request, else None.

    Inside opening hours there is no such thing: the desk is there, and the category's own
    promise is the fast one.
    """
    rules = arrival.pack.emergency
    if rules is None or arrival.pack.calendar.is_open(arrival.received_at):
        return None
    text = f"{arrival.mail.subject}\n{arrival.words}"
    applies = category.key in rules.categories or mentions(rules.words, text)
    return rules if applies else None


def call_out(arrival: Arrival, case: Case, rules: Emergency) -> None:
    """Tell who is on call; what they get is written here, not in the pack: it goes to staff."""
    opening = arrival.pack.calendar.next_opening(arrival.received_at)
    told = outgoing.tell_staff(
        case=case,
        pack=arrival.pack,
        kind="emergency",
        key=f"emergency:{case.folio}",
        to=rules.on_call,
        subject=f"Emergencia fuera de horario: {case.folio}",
        text=(
            f"Llegó una emergencia fuera del horario de atención.\n\n"
            f"{arrival.pack.vocabulary.folio.capitalize()}: {case.folio}\n"
            f"Recibida: {arrival.pack.format_moment(arrival.received_at)}\n"
            f"Asunto: {case.subject}\n"
            f"El horario vuelve a abrir: {arrival.pack.format_moment(opening)}\n"
        ),
        is_capped=True,
        as_of=arrival.as_of,
    )
    if not told:
        return
    register.note_fact(
        case=case,
        kind="on_call_notified",
        payload={"outbound_ids": [each.pk for each in told]},
        acting_user=SYSTEM,
        as_of=arrival.as_of,
    )
