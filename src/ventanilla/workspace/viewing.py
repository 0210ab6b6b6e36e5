"""Queues that somebody put together and keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.workspace.models import SavedView

MOST_VIEWS = 40
"""Per person: more stand in no menu."""
MOST_VALUES = 60
"""Values of all filters of one view."""

Choices = Mapping[str, Sequence[str]]
"""What the filter form sends: lists of values by name."""


class ViewNameTaken(Refusal):
    """Usted ya tiene una vista que se llama «{name}». Elija otro nombre, o bórrela primero."""


class ViewNameMissing(Refusal):
    """Falta el nombre de la vista."""


class ViewsTooMany(Refusal):
    """Usted ya tiene {most} vistas guardadas, que es lo más que se puede. Borre alguna primero."""


class FiltersTooMany(Refusal):
    """La vista tiene demasiados filtros: {count} valores, y caben {most}. Quite algunos."""


def views_for(staff_id: int) -> list[SavedView]:
    """One's own and those that colleagues share, by name."""
    rows = SavedView.objects.filter(Q(owner=staff_id) | Q(shared=True)).select_related("owner")
    return list(rows.order_by("name", "id")[:200])


def view_for(staff_id: int, view_id: int) -> SavedView | None:
    """One of those; None for the private view of a colleague, as for one that is gone."""
    rows = SavedView.objects.filter(Q(owner=staff_id) | Q(shared=True))
    return rows.select_related("owner").filter(pk=view_id).first()


def save_view(
    *, name: str, filters: Choices, shared: bool, acting_user: Actor, as_of: datetime
) -> SavedView:
    """Keep filters under a name. Raises ViewNameMissing, ViewNameTaken, ViewsTooMany,
    FiltersTooMany.
    """
    kept = _kept(filters)
    if SavedView.objects.filter(owner=acting_user.id).count() >= MOST_VIEWS:
        raise ViewsTooMany(most=MOST_VIEWS)
    assert acting_user.id is not None  # views are kept by members of staff only
    view = SavedView(owner_id=acting_user.id, filters=kept, shared=shared, created_at=as_of)
    return _named(view, name)


def change_view(
    *, view: SavedView, name: str, shared: bool, acting_user: Actor, as_of: datetime
) -> SavedView:
    """Rename one's own view, share it or stop sharing it. Raises as save_view.

    Raises SavedView.DoesNotExist for a colleague's.
    """
    own = SavedView.objects.get(pk=view.pk, owner=acting_user.id, created_at__lte=as_of)
    own.shared = shared
    return _named(own, name)


def delete_view(*, view: SavedView, acting_user: Actor, as_of: datetime) -> None:
    """Delete one's own view; that of a colleague stays."""
    SavedView.objects.filter(pk=view.pk, owner=acting_user.id, created_at__lte=as_of).delete()


def _named(view: SavedView, name: str) -> SavedView:
    view.name = " ".join(name.split())
    if not view.name:
        raise ViewNameMissing
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise ViewNameTaken(name=view.name) from taken
    return view


def _kept(filters: Choices) -> dict[str, list[str]]:
    kept = {name: list(values) for name, values in filters.items() if values}
    count = sum(len(values) for values in kept.values())
    if count > MOST_VALUES:
        raise FiltersTooMany(count=count, most=MOST_VALUES)
    return kept
