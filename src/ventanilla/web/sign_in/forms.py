"""What one may change about oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ventanilla.accounts.models import Staff
from ventanilla.accounts.profile import LANGUAGES
from ventanilla.web.forms.fields import StaffName


class ProfileForm(forms.Form):
    """Name and language."""

    full_name = StaffName(
        label=_("Nombre y apellido"),
        max_length=120,
        help_text=_("Así lo ven sus colegas y las personas a quienes responde."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Idioma de las pantallas"),
        choices=list(LANGUAGES.items()),
        help_text=_("Los correos a clientes salen siempre en el idioma de la política."),
    )

    def __init__(self, data: Any = None, *, staff: Staff) -> None:
        initial = {"full_name": staff.full_name, "language": staff.language}
        super().__init__(data, initial=initial)
