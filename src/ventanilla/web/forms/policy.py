"""Uploading a policy, and publishing what was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .admin import AdminForm
from .fields import LocalMoment

MOST_BYTES = 1024 * 1024
FARTHEST = timedelta(days=5 * 366)


class UploadForm(AdminForm):
    """A pack as a file."""

    file = forms.FileField(
        label=gettext_lazy("Archivo YAML de la política"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={
            "required": gettext_lazy("Escoja el archivo."),
            "empty": gettext_lazy("El archivo está vacío."),
        },
    )

    def clean_file(self) -> str:
        """Its text. Raises ValidationError when it is none, or too long to be a policy."""
        given: UploadedFile[bytes] = self.cleaned_data["file"]
        if (given.size or 0) > MOST_BYTES:
            raise ValidationError(_("El archivo pesa más de 1 MB: no parece una política."))
        try:
            return str(given.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(
                _("No es texto en UTF-8. Guárdelo así y súbalo de nuevo.")
            ) from None


class SinceForm(AdminForm):
    """From when a version holds, in the zone of the policy."""

    def __init__(self, zone: ZoneInfo, as_of: datetime, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.as_of = as_of
        tomorrow = as_of.astimezone(zone).replace(hour=0, minute=0) + timedelta(days=1)
        self.fields["effective_from"] = LocalMoment(
            zone=zone,
            label=_("Rige desde"),
            initial=tomorrow,
            help_text=_("En la zona horaria de la política (%(zone)s). Nunca hacia atrás.")
            % {"zone": zone.key},
        )

    def clean_effective_from(self) -> datetime:
        """Raises ValidationError for a moment nobody can mean."""
        moment: datetime = self.cleaned_data["effective_from"]
        if moment.year < 2000 or moment - self.as_of > FARTHEST:
            raise ValidationError(_("Es una fecha demasiado lejana. Revísela."))
        return moment


class PublishForm(SinceForm):
    """What was read of the file travels with the page, so that what was seen is what is published."""

    text = forms.CharField(
        widget=forms.HiddenInput, max_length=MOST_BYTES, strip=False, required=True
    )
