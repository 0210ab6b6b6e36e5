"""A mail that belongs to a case we have."""

from __future__ import annotations

from ventanilla.channels.models import Fate
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.crm.models import Person
from ventanilla.crm.operations import identify, mark_reachable, record_interaction
from ventanilla.desk import context, participants, telling
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.fates import Settlement
from ventanilla.desk.intake.hearing import heard
from ventanilla.desk.intake.keeping import keep_files
from ventanilla.desk.intake.opening import MOST_COPIED, open_from
from ventanilla.desk.intake.routing import Route
from ventanilla.desk.intake.thanks import is_only_thanks
from ventanilla.register import operations as register
from ventanilla.register.models import Case, PolicyVersion
from ventanilla.register.operations import OutsideReopeningWindow
from ventanilla.register.rules.statuses import ENDED, Status

REOPEN_REASON = "La persona volvió a escribir."
SLEEPING = ENDED | {Status.RESOLVED}
"""Statuses in which nobody works on the case; a message must wake it or be only thanks."""


def follow(arrival: Arrival, version: PolicyVersion, route: Route) -> Settlement:
    """Add a mail to its case; wake the case when there is more in it than thanks.

    After the reopening window a new case opens that follows the old one. An outsider's message is
    shown as such, moves no clock and wakes nothing: the one who serves the case decides.
    """
    case = route.case
    assert case is not None
    assert arrival.sender is not None
    if route.outsider:
        return _shown(arrival, case)
    person = identify(
        kind="email", value=arrival.sender.email, name=arrival.sender.name, as_of=arrival.as_of
    )
    thanks = _only_thanks(arrival, case, person)
    if Status(case.status) in SLEEPING and not thanks:
        try:
            case = register.reopen(
                case=case, reason=REOPEN_REASON, acting_user=Actor.person(person.pk),
                as_of=arrival.received_at,
            )  # fmt: skip
        except OutsideReopeningWindow:
            return open_from(arrival, version, follows=case)
    _add(arrival, case, person, substantive=not thanks)
    _welcome_copied(arrival, case)
    return Settlement(
        fate=Fate.FOLLOW_UP, reason="thanks" if thanks else str(route.evidence), case=case
    )


def _shown(arrival: Arrival, case: Case) -> Settlement:
    message = register.add_message(
        case=case,
        message=heard(arrival, person=None, outsider=True, substantive=False),
        acting_user=SYSTEM,
        as_of=arrival.received_at,
    )
    keep_files(arrival, case, message)
    telling.tell_owner(
        case=case,
        kind="outsider_wrote",
        key=f"outsider:{arrival.item.pk}",
        subject=f"Escribió alguien ajeno al caso {case.folio}",
        text=(
            f"Llegó al caso {case.folio} un mensaje de una dirección que no participa en él. Se "
            "muestra marcado, no cumple ni abre compromisos y no cambió el estado del caso."
        ),
        is_capped=True,
        as_of=arrival.as_of,
    )
    detail = "El remitente tiene la dirección de respuesta pero no participa en el caso."
    return Settlement(fate=Fate.FOLLOW_UP, reason="outsider", detail=detail, case=case)


def _add(arrival: Arrival, case: Case, person: Person, *, substantive: bool) -> None:
    message = register.add_message(
        case=case,
        message=heard(arrival, person=person, substantive=substantive),
        acting_user=Actor.person(person.pk),
        as_of=arrival.received_at,
    )
    keep_files(arrival, case, message)
    record_interaction(
        person_id=person.pk,
        at=arrival.received_at,
        channel="email",
        direction="in",
        folio=case.folio,
        summary=f"Respondió por correo: {arrival.mail.subject}",
    )
    mark_reachable(value=arrival.mail.from_.email if arrival.mail.from_ else "")


def _only_thanks(arrival: Arrival, case: Case, person: Person) -> bool:
    if arrival.mail.attachments:
        return False
    courtesies = context.pack_of(case).reopening.courtesy_words
    return is_only_thanks(arrival.words, courtesies=courtesies, name=person.name)


def _welcome_copied(arrival: Arrival, case: Case) -> None:
    """Whoever a participant puts in copy may write into the case from now on."""
    known = context.addresses_of(case)
    for each in list(arrival.copied())[:MOST_COPIED]:
        if each.email not in known:
            participants.add(
                case=case,
                address=each.email,
                name=each.name,
                acting_user=SYSTEM,
                as_of=arrival.as_of,
            )
