"""The forms of the case page. Choices come from the pack of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from ventanilla.accounts.models import Staff
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.folio import FolioMistyped
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import Status

from .fields import Line, LocalMoment, ManyFiles, Words

NOBODY = "0"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form needs to know about the case it is for; asked only by the form that needs it.

    ``find`` gives a case by folio among those its writer may see, and raises FolioMistyped.
    """

    case: Case
    pack: Pack
    colleagues: Callable[[], Iterable[Staff]]
    away: Callable[[], Mapping[int, str]]
    messages: Callable[[], Iterable[tuple[int, str]]]
    find: Callable[[str], Case | None]


class CaseForm(forms.Form):
    """A form on a case: it knows which state of the record its writer saw, and that it is one.

    ``expected_seq`` lets the desk refuse when somebody acted in between; ``request_key`` is the
    same however often the button is pressed.
    """

    expected_seq = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, setting: Setting, data: Any = None, files: Any = None) -> None:
        super().__init__(
            data,
            files,
            label_suffix="",
            auto_id=f"{type(self).__name__.lower()}_%s",
            initial={"expected_seq": setting.case.ledger_seq, "request_key": uuid4()},
        )
        self.setting = setting
        self.prepare(setting)

    def prepare(self, setting: Setting) -> None:
        """Choices and first values; nothing by default."""

    def see_as_of(self, case: Case) -> None:
        """Let a form that came back be sent again: its writer now sees the case as it stands."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["expected_seq"] = str(case.ledger_seq)
        self.data = sent

    def choice(self, name: str) -> forms.ChoiceField:
        """A field of this form whose choices the pack gives."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def _named(parts: Iterable[Any]) -> list[tuple[str, str]]:
    return [(part.key, part.name) for part in parts]


class Confirmation(CaseForm):
    """Nothing to fill in."""


class Assessment(CaseForm):
    """What is being asked, and is it in the right place?"""

    category = forms.ChoiceField(label="Categoría")
    priority = forms.ChoiceField(label="Prioridad")
    asked = Words(
        label="Qué se pide",
        rows=3,
        max_length=2000,
        help_text="En una o dos frases, con sus palabras. Queda en el registro.",
    )

    def prepare(self, setting: Setting) -> None:
        """The pack's categories and priorities, set to those of the case."""
        self.choice("category").choices = _named(setting.pack.categories)
        self.choice("priority").choices = _named(setting.pack.priorities)
        self.initial.update(category=setting.case.category, priority=setting.case.priority)


class Reply(CaseForm):
    """An answer to the person."""

    AFTERWARDS = (
        ("", "Seguir trabajando en el caso"),
        ("wait_for_customer", "Esperar a la persona"),
        ("resolve", "Dar el caso por resuelto"),
    )

    text = Words(label="Respuesta", rows=5)
    attachments = ManyFiles(label="Adjuntar archivos", required=False)
    then = forms.ChoiceField(
        label="Después de enviar",
        required=False,
        choices=AFTERWARDS,
    )


class Note(CaseForm):
    """For colleagues only."""

    text = Words(label="Nota interna", rows=3, help_text="Solo la ve el equipo.")


class Assignment(CaseForm):
    """Who takes care of it."""

    assignee = forms.ChoiceField(label="Responsable")

    def prepare(self, setting: Setting) -> None:
        """Those who serve the desk, or nobody."""
        away = setting.away()
        people = [
            (str(each.pk), f"{each} — {away[each.pk]}" if each.pk in away else str(each))
            for each in setting.colleagues()
        ]
        self.choice("assignee").choices = [(NOBODY, "Nadie: vuelve a «Sin asignar»"), *people]
        self.initial["assignee"] = str(setting.case.assignee_id or NOBODY)


class CategoryChange(CaseForm):
    """Another category, and why."""

    category = forms.ChoiceField(label="Categoría")
    reason = Line(label="Motivo")

    def prepare(self, setting: Setting) -> None:
        """The pack's categories."""
        self.choice("category").choices = _named(setting.pack.categories)
        self.initial["category"] = setting.case.category


class PriorityChange(CaseForm):
    """Another priority, and why."""

    priority = forms.ChoiceField(label="Prioridad")
    reason = Line(label="Motivo")

    def prepare(self, setting: Setting) -> None:
        """The pack's priorities."""
        self.choice("priority").choices = _named(setting.pack.priorities)
        self.initial["priority"] = setting.case.priority


class CommittedDate(CaseForm):
    """A date that the person will be told."""

    reason = Line(label="Motivo", help_text="La persona lo lee.")
    field_order = ("committed_at", "reason")

    def prepare(self, setting: Setting) -> None:
        """The moment is read in the zone of the pack."""
        zone = setting.pack.calendar.zone
        help_text = f"Hora de {zone.key.rpartition('/')[2].replace('_', ' ')}."
        self.fields["committed_at"] = LocalMoment(
            zone=zone, label="Fecha y hora comprometidas", help_text=help_text
        )
        self.initial["committed_at"] = setting.case.committed_at
        self.order_fields(self.field_order)


class Reasoned(CaseForm):
    """Only why."""

    reason = Line(label="Motivo", help_text="Queda en el registro.")


class Waiting(CaseForm):
    """Whom the case waits for."""

    status = forms.ChoiceField(label="Se espera a")
    reason = Line(label="Qué se espera")

    def prepare(self, setting: Setting) -> None:
        """The three statuses of waiting, as the pack calls them."""
        waits = (Status.WAITING_CUSTOMER, Status.WAITING_AREA, Status.WAITING_AUTHORIZATION)
        self.choice("status").choices = [
            (each.value, setting.pack.statuses.label(each.value))
            for each in waits
            if each.value != setting.case.status
        ]


class Resolution(CaseForm):
    """What was done, in words the person reads."""

    text = Words(
        label="Qué se hizo",
        rows=5,
        help_text="La persona lo recibe como cierre de su solicitud. Escríbalo para ella.",
    )


class ProgressNotice(CaseForm):
    """How it is going."""

    text = Words(label="Cómo va", rows=5, help_text="La persona lo recibe por correo.")


class Merging(CaseForm):
    """Into which case this one goes."""

    into = Line(label="Caso que queda", max_length=60)

    def clean_into(self) -> Case:
        """The other case. A folio mistyped by one character is told as such."""
        try:
            found = self.setting.find(self.cleaned_data["into"])
        except FolioMistyped as mistyped:
            raise ValidationError(mistyped.message, code="mistyped") from mistyped
        if found is None:
            raise ValidationError("No hay un caso con ese número a su alcance.", code="unknown")
        if found.pk == self.setting.case.pk:
            raise ValidationError("Un caso no se une consigo mismo.", code="same")
        return found


class Splitting(CaseForm):
    """Which messages begin a case of their own."""

    messages = forms.MultipleChoiceField(
        label="Mensajes que pasan al caso nuevo",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Elija al menos un mensaje."},
    )
    subject = Line(label="Asunto del caso nuevo")
    category = forms.ChoiceField(label="Categoría")

    def prepare(self, setting: Setting) -> None:
        """The messages of the case and the pack's categories."""
        field = self.fields["messages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), words) for pk, words in setting.messages()]
        self.choice("category").choices = _named(setting.pack.categories)
        self.initial["category"] = setting.case.category
