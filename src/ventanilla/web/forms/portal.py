"""What a person fills in to follow their request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .asking import LONGEST_TEXT, Mailbox
from .fields import Line, Words

LONGEST_REASON = 1_000


class FollowForm(forms.Form):
    """Folio and access code. Pasting is welcome; case and hyphens do not matter."""

    folio = Line(label="Folio", max_length=60)
    secret = Line(
        label=_("Clave"),
        max_length=60,
        help_text=_("Las letras y números del final del enlace que le enviamos: XXXX-XXXX-XXXX."),
    )

    def __init__(self, folio_word: str, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["folio"].label = folio_word
        _plain_codes(self, "folio", "secret")


class LostForm(forms.Form):
    """Folio and address, to have the link sent anew."""

    folio = Line(label="Folio", max_length=60)
    email = Mailbox(label=_("El correo desde el que nos escribió"), max_length=254)

    def __init__(self, folio_word: str, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["folio"].label = folio_word
        _plain_codes(self, "folio")
        self.fields["email"].widget.attrs.update(autocomplete="email", inputmode="email")


class PersonMessage(forms.Form):
    """Something more to say; files may say it too."""

    text = Words(
        label=_("Su mensaje"),
        rows=5,
        required=False,
        max_length=LONGEST_TEXT,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class WithCode(PersonMessage):
    """The same, sent when the page had been closed to them: the code goes with it."""

    secret = Line(
        label=_("Clave"),
        max_length=60,
        help_text=_("Las letras y números del final del enlace que le enviamos: XXXX-XXXX-XXXX."),
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.initial["text"] = text
        _plain_codes(self, "secret")


class ReasonForm(forms.Form):
    """Why, in a few words, if the person cares to say."""

    reason = Words(
        label=_("¿Quiere contarnos por qué?"), rows=3, required=False, max_length=LONGEST_REASON
    )

    def __init__(self, data: Any = None, *, label: str = "", required: bool = False) -> None:
        super().__init__(data, label_suffix="")
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].required = required


def _plain_codes(form: forms.Form, *names: str) -> None:
    for name in names:
        form.fields[name].widget.attrs.update(
            autocomplete="off", autocapitalize="characters", spellcheck="false"
        )
