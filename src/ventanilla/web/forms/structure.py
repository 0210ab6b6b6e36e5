"""The forms that bring cases together or part them, and the one that adds files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ventanilla.register import folio as folios
from ventanilla.register.folio import FolioMistyped
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.presenters.refusals import mistyped_words

from .case import CaseForm, Setting, named
from .fields import Line, ManyFiles

TYPED = "escrito"
"""What is typed to look for the other case; without a script it is the folio that is meant."""


class CasePicker(forms.TextInput):
    """A case: the likely ones to choose from, and a search that offers more of them."""

    def __init__(self, setting: Setting, *, foresees: bool) -> None:
        super().__init__()
        self.setting = setting
        self.foresees = foresees

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """The choice; a whole folio typed beside it is meant instead, words were only a search."""
        typed = data.get(f"{name}-{TYPED}", "").strip()
        chosen = data.get(name, "")
        return chosen if chosen and not folios.check(typed, self.setting.pack) else typed

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002 - Django's signature
        """One of two controls is enough, which a browser cannot know."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:  # noqa: ARG002 - Django's signature
        """The label names the text one types."""
        return f"{id_}-{TYPED}"

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        """The likely cases first; what was chosen or typed before stays."""
        case = self.setting.case
        likely = list(self.setting.likely())
        chosen = str(value or "")
        context = {
            "name": name,
            "typed": "" if chosen in {each.folio for each in likely} else chosen,
            "chosen": chosen,
            "typed_name": f"{name}-{TYPED}",
            "id": (attrs or {}).get("id", name),
            "likely": likely,
            "search_url": address("case-others", case.folio)
            + ("?prever=1" if self.foresees else ""),
            "foresee_url": address("merge-foreseen", case.folio) if self.foresees else "",
        }
        return render_to_string("web/case/picker.html", context)


class OtherCase(CaseForm):
    """Another case, which its writer may see."""

    foresees = False
    words = _("Con qué caso")
    same = _("Elija otro caso: este es el mismo.")

    def prepare(self, setting: Setting) -> None:
        """The person's other cases are what is mostly meant."""
        self.fields["into"] = Line(
            label=self.words,
            max_length=60,
            widget=CasePicker(setting, foresees=self.foresees),
            error_messages={"required": _("Elija un caso o escriba su número.")},
        )

    def clean_into(self) -> Case:
        """The other case. A folio mistyped by one character is told as such."""
        try:
            found = self.setting.find(self.cleaned_data["into"])
        except FolioMistyped as mistyped:
            raise ValidationError(mistyped_words(mistyped), code="mistyped") from mistyped
        if found is None:
            raise ValidationError(_("No hay un caso con ese número a su alcance."), code="unknown")
        if found.pk == self.setting.case.pk:
            raise ValidationError(self.same, code="same")
        return found


class Merging(OtherCase):
    """Into which case this one goes."""

    foresees = True
    words = _("Caso que queda")
    same = _("Un caso no se une consigo mismo.")


class Linking(OtherCase):
    """With which case this one belongs together."""


class Unlinking(CaseForm):
    """From which case this one is parted again."""

    other = forms.ChoiceField(
        label=_("Caso que deja de estar relacionado"), widget=forms.RadioSelect
    )

    def prepare(self, setting: Setting) -> None:
        """The cases that are linked now."""
        self.choice("other").choices = [(each.folio, each.words) for each in setting.linked()]

    def clean_other(self) -> Case:
        """The other case, as long as it may be seen."""
        found = self.setting.find(self.cleaned_data["other"])
        if found is None:
            raise ValidationError(_("No hay un caso con ese número a su alcance."), code="unknown")
        return found


class Splitting(CaseForm):
    """Which messages begin a case of their own."""

    messages = forms.MultipleChoiceField(
        label=_("Mensajes que pasan al caso nuevo"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Elija al menos un mensaje.")},
    )
    subject = Line(label=_("Asunto del caso nuevo"))
    category = forms.ChoiceField(label=_("Categoría"))

    def prepare(self, setting: Setting) -> None:
        """The messages of the case and the pack's categories."""
        field = self.fields["messages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), words) for pk, words in setting.messages()]
        self.choice("category").choices = named(setting.pack.categories)
        self.initial["category"] = setting.case.category


class Filing(CaseForm):
    """Files that a colleague puts into the case."""

    evidence = ManyFiles(
        label=_("Archivos"),
        help_text=_("Quedan bajo este número. La persona no los recibe."),
    )

    def clean_evidence(self) -> list[Any]:
        """At least one: a field of many files calls none of them a mistake."""
        given: list[Any] = self.cleaned_data["evidence"]
        if not given:
            raise ValidationError(_("Elija al menos un archivo."), code="required")
        return given
