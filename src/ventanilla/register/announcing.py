"""Telling whoever listens that a case moved, when and only when the move is committed.

PostgreSQL holds a notification back until its transaction ends well and drops it otherwise, so
nobody ever hears of something that did not happen. The payload names the case and says who may be
concerned; it holds no word of its content, because every connection to the database may listen.
"""

from __future__ import annotations

import json
from typing import Any

from ventanilla.register.models import Case
from ventanilla.register.rules.state import CaseState

CHANNEL = "ventanilla_live"
"""The channel that every process with open pages listens to."""


def moved(case: Case, before: CaseState | None, after: CaseState) -> str:
    """What is told about a case that was written.

    Where it was until now is told when it went to another desk or another colleague: their queues
    changed as well.
    """
    told: dict[str, Any] = {
        "kind": "case",
        "case": case.pk,
        "folio": after.folio,
        "desk": after.desk,
        "assignee": after.assignee_id,
        "seq": case.ledger_seq,
    }
    if before is not None and before.desk != after.desk:
        told["was_desk"] = before.desk
    if before is not None and before.assignee_id != after.assignee_id:
        told["was_assignee"] = before.assignee_id
    return json.dumps(told, separators=(",", ":"))
