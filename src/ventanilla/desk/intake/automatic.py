"""What a machine sent: out-of-office notes, receipts, our own mail coming round again."""

from __future__ import annotations

from ventanilla.channels.models import Fate
from ventanilla.core.actors import SYSTEM
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.fates import Settlement
from ventanilla.desk.intake.hearing import heard
from ventanilla.desk.intake.routing import case_of_mark
from ventanilla.register import operations as register


def set_aside(arrival: Arrival, reason: str) -> Settlement:
    """Show it on its case if it carries our mark; it never opens, meets or wakes anything."""
    case = case_of_mark(arrival)
    if case is not None:
        register.add_message(
            case=case,
            message=heard(arrival, person=None, automatic=True, substantive=False),
            acting_user=SYSTEM,
            as_of=arrival.received_at,
        )
    return Settlement(
        fate=Fate.AUTOMATIC,
        reason=reason,
        detail="Es un correo automático: no abre casos ni se le contesta.",
        case=case,
    )


def own_loop() -> Settlement:
    """Our own mail came back to us as it was; looking at it again would never end."""
    return Settlement(
        fate=Fate.AUTOMATIC,
        reason="own_loop",
        detail="Es un correo que salió de aquí mismo.",
    )
