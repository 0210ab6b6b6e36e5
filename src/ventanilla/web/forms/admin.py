"""The forms of the administration. What may be chosen comes from the policy and the accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.accounts.models import Absence, Role, Staff
from ventanilla.policy.schema.pack import Pack
from ventanilla.web.presenters.team import choice_of

from .fields import Line, StaffName

NOBODY = ""
LANGUAGES = (("es", "Español"), ("en", "English"))
FARTHEST = timedelta(days=2 * 366)


class AdminForm(forms.Form):
    """Labels without colons, and ids of their own."""

    def __init__(self, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(
            data,
            files,
            label_suffix="",
            initial=initial,
            auto_id=f"{type(self).__name__.lower()}_%s",
        )

    def choice(self, name: str) -> forms.ChoiceField:
        """A field whose choices are given when the form is made."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


class StaffForm(AdminForm):
    """Who somebody is in the house."""

    full_name = StaffName(label=gettext_lazy("Nombre y apellido"), max_length=120)
    role = forms.ChoiceField(label=gettext_lazy("Función"), choices=Role.choices)
    desks = forms.MultipleChoiceField(
        label=gettext_lazy("Mesas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Un agente o líder sin ninguna mesa marcada atiende todas. Las demás funciones ven "
            "siempre todas."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Idioma de las páginas"), choices=LANGUAGES)

    def __init__(self, pack: Pack, data: Any = None, *, staff: Staff | None = None) -> None:
        super().__init__(data, initial=_values_of(staff) if staff else {"language": "es"})
        known = {each.key: each.name for each in pack.desks}
        # A desk that a later policy no longer has stays ticked until somebody takes it away.
        gone = [each for each in (staff.desks if staff else ()) if each not in known]
        self.choice("desks").choices = [
            *known.items(),
            *((each, _("%(desk)s (ya no está en la política)") % {"desk": each}) for each in gone),
        ]


class NewStaffForm(StaffForm):
    """A colleague to be."""

    field_order = ("full_name", "email", "role", "desks", "language")
    email = forms.EmailField(
        label=gettext_lazy("Correo"),
        max_length=254,
        help_text=gettext_lazy(
            "Allí recibe un enlace para escoger su contraseña. Nadie más la conoce."
        ),
    )


def _values_of(staff: Staff) -> dict[str, Any]:
    return {name: getattr(staff, name) for name in ("full_name", "role", "desks", "language")}


class MembersForm(AdminForm):
    """Which of the people bound to desks serve this one."""

    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Quién atiende esta mesa"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, desk: str, people: Iterable[Staff], data: Any = None) -> None:
        bound = list(people)
        super().__init__(data, initial={"members": [e.pk for e in bound if desk in e.desks]})
        self.choice("members").choices = [(each.pk, str(each)) for each in bound]


class Day(forms.DateField):
    """A day as the browser's own calendar gives it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", gettext_lazy("Escriba una fecha, por ejemplo 2026-11-27.")
        )
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class AbsenceForm(AdminForm):
    """When somebody is away: whole days of the zone of the policy, the last one included."""

    staff = forms.TypedChoiceField(label=gettext_lazy("Quién"), coerce=int)
    first = Day(label=gettext_lazy("Primer día"))
    last = Day(label=gettext_lazy("Último día"))
    covered_by = forms.TypedChoiceField(
        label=gettext_lazy("Quién cubre"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy(
            "Recibe también los avisos de sus casos. Sin nadie, los recibe el líder."
        ),
    )
    reason = Line(
        label=gettext_lazy("Motivo"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Lo ve el equipo. No escriba datos de salud."),
    )

    def __init__(
        self,
        people: Iterable[Staff],
        zone: ZoneInfo,
        data: Any = None,
        *,
        absence: Absence | None = None,
    ) -> None:
        super().__init__(data, initial=_days_of(absence, zone) if absence else None)
        self.zone = zone
        people = list(people)
        named = [(each.pk, str(each)) for each in people]
        self.choice("staff").choices = named if absence is None else []
        if absence is not None:
            del self.fields["staff"]
        self.choice("covered_by").choices = [
            (NOBODY, _("Nadie")),
            *((each.pk, choice_of(each)) for each in people),
        ]

    def clean(self) -> dict[str, Any]:
        """With the two moments the days stand for. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last:
            if last < first:
                raise ValidationError(_("El último día es anterior al primero."))
            if last - first > FARTHEST or last.year > 9000:
                raise ValidationError(_("Son más de dos años. Revise las fechas."))
            cleaned["starts_at"] = self._midnight(first)
            cleaned["ends_at"] = self._midnight(last + timedelta(days=1))
        return cleaned

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone)


def _days_of(absence: Absence, zone: ZoneInfo) -> dict[str, Any]:
    last = absence.ends_at - timedelta(seconds=1)
    return {
        "first": absence.starts_at.astimezone(zone).date(),
        "last": last.astimezone(zone).date(),
        "covered_by": absence.covered_by_id or NOBODY,
        "reason": absence.reason,
    }
