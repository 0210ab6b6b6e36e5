"""Fields for words that people write, and that other people will read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000
LONGEST_LINE = 300
MOST_REVISIONS = 2**31 - 1
MOST_VERSIONS = 2**53 - 1
"""Larger numbers are no whole ones in a script."""

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_CONTROL = re.compile("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]")


def plain(text: str) -> str:
    """The text without characters that nobody sees; joiners stay, scripts and emoji need them.

    Raises ValidationError for characters that make a text read otherwise than it is written:
    «exe.fdp» shown as «pdf.exe» is how people are deceived.
    """
    if _REORDERING.search(text):
        raise ValidationError(
            _(
                "El texto trae caracteres invisibles que cambian el orden en que se lee. "
                "Escríbalo de nuevo o péguelo sin formato."
            ),
            code="reordering",
        )
    return _CONTROL.sub("", _UNSEEN.sub("", text)).strip()


class Words(forms.CharField):
    """Text of several lines."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        kwargs.setdefault("error_messages", {}).setdefault("required", _("Falta el texto."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Without unseen characters; only such characters count as empty."""
        return plain(super().to_python(value) or "")


class Line(forms.CharField):
    """Text of one line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_LINE)
        kwargs.setdefault("error_messages", {}).setdefault(
            "required", _("Falta completar este dato.")
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """One line, whatever was pasted."""
        return " ".join(plain(super().to_python(value) or "").split())


class StaffName(Line):
    """How a colleague is called on screens and under mails: a name, not markup."""

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if "<" in value or ">" in value:
            raise ValidationError(_("Un nombre no lleva «<» ni «>»: quítelos."), code="markup")


class Numbers(forms.CharField):
    """Ids that a form brings back as it was drawn, «3,17»; nobody types them."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=1000, widget=forms.HiddenInput)

    def clean(self, value: Any) -> frozenset[int]:
        """Each once, in no order."""
        parts = [each for each in super().clean(value).split(",") if each]
        if not all(each.isascii() and each.isdecimal() for each in parts):
            raise ValidationError(_("El formulario llegó dañado."), code="damaged")
        return frozenset(int(each) for each in parts)


class Revision(forms.IntegerField):
    """Which version of a kept text a form was drawn from; 0 for none."""

    def __init__(self, most: int = MOST_REVISIONS) -> None:
        super().__init__(required=False, min_value=0, max_value=most, widget=forms.HiddenInput)

    def clean(self, value: Any) -> int:
        """A number, also where none was brought."""
        return super().clean(value) or 0


class LocalMoment(forms.DateTimeField):
    """A date and hour in the zone of the case, whatever zone the browser is in."""

    def __init__(self, *, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", _("Escriba una fecha y una hora, por ejemplo 2026-11-27T16:00.")
        )
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Shown in the zone of the case."""
        return value.astimezone(self.zone) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """Aware, in the zone of the case."""
        naive = super().to_python(value)
        return naive.replace(tzinfo=self.zone) if naive is not None else None


class ManyFiles(forms.FileField):
    """Several files at once."""

    class _Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", self._Input())
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file, in the order it was chosen."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFiles, self).clean(each, initial) for each in given]
