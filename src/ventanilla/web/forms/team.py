"""The form that gives cases of one person to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.accounts.models import Staff
from ventanilla.core.numbers import number_in
from ventanilla.web.presenters.team import choice_of

NOBODY = "0"


class CaseIds(forms.TypedMultipleChoiceField):
    """Ids of cases as checkboxes send them; which cases they are is the desk's to judge."""

    def valid_value(self, value: Any) -> bool:
        """Whether it can be an id at all."""
        return number_in(str(value)) > 0


class Reassignment(forms.Form):
    """Which cases, and to whom."""

    case = CaseIds(coerce=int, required=False)
    to = forms.ChoiceField(label=gettext_lazy("Pasarlos a"))

    def __init__(
        self,
        colleagues: Sequence[tuple[Staff, str, str]],
        *,
        cover_id: int | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(data, label_suffix="", initial={"to": str(cover_id or NOBODY)})
        self._names = {str(person.pk): str(person) for person, _, _ in colleagues}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (NOBODY, _("Nadie: vuelven a «Sin asignar»")),
            *(
                (str(each[0].pk), _words(*each, covers=each[0].pk == cover_id))
                for each in colleagues
            ),
        ]

    @property
    def target_name(self) -> str:
        """Whose the cases become; empty for nobody."""
        return self._names.get(self.cleaned_data["to"], "")

    def chosen_or(self, default: list[int]) -> set[int]:
        """What was ticked; before anything was sent, everything is."""
        if not self.is_bound:
            return set(default)
        return set(self.cleaned_data.get("case", [])) if hasattr(self, "cleaned_data") else set()


def _words(person: Staff, load: str, away: str, *, covers: bool) -> str:
    """«Berta Nieto — cubre, 12 abiertos»: enough to decide, in one line."""
    facts = [_("cubre")] if covers else []
    facts.append(_("%(count)s abiertos") % {"count": load})
    return choice_of(person, *facts, away)
