"""What a person fills in to ask: the same few things always, and those of the kind of request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.crm.rules import AddressNotUnderstood, normalise_email
from ventanilla.desk.intake.submission import Answer
from ventanilla.policy.schema import Category, FieldKind, FormField
from ventanilla.policy.wording import format_date

from .fields import Line, Words

PREFIX = "dato_"
TRAP = "sitio"
"""A field that people do not see and do not fill in; programs do."""
LONGEST_TEXT = 10_000
LONGEST_ANSWER = 2_000
LONGEST_LINE = 200
MOST_RADIOS = 6
YES, NO = "si", "no"
_NUMBER = re.compile(r"-?\d[\d., ]{0,20}")


class Number(Line):
    """A number as people write it; it is kept as written."""

    def to_python(self, value: Any) -> str:
        """Digits with points, commas and spaces."""
        text = super().to_python(value).lstrip("$ ").strip()
        if text and not _NUMBER.fullmatch(text):
            raise ValidationError(_("Escriba un número, por ejemplo 12 o 185000."), code="invalid")
        return text


class Mailbox(Line):
    """An e-mail address."""

    def to_python(self, value: Any) -> str:
        """In the spelling under which it is kept."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return normalise_email(text)
        except AddressNotUnderstood as error:
            raise ValidationError(
                _("Esa dirección no parece completa. Escríbala así: nombre@ejemplo.com."),
                code="invalid",
            ) from error


class ReachableMailbox(Mailbox):
    """An e-mail address at a domain of the internet: an answer and a link have to get there."""

    def to_python(self, value: Any) -> str:
        """As before, and with something after the last point of the domain."""
        address = super().to_python(value)
        if address and "." not in address.rpartition("@")[2]:
            raise ValidationError(
                _("A la dirección le falta la terminación, por ejemplo .com"), code="invalid"
            )
        return address


class AskForm(forms.Form):
    """A request of one category. What is asked beside the text stands in the policy."""

    name = Line(
        label=gettext_lazy("Su nombre"),
        max_length=LONGEST_LINE,
        error_messages={"required": gettext_lazy("Escriba su nombre.")},
    )
    email = ReachableMailbox(
        label=gettext_lazy("Su correo electrónico"),
        max_length=254,
        help_text=gettext_lazy(
            "Aquí le enviamos la respuesta y el enlace para seguir su solicitud."
        ),
        error_messages={"required": gettext_lazy("Escriba el correo al que le respondemos.")},
    )
    subject = Line(
        label=gettext_lazy("Asunto"),
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("En pocas palabras, como lo diría por teléfono."),
        error_messages={"required": gettext_lazy("Escriba el asunto.")},
    )
    text = Words(
        label=gettext_lazy("Cuéntenos"),
        rows=7,
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Cuéntenos qué necesita.")},
    )

    def __init__(self, category: Category, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.category = category
        for field in category.fields:
            self.fields[PREFIX + field.key] = _MADE[field.kind](field)
        self.order_fields(["subject", *(PREFIX + each.key for each in category.fields), "text"])
        for name, hint in (("name", "name"), ("email", "email"), ("subject", "off")):
            self.fields[name].widget.attrs.update(autocomplete=hint)
        self.fields["email"].widget.attrs.update(inputmode="email", spellcheck="false")

    def about(self) -> Iterator[forms.BoundField]:
        """The fields about the matter, in the order in which they are asked."""
        return (field for field in self if field.name not in ("name", "email"))

    def who(self) -> Iterator[forms.BoundField]:
        """The fields about the person."""
        return (self[name] for name in ("name", "email"))

    def answers(self) -> list[Answer]:
        """What was answered to the fields of the category, empty ones left out."""
        return list(self._answers())

    def _answers(self) -> Iterator[Answer]:
        for field in self.category.fields:
            given = self.cleaned_data.get(PREFIX + field.key)
            if given in (None, ""):
                continue
            shown = _shown(field, given)
            yield Answer(key=field.key, label=_ending(field.label), value=str(given), shown=shown)


def is_trapped(data: Any) -> bool:
    """Whether the field that nobody sees was filled in."""
    return bool(str(data.get(TRAP, "")).strip())


def _ending(label: str) -> str:
    """A label as it stands before its answer."""
    return label if label.endswith(("?", ":")) else f"{label}:"


def _shown(field: FormField, given: Any) -> str:
    if field.kind is FieldKind.DATE:
        return format_date(given)
    if field.kind is FieldKind.YES_NO:
        return {YES: "Sí", NO: "No"}[given]
    return str(given)


def _text(field: FormField) -> forms.Field:
    return Line(**_common(field), max_length=LONGEST_LINE)


def _long(field: FormField) -> forms.Field:
    return Words(**_common(field), rows=4, max_length=LONGEST_ANSWER)


def _date(field: FormField) -> forms.Field:
    return forms.DateField(
        **_common(field),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _number(field: FormField) -> forms.Field:
    made = Number(**_common(field), max_length=30)
    made.widget.attrs.update(inputmode="decimal", autocomplete="off")
    return made


def _choice(field: FormField) -> forms.Field:
    options = [(each, each) for each in field.choices]
    if len(options) <= MOST_RADIOS:
        return forms.ChoiceField(**_common(field), choices=options, widget=forms.RadioSelect())
    return forms.ChoiceField(**_common(field), choices=[("", _("Elija una opción")), *options])


def _yes_no(field: FormField) -> forms.Field:
    return forms.ChoiceField(
        **_common(field), choices=[(YES, _("Sí")), (NO, _("No"))], widget=forms.RadioSelect()
    )


def _common(field: FormField) -> dict[str, Any]:
    return {"label": field.label, "help_text": field.help, "required": field.required}


_MADE: dict[FieldKind, Callable[[FormField], forms.Field]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _long,
    FieldKind.DATE: _date,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}
