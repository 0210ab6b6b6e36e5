"""The same mail twice has one effect, also when both copies are processed at the same moment."""

from __future__ import annotations

from django.db import connection

from ventanilla.channels.models import Fate, InboundItem
from ventanilla.desk.intake.arrival import Arrival
from ventanilla.desk.intake.fates import Settlement

EFFECTIVE = (Fate.CASE, Fate.FOLLOW_UP, Fate.BOUNCE, Fate.AUTOMATIC)
DUPLICATE_REASON = "same_mail"


def duplicate(arrival: Arrival) -> Settlement | None:
    """The settlement of a mail that already had its effect through another item, else None.

    Until the transaction ends no other worker decides about the same mail. The partial unique
    index on ``dedupe_key`` stands behind this, should the lock ever be forgotten.
    """
    key = arrival.dedupe_key
    with connection.cursor() as cursor:
        number = int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    if arrival.trusted and arrival.item.fate_reason == DUPLICATE_REASON:
        return None
    same = InboundItem.objects.filter(dedupe_key=key, fate__in=EFFECTIVE)
    if not (ids := same.values_list("pk", flat=True)[:1]):
        return None
    earlier = InboundItem.objects.defer("raw").select_related("case").get(pk=ids[0])
    return Settlement(
        fate=Fate.DUPLICATE,
        reason=DUPLICATE_REASON,
        detail=f"Es el mismo correo que el número {earlier.pk}, que ya se atendió.",
        case=earlier.case,
        duplicate_of=earlier,
    )
