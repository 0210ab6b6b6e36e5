"""When a message is not sent, and when a failed try is repeated. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.translation import gettext_noop

RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=8),
)
"""Pause before the second, third… try; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=3)
"""From the first try on. RFC 5321 (4.5.4.1) asks for four to five days; a promise in hours is
better served by telling the case's owner earlier that the mail does not arrive."""

CAP_WINDOW_OF_ADDRESS = timedelta(days=1)


def next_attempt(*, tries: int, first_at: datetime, as_of: datetime) -> datetime | None:
    """When to try again after ``tries`` failed ones, or None: it is given up.

    Without jitter: workers take rows one by one under a lock, so there is no herd to spread, and
    the moment printed on the outbox page is the one that is kept.
    """
    again = as_of + RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]
    return again if again <= first_at + GIVE_UP_AFTER else None


class Suppression(Enum):
    """Why a message stays unsent. The value is the stored reason, in Spanish; pages translate it."""

    ANSWERS_AUTOMATIC = gettext_noop("El correo recibido es automático: no se le contesta.")
    SENDER_DISOWNED = gettext_noop(
        "El dominio del remitente dice que este correo no es suyo: la respuesta automática le "
        "llegaría a quien no escribió."
    )
    OWN_ADDRESS = gettext_noop("La dirección es nuestra: contestarle haría un bucle.")
    ADDRESS_BOUNCED = gettext_noop("La dirección devolvió correos anteriores.")
    ADDRESS_CAP = gettext_noop("Tope diario de correos automáticos a esta dirección.")
    CASE_CAP = gettext_noop("Tope de correos automáticos del caso en este lapso.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """How much automatic mail a policy allows: loops end here when nothing else ends them."""

    per_address_per_day: int
    per_case: int
    case_window: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What is known of a message about to be queued. The counts are of automatic mail."""

    automatic: bool
    answers_automatic: bool = False
    sender_disowned: bool = False
    own_address: bool = False
    address_bounced: bool = False
    sent_to_address: int = 0
    sent_in_case: int = 0


def suppression(circumstances: Circumstances, caps: Caps) -> Suppression | None:
    """Why this message must not go out, or None.

    What a person writes is stopped only by an address of our own: a person may know better than
    a bounce, and RFC 3834 speaks of automatic answers only.
    """
    if circumstances.own_address:
        return Suppression.OWN_ADDRESS
    if not circumstances.automatic:
        return None
    stops = (
        (circumstances.answers_automatic, Suppression.ANSWERS_AUTOMATIC),
        (circumstances.sender_disowned, Suppression.SENDER_DISOWNED),
        (circumstances.address_bounced, Suppression.ADDRESS_BOUNCED),
        (circumstances.sent_to_address >= caps.per_address_per_day, Suppression.ADDRESS_CAP),
        (circumstances.sent_in_case >= caps.per_case, Suppression.CASE_CAP),
    )
    return next((reason for applies, reason in stops if applies), None)
