"""A new request: registered, kept, remembered and acknowledged."""

from __future__ import annotations

from ventanilla.channels.models import Fate
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.core.statements import unawaited
from ventanilla.crm.models import Person
from ventanilla.crm.operations import identify, mark_reachable, record_interaction
from ventanilla.crm.rules import shorten
from ventanilla.desk import context, letters, outgoing
from ventanilla.desk.intake.acknowledgements import acknowledgement
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.emergencies import call_out, emergency_of
from ventanilla.desk.intake.fates import Settlement
from ventanilla.desk.intake.hearing import heard
from ventanilla.desk.intake.keeping import keep_files
from ventanilla.policy.schema import Category, Desk
from ventanilla.register import folio as folios
from ventanilla.register import operations as register
from ventanilla.register import queries
from ventanilla.register.models import Case, Message, PolicyVersion
from ventanilla.register.operations import FirstAnswer, ParticipantIn
from ventanilla.register.rules.state import CaseState

NO_SUBJECT = "Sin asunto"
WROTE = {"email": "Escribió por correo", "web": "Escribió en el formulario"}
SUBJECT_FROM_TEXT = 80
READ_FOR_SUBJECT = 500
MOST_COPIED = 20
"""People in copy who may take part; more than that is a mailing, not a conversation."""


def open_from(
    arrival: Arrival, version: PolicyVersion, *, follows: Case | None = None, mentioned: str = ""
) -> Settlement:
    """Open a case from a mail, with everything that belongs to it.

    ``mentioned`` is the folio of somebody else's case that it named: the record of the new one
    says so, and nothing at all happens to the other. Raises NoRoomForEvidence.
    """
    assert arrival.sender is not None  # checked before any mail gets here
    person = identify(
        kind="email", value=arrival.sender.email, name=arrival.sender.name, as_of=arrival.as_of
    )
    case, message = _register(arrival, version, person, follows)
    keep_files(arrival, case, message)
    if mentioned:
        _note_mention(arrival, case, mentioned)
    # An address typed into a form proves nothing; whoever writes from it can be reached at it.
    if arrival.form is None and not _is_stranger(arrival, person):
        mark_reachable(value=arrival.sender.email)
    return Settlement(fate=Fate.CASE, reason="follow_up_case" if follows else "new", case=case)


def open_asked(arrival: Arrival, version: PolicyVersion) -> Settlement:
    """Open the case of a request that came by the form of the portal.

    Always a new one: whoever types somebody's address proves nothing, so a folio in the subject is
    only remembered as a mention. ``follows`` was checked when the form was taken.
    """
    assert arrival.form is not None
    follows = queries.case_by_folio(arrival.form.follows) if arrival.form.follows else None
    named = (
        queries.case_by_folio(each) for each in folios.find_in(arrival.mail.subject, arrival.pack)
    )
    mentioned = next((each.folio for each in named if each and each != follows), "")
    return open_from(arrival, version, follows=follows, mentioned=mentioned)


def _register(
    arrival: Arrival, version: PolicyVersion, person: Person, follows: Case | None
) -> tuple[Case, Message]:
    desk, category = place_of(arrival)
    emergency = emergency_of(arrival, category)
    prepared: list[letters.Prepared] = []

    def answering(case: Case, state: CaseState) -> FirstAnswer:
        case.person = person
        to_stranger = _is_stranger(arrival, person)
        letter = acknowledgement(arrival, case, state, to_stranger=to_stranger)
        prepared.append(letter)
        return FirstAnswer(message=letter.message, facts=letter.facts)

    with unawaited():
        case, message, answer = register.open_answered_case(
            person_id=person.pk,
            policy_version=version,
            desk=desk.key,
            category=category.key,
            priority=emergency.priority if emergency else category.priority,
            subject=subject_of(arrival),
            channel=arrival.channel,
            received_at=arrival.received_at,
            message=heard(arrival, person=person),
            answering=answering,
            emergency=emergency is not None,
            participants=_participants(arrival),
            follows=follows,
            acting_user=Actor.person(person.pk),
            as_of=arrival.as_of,
        )
        outgoing.queue(case=case, prepared=prepared[0], message=answer, as_of=arrival.as_of)
        _remember(arrival, person, case)
    if emergency is not None:
        call_out(arrival, case, emergency)
    return case, message


def _remember(arrival: Arrival, person: Person, case: Case) -> None:
    record_interaction(
        person_id=person.pk,
        at=arrival.received_at,
        channel=arrival.channel,
        direction="in",
        folio=case.folio,
        summary=f"{WROTE[arrival.channel]}: {case.subject}",
    )


def _is_stranger(arrival: Arrival, person: Person) -> bool:
    """Whether the person was met by this very mail."""
    return person.created_at == arrival.as_of


def subject_of(arrival: Arrival) -> str:
    """What the case is called: the subject, or how the mail begins."""
    written = arrival.mail.subject.strip()
    return written or shorten(arrival.words[:READ_FOR_SUBJECT], SUBJECT_FROM_TEXT) or NO_SUBJECT


def place_of(arrival: Arrival) -> tuple[Desk, Category]:
    """Desk and category: those that the person chose in the form, else by address and words.

    A category may be gone from the policy when something is processed again much later.
    """
    pack, form = arrival.pack, arrival.form
    for category in pack.categories if form else ():
        if form and category.key == form.category:
            return pack.desk(category.desk), category
    return arrival.desk, category_of(arrival, arrival.desk)


def category_of(arrival: Arrival, desk: Desk) -> Category:
    """The category by the rules of the pack; the assessment confirms or corrects it."""
    pack = arrival.pack
    key = pack.classify(desk.key, arrival.mail.subject, arrival.words)
    if key is not None:
        return pack.category(key)
    return next((each for each in pack.categories if each.desk == desk.key), pack.categories[0])


def _participants(arrival: Arrival) -> list[ParticipantIn]:
    assert arrival.sender is not None
    people = [(arrival.sender, context.REQUESTER)]
    people += [(each, context.COPIED) for each in list(arrival.copied())[:MOST_COPIED]]
    return [ParticipantIn(address=who.email, name=who.name, role=role) for who, role in people]


def _note_mention(arrival: Arrival, case: Case, folio: str) -> None:
    register.note_fact(
        case=case,
        kind="folio_mentioned",
        payload={"folio": folio, "inbound_item_id": arrival.item.pk},
        acting_user=SYSTEM,
        as_of=arrival.as_of,
    )
