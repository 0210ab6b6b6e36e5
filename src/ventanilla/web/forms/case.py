"""The forms of the case page. Choices come from the pack of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ventanilla.accounts.models import Staff
from ventanilla.core.refusals import Refusal
from ventanilla.desk.sending import ColleagueAnswering, OwnAnswerLeaving
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import Status
from ventanilla.web.presenters.moments import city_of
from ventanilla.web.presenters.team import choice_of
from ventanilla.workspace.drafting import DraftGone
from ventanilla.workspace.models import Draft

from .fields import MOST_VERSIONS, Line, LocalMoment, ManyFiles, Numbers, Revision, Words

NOBODY = "0"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another case that may be meant, and how it is told from others."""

    folio: str
    words: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form needs to know about the case it is for; asked only by the form that needs it.

    ``find`` gives a case by folio among those its writer may see, and raises FolioMistyped;
    ``likely`` are the cases that are mostly meant by "another case", ``linked`` the related ones.
    """

    case: Case
    pack: Pack
    colleagues: Callable[[], Iterable[Staff]]
    away: Callable[[], Mapping[int, str]]
    messages: Callable[[], Iterable[tuple[int, str]]]
    find: Callable[[str], Case | None]
    likely: Callable[[], Iterable[Candidate]]
    linked: Callable[[], Iterable[Candidate]]


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
        self.bring(expected_seq=str(case.ledger_seq))

    def bring(self, **values: str) -> None:
        """Put other values into a form that came back."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        for name, value in values.items():
            sent[name] = value
        self.data = sent

    def note_refusal(self, refusal: Refusal) -> None:
        """Remember in a form that comes back what its writer is told; nothing by default."""

    def choice(self, name: str) -> forms.ChoiceField:
        """A field of this form whose choices the pack gives."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def named(parts: Iterable[Any]) -> list[tuple[str, str]]:
    """Parts of a pack as choices."""
    return [(part.key, part.name) for part in parts]


class Confirmation(CaseForm):
    """Nothing to fill in."""


class Assessment(CaseForm):
    """What is being asked, and is it in the right place?"""

    category = forms.ChoiceField(label=_("Categoría"))
    priority = forms.ChoiceField(label=_("Prioridad"))
    asked = Words(
        label=_("Qué se pide"),
        rows=3,
        max_length=2000,
        help_text=_("En una o dos frases, con sus palabras. Queda en el registro."),
    )

    def prepare(self, setting: Setting) -> None:
        """The pack's categories and priorities, set to those of the case."""
        self.choice("category").choices = named(setting.pack.categories)
        self.choice("priority").choices = named(setting.pack.priorities)
        self.initial.update(category=setting.case.category, priority=setting.case.priority)


class Drafted(CaseForm):
    """A form whose text is kept on the server while it is written."""

    revision = Revision(MOST_VERSIONS)

    def go_on_from(self, row: Draft | None) -> None:
        """Show what is kept; a form that came back keeps its own words and knows of the row's."""
        if self.is_bound:
            self.bring(revision=str(row.version if row else 0))
        elif row is not None:
            self.initial.update(text=row.text, revision=row.version)

    def note_refusal(self, refusal: Refusal) -> None:
        """What was sent or thrown away is another text from here on, and another form."""
        if isinstance(refusal, DraftGone):
            self.bring(request_key=str(uuid4()), revision="0")


