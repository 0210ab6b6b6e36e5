"""The record of administration: what was done to the house itself, and by whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from ventanilla.accounts.models import AdministrativeEntry, Staff
from ventanilla.core.actors import Actor

PAGE = 50


class Act(StrEnum):
    """Every kind of act. Alphabetised; kept so by a test."""

    ABSENCE_CHANGED = "absence_changed"
    ABSENCE_ENDED = "absence_ended"
    ABSENCE_NOTED = "absence_noted"
    CHANNEL_TESTED = "channel_tested"
    DELIVERIES_RETRIED = "deliveries_retried"
    DESK_MEMBERS_CHANGED = "desk_members_changed"
    INBOUND_REPLAYED = "inbound_replayed"
    INVITATION_SENT = "invitation_sent"
    JOB_CANCELLED = "job_cancelled"
    JOB_RETRIED = "job_retried"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - the name of an act, no password
    POLICY_PUBLISHED = "policy_published"
    RECORD_VERIFIED = "record_verified"
    STAFF_CHANGED = "staff_changed"
    STAFF_CREATED = "staff_created"
    STAFF_DEACTIVATED = "staff_deactivated"
    STAFF_REACTIVATED = "staff_reactivated"


def record(
    act: Act,
    payload: dict[str, Any],
    *,
    about: Staff | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> AdministrativeEntry:
    """Write one entry, in the transaction of the act itself."""
    return AdministrativeEntry.objects.create(
        kind=act,
        at=as_of,
        actor_kind=acting_user.kind,
        actor_id=acting_user.id,
        about=about,
        payload=payload,
    )


def entries(*, after: int | None = None, limit: int = PAGE) -> list[AdministrativeEntry]:
    """The latest entries first; ``after`` is the last id of the page before."""
    rows = AdministrativeEntry.objects.select_related("about").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return list(rows[:limit])


def latest(act: Act) -> AdministrativeEntry | None:
    """The last entry of one kind."""
    return AdministrativeEntry.objects.filter(kind=act).order_by("-id").first()
