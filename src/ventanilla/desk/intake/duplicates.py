"""The same mail twice has one effect, also when both copies are processed at the same moment."""

from __future__ import annotations

from ventanilla.channels.models import Fate, InboundItem
from ventanilla.core.statements import execute, unawaited
from ventanilla.desk.intake.arrival import DUPLICATE_REASON, Arrival
from ventanilla.desk.intake.fates import Settlement

# The second condition repeats that of the index ``inbound_effect_once``, or it would not be used.
SAME_MAIL = """
SELECT id FROM channels_inbounditem
 WHERE dedupe_key = %s AND dedupe_key <> '' AND fate IN ('case', 'follow_up', 'bounce', 'automatic') LIMIT 1
"""


def duplicate(arrival: Arrival) -> Settlement | None:
    """The settlement of a mail that already had its effect through another item, else None.

    Until the transaction ends no other worker decides about the same mail. The partial unique
    index on ``dedupe_key`` stands behind this, should the lock ever be forgotten.
    """
    key = arrival.dedupe_key
    number = int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True)
    with unawaited():  # two statements, since the second has to see what the lock waited for
        execute("SELECT pg_advisory_xact_lock(%s::bigint)", [number])
        same = execute(SAME_MAIL, [key]).fetchone()
    if same is None or arrival.is_wanted_again:
        return None
    earlier = InboundItem.objects.defer("raw").select_related("case").get(pk=same[0])
    return Settlement(
        fate=Fate.DUPLICATE,
        reason=DUPLICATE_REASON,
        detail=f"Es el mismo correo que el número {earlier.pk}, que ya se atendió.",
        case=earlier.case,
        duplicate_of=earlier,
    )