class Reply(Drafted):
    """An answer to the person."""

    AFTERWARDS = (
        ("", _("Seguir trabajando en el caso")),
        ("wait_for_customer", _("Esperar a la persona")),
        ("resolve", _("Dar el caso por resuelto")),
    )

    WHEN = (
        ("", _("Ahora")),
        ("1h", _("Dentro de 1 hora")),
        ("tomorrow", _("Mañana al abrir")),
        ("monday", _("El lunes al abrir")),
        ("at", _("En un momento elegido")),
    )

    text = Words(label=_("Respuesta"), rows=5)
    attachments = ManyFiles(label=_("Adjuntar archivos"), required=False)
    then = forms.ChoiceField(
        label=_("Después de enviar"),
        required=False,
        choices=AFTERWARDS,
    )
    when = forms.ChoiceField(label=_("Cuándo"), required=False, choices=WHEN)
    aware_of = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    excuse = Line(label=_("Motivo"), required=False)
    files_shown = Numbers()
    articles_shown = Numbers()
    deeds_shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def prepare(self, setting: Setting) -> None:
        """A chosen moment is read in the zone of the pack."""
        self.fields["when_at"] = LocalMoment(
            zone=setting.pack.calendar.zone, label=_("Fecha y hora"), required=False
        )

    def clean_aware_of(self) -> list[UUID]:
        """The keys of pending answers that their writer was told about."""
        try:
            return [UUID(each) for each in self.cleaned_data["aware_of"].split(",") if each]
        except ValueError as error:
            raise ValidationError(_("El formulario llegó dañado."), code="damaged") from error

    def clean(self) -> dict[str, Any]:
        """A moment that is to be chosen has to be."""
        asked = super().clean() or {}
        if asked.get("when") == "at" and not asked.get("when_at") and "when_at" not in self.errors:
            self.add_error("when_at", _("Falta la fecha y la hora en que debe salir."))
        return asked

    def note_refusal(self, refusal: Refusal) -> None:
        """Whoever was told of another answer on its way and sends again, knows of it."""
        super().note_refusal(refusal)
        if isinstance(refusal, ColleagueAnswering | OwnAnswerLeaving):
            self.bring(aware_of=",".join(str(each) for each in refusal.keys))


class Note(Drafted):
    """For colleagues only."""

    text = Words(label=_("Nota interna"), rows=3, help_text=_("Solo la ve el equipo."))


class Assignment(CaseForm):
    """Who takes care of it."""

    assignee = forms.ChoiceField(label=_("Responsable"))

    def prepare(self, setting: Setting) -> None:
        """Those who serve the desk, or nobody."""
        away = setting.away()
        people = [
            (str(each.pk), choice_of(each, away.get(each.pk, ""))) for each in setting.colleagues()
        ]
        self.choice("assignee").choices = [(NOBODY, _("Nadie: vuelve a «Sin asignar»")), *people]
        self.initial["assignee"] = str(setting.case.assignee_id or NOBODY)


class CategoryChange(CaseForm):
    """Another category, and why."""

    category = forms.ChoiceField(label=_("Categoría"))
    reason = Line(label=_("Motivo"))

    def prepare(self, setting: Setting) -> None:
        """The pack's categories."""
        self.choice("category").choices = named(setting.pack.categories)
        self.initial["category"] = setting.case.category


class PriorityChange(CaseForm):
    """Another priority, and why."""

    priority = forms.ChoiceField(label=_("Prioridad"))
    reason = Line(label=_("Motivo"))

    def prepare(self, setting: Setting) -> None:
        """The pack's priorities."""
        self.choice("priority").choices = named(setting.pack.priorities)
        self.initial["priority"] = setting.case.priority


class CommittedDate(CaseForm):
    """A date that the person will be told."""

    reason = Line(label=_("Motivo"), help_text=_("La persona lo lee."))
    field_order = ("committed_at", "reason")

    def prepare(self, setting: Setting) -> None:
        """The moment is read in the zone of the pack."""
        zone = setting.pack.calendar.zone
        help_text = _("Hora de %(city)s.") % {"city": city_of(zone)}
        self.fields["committed_at"] = LocalMoment(
            zone=zone, label=_("Fecha y hora comprometidas"), help_text=help_text
        )
        self.initial["committed_at"] = setting.case.committed_at
        self.order_fields(self.field_order)


class Reasoned(CaseForm):
    """Only why."""

    reason = Line(label=_("Motivo"), help_text=_("Queda en el registro."))


class Waiting(CaseForm):
    """Whom the case waits for."""

    status = forms.ChoiceField(label=_("Se espera a"))
    reason = Line(label=_("Qué se espera"))

    def prepare(self, setting: Setting) -> None:
        """The three statuses of waiting, as the pack calls them."""
        waits = (Status.WAITING_CUSTOMER, Status.WAITING_AREA, Status.WAITING_AUTHORIZATION)
        self.choice("status").choices = [
            (each.value, setting.pack.statuses.label(each.value))
            for each in waits
            if each.value != setting.case.status
        ]


class Resolution(Drafted):
    """What was done, in words the person reads."""

    text = Words(
        label=_("Qué se hizo"),
        rows=5,
        help_text=_("La persona lo recibe como cierre de su solicitud. Escríbalo para ella."),
    )


class ProgressNotice(Drafted):
    """How it is going."""

    text = Words(label=_("Cómo va"), rows=5, help_text=_("La persona lo recibe por correo."))
