"""What is kept per language is never told in another."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext

from ventanilla.desk import resolution
from ventanilla.web.actions import ACTIONS
from ventanilla.web.actions.base import DeedMisfits, Passing
from ventanilla.web.forms import case as forms
from ventanilla.web.kept import kept_per_language


def test_each_language_has_its_own() -> None:
    made: list[str] = []

    @kept_per_language(4)
    def greeting(name: str) -> str:
        made.append(name)
        return f"{gettext('Buscar')} {name}"

    for _ in range(2):
        for language, expected in (("es", "Buscar Ana"), ("en", "Search Ana")):
            with translation.override(language):
                assert greeting("Ana") == expected
    assert made == ["Ana", "Ana"]


def test_a_deed_whose_form_asks_something_else_is_told_when_it_is_loaded() -> None:
    passing = [each for each in ACTIONS.values() if isinstance(each.do, Passing)]
    assert len(passing) > 10
    Passing(resolution.reopen, "reason").check(forms.Reasoned)
    for wrong in (
        Passing(resolution.reopen),
        Passing(resolution.reopen, "reason", "text"),
        Passing(resolution.reopen, "resaon"),
    ):
        with pytest.raises(DeedMisfits):
            wrong.check(forms.Reasoned)
    with pytest.raises(DeedMisfits):
        Passing(resolution.reopen, "reason").check(forms.Confirmation)
