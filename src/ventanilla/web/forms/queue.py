"""The forms of the queue: its filters, the name of a view, and what is done to many cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ventanilla.accounts.models import Staff
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.rules.statuses import ENDED, Status
from ventanilla.web.presenters.menu import capitalised
from ventanilla.web.presenters.team import choice_of
from ventanilla.web.queues import MYSELF, NOBODY, Choices

from .fields import Line

DUE = (
    ("", _("Cualquier momento")),
    ("vencidos", _("Ya vencidos")),
    ("hoy", _("Hoy")),
    ("manana", _("Mañana")),
    ("semana", _("De aquí al domingo")),
)
LONGEST_NAME = 80
Choice = tuple[str, Any]


def status_choices(pack: Pack) -> list[Choice]:
    """The statuses of cases that a queue can hold, as the pack calls them."""
    return [(each.value, pack.statuses.label(each)) for each in Status if each not in ENDED]


def people_choices(people: Iterable[Staff]) -> list[Choice]:
    """Oneself, nobody, and the colleagues."""
    named = [(str(each.pk), str(each)) for each in people]
    return [(MYSELF, _("Yo")), (NOBODY, _("Nadie")), *named]


def _several(label: Any, choices: Sequence[Choice]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class FilterForm(forms.Form):
    """What a queue is narrowed to. Sent by GET, so that its address can be kept and shared.

    It is only drawn: what an address says is read by ``queues.choices_of``, for an address may
    name what no pack has any more, and then finds nothing instead of failing.
    """

    asunto = forms.CharField(label=_("Palabras del asunto"), required=False, max_length=80)
    vence = forms.ChoiceField(label=_("Vence"), choices=DUE, required=False)
    emergencia = forms.BooleanField(label=_("Solo emergencias"), required=False)
    complejo = forms.BooleanField(label=_("Solo casos complejos"), required=False)

    def __init__(
        self,
        choices: Choices,
        *,
        pack: Pack,
        people: Iterable[Staff],
        desks: Sequence[str] | None,
    ) -> None:
        one = ("asunto", "vence", "emergencia", "complejo")
        initial = {name: given[0] if name in one else given for name, given in choices.items()}
        super().__init__(initial=initial, auto_id="filtro_%s", label_suffix="")
        seen = [each for each in pack.desks if desks is None or each.key in desks]
        several: dict[str, tuple[Any, list[Choice]]] = {
            "mesa": (_("Mesa"), [(each.key, each.name) for each in seen]),
            "categoria": (_("Categoría"), [(each.key, each.name) for each in pack.categories]),
            "prioridad": (_("Prioridad"), [(each.key, each.name) for each in pack.priorities]),
            "estado": (capitalised(pack.vocabulary.status), status_choices(pack)),
            "canal": (_("Canal"), [(each.key, each.name) for each in pack.channels]),
        }
        for name, (label, offered) in several.items():
            self.fields[name] = _several(label, offered)
        self.fields["responsable"] = forms.MultipleChoiceField(
            label=_("Responsable"),
            choices=people_choices(people),
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 6}),
        )

    @property
    def groups(self) -> list[forms.BoundField]:
        """The fields of which several values may be chosen."""
        names = ("prioridad", "estado", "categoria", "mesa", "canal")
        return [self[name] for name in names if len(self.fields[name].choices) > 1]  # type: ignore[attr-defined]  # all of them choose


class ViewForm(forms.Form):
    """The name of a view, and whether the team sees it."""

    name = Line(label=_("Nombre de la vista"), max_length=LONGEST_NAME)
    shared = forms.BooleanField(label=_("Compartir con el equipo"), required=False)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="vista_%s", label_suffix="")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the forms for many cases choose from: who serves all their desks, and the pack."""

    people: Iterable[Staff]
    pack: Pack


class BulkForm(forms.Form):
    """What has to be known before something is done to the chosen cases."""

    def __init__(self, data: Any, offered: Offered) -> None:
        super().__init__(data, auto_id="lote_%s", label_suffix="")
        self.prepare(offered)

    def prepare(self, offered: Offered) -> None:
        """The choices."""
        raise NotImplementedError

    def choose(self, name: str, choices: list[Choice]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class BulkAssignment(BulkForm):
    """To whom the chosen cases go."""

    assignee = forms.ChoiceField(label=_("Responsable"))

    def prepare(self, offered: Offered) -> None:
        """Those who serve, or nobody."""
        people = [(str(each.pk), choice_of(each)) for each in offered.people]
        self.choose("assignee", [*people, (NOBODY, _("Nadie: vuelven a «Sin asignar»"))])


class BulkPriority(BulkForm):
    """Another priority for the chosen cases, and why."""

    priority = forms.ChoiceField(label=_("Prioridad"))
    reason = Line(label=_("Motivo"), help_text=_("Queda en el registro de cada caso."))

    def prepare(self, offered: Offered) -> None:
        """The pack's priorities."""
        self.choose("priority", [(each.key, each.name) for each in offered.pack.priorities])
