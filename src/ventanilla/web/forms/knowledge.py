"""What somebody fills in to write an article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ventanilla.intranet.models import BODY_LENGTH, TITLE_LENGTH, Audience
from ventanilla.intranet.operations import Content
from ventanilla.intranet.rules import kinds_of
from ventanilla.policy.schema import Pack

from .fields import Line, Words


class ArticleForm(forms.Form):
    """The working text of an article."""

    title = Line(
        label=_("Título"),
        max_length=TITLE_LENGTH,
        help_text=_("Como lo preguntaría quien lo busca."),
        error_messages={"required": _("Escriba un título.")},
    )
    kind = forms.ChoiceField(label=_("Clase"))
    audience = forms.ChoiceField(
        label=_("Quién lo lee"), choices=Audience.choices, widget=forms.RadioSelect()
    )
    categories = forms.MultipleChoiceField(
        label=_("Sobre qué solicitudes"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Se ofrece primero a quien pregunta o responde sobre ellas."),
    )
    body = Words(
        label=_("Texto"),
        rows=18,
        required=False,
        max_length=BODY_LENGTH,
        help_text=_("Markdown: # título, **negrita**, - lista, 1. pasos, [enlace](https://…)."),
    )

    def __init__(self, pack: Pack, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, label_suffix="", initial=initial)
        kind, categories = self.fields["kind"], self.fields["categories"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(categories, forms.ChoiceField)
        kind.choices = list(kinds_of(pack).items())
        categories.choices = [(each.key, each.name) for each in pack.categories]

    def content(self) -> Content:
        """What was written, for the operations."""
        given = self.cleaned_data
        return Content(
            title=given["title"],
            body=given["body"],
            kind=given["kind"],
            audience=given["audience"],
            categories=tuple(given["categories"]),
        )
