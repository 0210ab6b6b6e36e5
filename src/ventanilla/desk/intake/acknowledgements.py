"""The receipt of a new request, in the words of its category."""

from __future__ import annotations

from ventanilla.channels.email.nature import may_autorespond
from ventanilla.core.actors import SYSTEM
from ventanilla.desk import context, letters, outgoing
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.natures import envelope_sender, own_addresses
from ventanilla.register.models import Case
from ventanilla.register.rules.state import CaseState

KIND = "acknowledgement"


def acknowledgement(
    arrival: Arrival, case: Case, state: CaseState, *, to_stranger: bool
) -> letters.Prepared:
    """The acknowledgement of a case that is being opened, ready to be recorded and queued.

    When it must not go out, it says why. Only the sender gets it: people in copy did not ask for
    anything. ``to_stranger``: nobody with this address was known, so nothing was sent to it yet.
    """
    pack, sender = arrival.pack, arrival.sender
    assert sender is not None  # without a sender no case is opened
    category = pack.category(case.category)
    main = category.main_commitment
    due_at = state.commitments[main.key].due_at if main else None
    subject, text = context.render(
        pack, category.acknowledgement, context.values_of(case, pack, due_at=due_at)
    )
    may_answer, _why = may_autorespond(
        arrival.mail,
        own_addresses=own_addresses(pack),
        envelope_from=envelope_sender(arrival.item),
    )
    letter = letters.Letter(
        kind=KIND,
        key=f"ack:{case.folio}",
        subject=letters.with_folio(subject, case.folio),
        text=text,
        automatic=True,
        thread=letters.Thread(
            message_id=arrival.mail.message_id or "", references=arrival.mail.references
        ),
        answers_automatic=not may_answer,
        sender_disowned=arrival.is_disowned and not arrival.trusted,
        is_first=True,
        address_typed=arrival.form is not None,
        to_stranger=to_stranger,
        facts={"acknowledgement_queued": {"template": category.acknowledgement, "due_at": due_at}},
    )
    return outgoing.prepare(
        case=case,
        pack=pack,
        letter=letter,
        to=sender.email,
        acting_user=SYSTEM,
        as_of=arrival.as_of,
    )
