"""Saved views: one's own and the shared ones, each under one name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk import people
from ventanilla.core.actors import Actor
from ventanilla.workspace import viewing
from ventanilla.workspace.models import SavedView

pytestmark = pytest.mark.usefixtures("desk")
NOW = people.FRIDAY_3PM


def saved(actor: Actor, name: str = "Urgentes", *, shared: bool = False) -> SavedView:
    filters = {"prioridad": ["high"], "categoria": []}
    return viewing.save_view(
        name=name, filters=filters, shared=shared, acting_user=actor, as_of=NOW
    )


def names(actor: Actor) -> list[str]:
    assert actor.id is not None
    return [each.name for each in viewing.views_for(actor.id)]


def test_a_view_is_ones_own_until_it_is_shared() -> None:
    berta, carlos = people.berta(), people.carlos()
    assert berta.id and carlos.id
    view = saved(berta, "  Mis   urgentes ")
    assert view.filters == {"prioridad": ["high"]}
    assert names(berta) == ["Mis urgentes"]
    assert names(carlos) == []
    assert viewing.view_for(carlos.id, view.pk) is None
    viewing.change_view(view=view, name="Urgentes", shared=True, acting_user=berta, as_of=NOW)
    assert names(carlos) == ["Urgentes"]
    assert viewing.view_for(carlos.id, view.pk) == view


def test_a_colleague_neither_renames_nor_deletes_it() -> None:
    berta, carlos = people.berta(), people.carlos()
    view = saved(berta, shared=True)
    with pytest.raises(SavedView.DoesNotExist):
        viewing.change_view(view=view, name="Mía", shared=False, acting_user=carlos, as_of=NOW)
    viewing.delete_view(view=view, acting_user=carlos, as_of=NOW)
    assert names(carlos) == ["Urgentes"]
    viewing.delete_view(view=view, acting_user=berta, as_of=NOW + timedelta(seconds=1))
    assert names(carlos) == []


def test_names_are_given_once_and_never_empty() -> None:
    berta, carlos = people.berta(), people.carlos()
    saved(berta)
    saved(carlos)
    with pytest.raises(viewing.ViewNameTaken):
        saved(berta)
    with pytest.raises(viewing.ViewNameMissing):
        saved(berta, "   ")
    assert names(berta) == ["Urgentes"]


def test_views_and_their_filters_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    berta = people.berta()
    many = {"categoria": [str(number) for number in range(viewing.MOST_VALUES + 1)]}
    with pytest.raises(viewing.FiltersTooMany):
        viewing.save_view(name="x", filters=many, shared=False, acting_user=berta, as_of=NOW)
    monkeypatch.setattr(viewing, "MOST_VIEWS", 1)
    saved(berta)
    with pytest.raises(viewing.ViewsTooMany):
        saved(berta, "Otra")
