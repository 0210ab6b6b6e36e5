"""The forms about mail: tests, and doing again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.policy.schema.service import Desk

from .admin import AdminForm


class SendTestForm(AdminForm):
    """Where a test mail goes."""

    to = forms.EmailField(label=gettext_lazy("Enviar una prueba a"), max_length=254)


class InboundTestForm(AdminForm):
    """Through which desk's address a test mail comes in."""

    desk = forms.ChoiceField(label=gettext_lazy("Dirección que recibe"))

    def __init__(self, desks: Iterable[Desk], data: Any = None) -> None:
        super().__init__(data)
        self.choice("desk").choices = [
            (each.key, f"{each.name} ({each.addresses[0]})") for each in desks
        ]


class ReasonForm(AdminForm):
    """Which of the mails in quarantine."""

    reason = forms.ChoiceField(label=gettext_lazy("Motivo de la cuarentena"))

    def __init__(self, reasons: Iterable[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.choice("reason").choices = list(reasons)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nothing is there to be chosen any more."""
        if not self.choice("reason").choices:
            raise ValidationError(_("Ya no hay nada en cuarentena."))
        return super().clean() or self.cleaned_data
