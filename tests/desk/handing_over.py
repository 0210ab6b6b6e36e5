"""Answers handed over in tests: how they are given, fired and looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from tests.desk.people import FRIDAY_3PM, berta, carlos
from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import (
    sending,
)
from ventanilla.desk.enclosing import Upload
from ventanilla.register.models import Case, Message
from ventanilla.workspace.models import Draft

MINUTE = timedelta(minutes=1)
NOW = FRIDAY_3PM + MINUTE
DUE = NOW + sending.UNDO_WINDOW
TOMORROW = NOW + timedelta(days=1)
PDF = Upload(filename="nota.pdf", content=b"%PDF-1.4 nota", declared_type="application/pdf")


def over(case: Case, text: str = "Ya lo vemos.", **facts: Any) -> Any:
    """Handed over by Berta at NOW unless said otherwise."""
    call: dict[str, Any] = {
        key: facts.pop(key) for key in ("request_key", "expected_seq") if key in facts
    }
    who, at = facts.pop("acting_user", None) or berta(), facts.pop("as_of", NOW)
    return sending.hand_over(
        case=case,
        reply=sending.Reply(text=text, **facts),
        acting_user=who,
        as_of=at,
        **({"request_key": uuid4()} | call),
    )


def sent(case: Case) -> list[str]:
    rows = Message.objects.filter(case=case, direction="out", automatic=False).order_by("id")
    return list(rows.values_list("text", flat=True))


def fired(draft: Draft, at: Any = DUE) -> Message | None:
    return sending.send_due(draft_id=draft.pk, as_of=at)


def state(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def jobs() -> list[tuple[int, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'draft_id')::bigint, scheduled_at FROM procrastinate_jobs"
            " WHERE task_name = 'send_draft' AND status = 'todo' ORDER BY id"
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def colleague() -> Actor:
    actor = carlos()
    Staff.objects.filter(pk=actor.id or 0).update(desks=[])
    return actor
