"""Somebody reads the request and confirms what it is (G7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.desk import changes
from ventanilla.register import operations as register
from ventanilla.register.models import Case


def assess(
    *,
    case: Case,
    category: str,
    priority: str,
    asked: str,
    expected_seq: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Case:
    """Confirm category, priority and what is being asked; a corrected category is told (G9).

    Its promises are computed anew from the moment the request was received. Raises NotPermitted,
    CaseMoved, StatusNotAllowed, CategoryUnknown.
    """
    require(acting_user, Permission.ASSESS_CASE, case.desk)
    with transaction.atomic(durable=True):
        before = case.category
        case = register.assess(
            case=case,
            category=category,
            priority=priority,
            asked=asked,
            expected_seq=expected_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
        if case.category != before:
            changes.tell_category(case, acting_user=acting_user, as_of=as_of)
    return case
