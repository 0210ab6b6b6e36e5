"""When a letter must not go out: loops, bounced addresses, the caps of the policy."""

from __future__ import annotations

from datetime import datetime, timedelta

from ventanilla.channels.queries import AutomaticMail, automatic_mail, notices
from ventanilla.channels.rules import Caps, Circumstances, Suppression, suppression
from ventanilla.core.actors import SYSTEM
from ventanilla.crm.queries import bounced_among
from ventanilla.desk.letters import Letter
from ventanilla.policy.clock import Term
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, LedgerEntry

STAFF_CAP = "staff_notices"
"""What the record calls the cap on what strangers' mail makes us tell colleagues."""


def stopped_by(
    case: Case, pack: Pack, letter: Letter, to: str, as_of: datetime
) -> Suppression | None:
    """Why this letter must not go out. What a colleague writes is hardly ever stopped."""
    own = pack.desk_for_address(to) is not None
    caps = caps_of(pack)
    if not letter.automatic:
        return suppression(Circumstances(automatic=False, own_address=own), caps)
    counted = AutomaticMail(0, 0)
    if not letter.to_stranger:
        case_id = None if letter.is_first else case.pk
        counted = automatic_mail(address=to, case_id=case_id, caps=caps, as_of=as_of)
    return suppression(
        Circumstances(
            automatic=True,
            answers_automatic=letter.answers_automatic,
            sender_disowned=letter.sender_disowned,
            own_address=own,
            # Whoever has just written from an address can be reached at it.
            address_bounced=(letter.address_typed or not letter.is_first)
            and bool(bounced_among([to])),
            sent_to_address=counted.to_address,
            sent_in_case=counted.in_case,
        ),
        caps,
    )


def is_told_enough(case: Case, pack: Pack, kind: str, address: str, as_of: datetime) -> bool:
    """Whether a colleague got as many notices of this kind as the policy allows one person.

    The record says so once for each window of the case, not for each notice that was left out.
    """
    caps = caps_of(pack)
    told = notices(kind=kind, address=address, case_id=case.pk, caps=caps, as_of=as_of)
    if told.in_case < caps.per_case and told.to_address < caps.per_address_per_day:
        return False
    noted = LedgerEntry.objects.filter(case=case, kind="cap_reached", payload__cap=STAFF_CAP)
    if not noted.filter(at__gt=as_of - caps.case_window).exists():
        register.note_fact(
            case=case,
            kind="cap_reached",
            payload={"cap": STAFF_CAP},
            acting_user=SYSTEM,
            as_of=as_of,
        )
    return True


def facts_of(stopped: Suppression) -> dict[str, dict[str, object]]:
    """What the record says about it, by kind of entry."""
    word = stopped.name.lower()
    if stopped in (Suppression.ADDRESS_CAP, Suppression.CASE_CAP):
        return {"cap_reached": {"cap": word}}
    return {"sending_suppressed": {"reason": word}}


def caps_of(pack: Pack) -> Caps:
    """How much automatic mail the policy allows."""
    return Caps(
        per_address_per_day=pack.sender_caps.per_address_per_day,
        per_case=pack.sender_caps.per_case,
        case_window=_span(pack.sender_caps.per_case_window),
    )


def _span(term: Term) -> timedelta:
    """A window as plain time; one counted in days is read as days of 24 hours."""
    return timedelta(days=term.quantity) if term.basis.counts_days else term.duration
