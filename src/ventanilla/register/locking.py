"""Locking two cases at once."""

from __future__ import annotations

from ventanilla.register.models import Case


def lock_both(one: Case, other: Case) -> None:
    """In the order of their ids, so that two people acting crosswise wait instead of deadlock."""
    ids = sorted([one.pk, other.pk])
    list(Case.objects.select_for_update().filter(pk__in=ids).order_by("pk").only("pk"))
