"""The form of a reply template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ventanilla.accounts.queries import names_of
from ventanilla.policy.schema import Pack
from ventanilla.web.forms.case import Reply
from ventanilla.web.forms.fields import Line, Words
from ventanilla.workspace.models import ReplyTemplate
from ventanilla.workspace.templates import Wording

KEEP = ""
MINE = "me"


class TemplateForm(forms.Form):
    """What a template says, where it is offered, and what it does besides."""

    name = Line(label=_("Nombre"), max_length=120)
    text = Words(label=_("Texto"), rows=10)
    desk = forms.ChoiceField(label=_("Mesa"), required=False)
    category = forms.ChoiceField(label=_("Categoría"), required=False)
    then = forms.ChoiceField(label=_("Después de enviar"), required=False, choices=Reply.AFTERWARDS)
    assignee = forms.ChoiceField(label=_("Responsable"), required=False)
    priority = forms.ChoiceField(label=_("Prioridad"), required=False)
    becomes = forms.ChoiceField(label=_("Cambiar la categoría a"), required=False)
    is_active = forms.BooleanField(label=_("Se ofrece a quien responde"), required=False)

    def __init__(self, pack: Pack, data: Any = None, row: ReplyTemplate | None = None) -> None:
        super().__init__(data, label_suffix="", auto_id="plantilla_%s", initial=_initial(row))
        desks = [(each.key, each.name) for each in pack.desks]
        categories = [(each.key, each.name) for each in pack.categories]
        self._offer("desk", _("Todas"), desks)
        self._offer("category", _("Todas"), categories)
        self._offer("becomes", _("Dejarla como está"), categories)
        priorities = [(each.key, each.name) for each in pack.priorities]
        self._offer("priority", _("Dejarla como está"), priorities)
        people: list[Any] = [(MINE, _("Quien responde"))]
        kept = str(self.initial.get("assignee", ""))
        if kept.isdecimal():  # somebody an earlier version named
            people += [(kept, names_of([int(kept)]).get(int(kept), kept))]
        self._offer("assignee", _("Dejarlo como está"), people)

    def _offer(self, name: str, nothing: Any, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(KEEP, nothing), *choices]

    def wording(self) -> Wording:
        """What was written, for the workspace."""
        asked = self.cleaned_data
        deeds = [
            {"noun": noun, key: asked[name]}
            for noun, key, name in (
                ("asignacion", "assignee", "assignee"),
                ("prioridad", "priority", "priority"),
                ("categoria", "category", "becomes"),
            )
            if asked[name]
        ]
        return Wording(
            name=asked["name"],
            text=asked["text"],
            desk=asked["desk"],
            category=asked["category"],
            then=asked["then"],
            deeds=deeds,
            is_active=asked["is_active"],
        )


def _initial(row: ReplyTemplate | None) -> dict[str, Any]:
    if row is None:
        return {"is_active": True}
    deeds = {each["noun"]: each for each in row.deeds}
    return {
        "name": row.name,
        "text": row.text,
        "desk": row.desk,
        "category": row.category,
        "then": row.then,
        "is_active": row.is_active,
        "assignee": deeds.get("asignacion", {}).get("assignee", ""),
        "priority": deeds.get("prioridad", {}).get("priority", ""),
        "becomes": deeds.get("categoria", {}).get("category", ""),
    }
