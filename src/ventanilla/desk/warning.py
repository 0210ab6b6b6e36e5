"""What a warning about a promise says: how much time is left, and why it comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from ventanilla.policy.clock import Basis, Interval, Term
from ventanilla.policy.schema import Pack
from ventanilla.policy.schema.promise import Audience
from ventanilla.policy.schema.promise import Commitment as Definition
from ventanilla.policy.wording import format_duration
from ventanilla.register.models import Commitment
from ventanilla.register.operations import Alert
from ventanilla.register.policies import promises_of
from ventanilla.register.projection import commitment_state
from ventanilla.register.rules.promising import DUE, term_of

CASE_PATH = "/casos/{folio}/"
"""The page of a case at the desk; the same as in the URLs of the pages, kept so by a test there."""
PEOPLE = {
    Audience.ASSIGNEE: "quien atiende el caso",
    Audience.DESK: "la mesa",
    Audience.LEAD: "quien lidera el equipo",
    Audience.DIRECTOR: "la dirección",
}
COUNTED_BY = {
    Basis.BUSINESS_HOURS: " en horario hábil",
    Basis.BUSINESS_DAY_HOURS: " de días hábiles",
}
"""After hours and minutes that are not those of the clock on the wall."""
MINUTE = timedelta(minutes=1)
LAST_HOURS = timedelta(hours=12)
SINGLE = ("1 min", "1 h", "1 día")


def subject_of(alert: Alert, pack: Pack, commitment: Commitment, as_of: datetime) -> str:
    """The headline and the folio: two warnings about the same promise do not look the same."""
    if alert.step != DUE and not alert.broken:
        left = _left(pack, commitment, as_of)
        return f"{_headline(alert)}, {left}: {alert.case.folio}"
    if alert.step != DUE:
        late = format_duration(as_of - alert.due_at)
        return f"{_headline(alert)} desde hace {late}: {alert.case.folio}"
    return f"{_headline(alert)}: {alert.case.folio}"


def text_of(alert: Alert, pack: Pack, commitment: Commitment, as_of: datetime) -> str:
    """The mail; Spanish, to the team."""
    case, words = alert.case, pack.vocabulary
    definition = promises_of(commitment.policy_version_id).definition(commitment_state(commitment))
    name = definition.name if definition else "Fecha comprometida"
    left = "" if alert.broken else f" ({_left(pack, commitment, as_of)})"
    return (
        f"{_headline(alert)}: {name.lower()}.\n\n"
        f"{words.folio.capitalize()}: {case.folio}\n"
        f"{words.status.capitalize()}: {pack.statuses.label(case.status)}\n"
        f"Asunto: {case.subject}\n"
        f"Lo atiende: {case.assignee or 'nadie todavía'}\n"
        f"Compromiso: {name} (cláusula {commitment.clause})\n"
        f"Vence: {pack.format_moment(alert.due_at)}{left}\n"
        f"Por qué le llega: {_why(alert, pack, definition)}\n\n"
        f"{settings.VENTANILLA.public_url}{CASE_PATH.format(folio=case.folio)}\n"
    )


def _headline(alert: Alert) -> str:
    if alert.step == DUE:
        return "Plazo vencido"
    return "Plazo vencido sin atender" if alert.broken else "Plazo por vencer"


def _left(pack: Pack, commitment: Commitment, as_of: datetime) -> str:
    """«quedan 30 min en horario hábil», on the clock of the promise.

    Counted, not read from the rule of the warning: after an outage it comes late. A clock of days
    knows no part of one, so its last hours are told by the wall.
    """
    start, basis = commitment.started_at, term_of(commitment.target).basis
    pauses = [Interval(each.since, each.until) for each in commitment_state(commitment).pauses]
    whole, gone = (
        pack.calendar.measure(start, until, basis, pauses).quantity
        for until in (commitment.due_at, as_of)
    )
    left = Term(max(whole - gone, 0), basis)
    if not basis.counts_days:
        # The watch looks once a minute: what fired seconds late is still «3 h».
        return f"{_to_the_minute(left.duration)}{COUNTED_BY.get(basis, '')}"
    if left.quantity and commitment.due_at - as_of > LAST_HOURS:
        return f"{'queda' if left.quantity == 1 else 'quedan'} {pack.format_term(left)}"
    return _to_the_minute(commitment.due_at - as_of)


def _to_the_minute(left: timedelta) -> str:
    words = format_duration(-(-left // MINUTE) * MINUTE)
    return f"{'queda' if words in SINGLE else 'quedan'} {words}"


def _why(alert: Alert, pack: Pack, definition: Definition | None) -> str:
    """Which rule of the pack sends it, and to whom."""
    people = " y ".join(PEOPLE[Audience(each)] for each in alert.to)
    sort, _, number = alert.step.partition(":")
    if definition is None or sort == DUE:
        return f"el plazo venció sin cumplirse; se avisa a {people}."
    basis = definition.target.basis
    if sort == "reminder":
        before = pack.format_term(definition.reminders[int(number) - 1].before.on(basis))
        many = len(definition.reminders)
        which = f" {number} de {many}" if many > 1 else ""
        return f"recordatorio{which}, {before} antes de vencer; es para {people}."
    late = [each for each in definition.escalations if each.after.amount]
    after = pack.format_term(late[int(number) - 1].after.on(basis))
    return f"nadie lo cumplió {after} después de vencer; se avisa a {people}."
