"""What a person fills in to follow their request."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from .fields import Line, Words


class FollowForm(forms.Form):
    """Folio and access code. Pasting is welcome; case and hyphens do not matter."""

    folio = Line(label="Folio", max_length=60)
    secret = Line(
        label="Clave",
        max_length=60,
        help_text="Las letras y números del final del enlace que le enviamos: XXXX-XXXX-XXXX.",
    )

    def __init__(self, folio_word: str, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["folio"].label = folio_word
        for name in ("folio", "secret"):
            self.fields[name].widget.attrs.update(
                autocomplete="off", autocapitalize="characters", spellcheck="false"
            )


class PersonMessage(forms.Form):
    """Something more to say."""

    text = Words(
        label="Su mensaje",
        rows=5,
        max_length=10_000,
        error_messages={"required": "Escriba lo que quiere decirnos."},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", initial={"request_key": uuid4()})
