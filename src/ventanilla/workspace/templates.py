"""Texts and sequences a team uses again and again: written by few, used by all who answer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.policy.template import BrokenBraces, check_braces, fill_known, placeholders_in
from ventanilla.workspace.models import ReplyTemplate

PLACEHOLDERS: Mapping[str, str] = {
    "nombre": screen("nombre de la persona"),
    "folio": screen("número del caso"),
    "asunto": screen("asunto de lo que escribió"),
    "categoria": screen("de qué se trata, con palabras del cliente"),
    "estado": screen("estado del caso"),
    "mesa": screen("mesa que atiende"),
    "empresa": screen("nombre de la empresa"),
    "vence": screen("fecha y hora comprometidas"),
    "firma_agente": screen("nombre de quien responde"),
}
"""What a template may name. The link of the person is not among them: it holds their access code."""


class PlaceholderUnknown(Refusal):
    """No existe el marcador {unknown}.{near} Hay: {known}."""


class BracesBroken(Refusal):
    """Hay una llave sin pareja o con algo que no es un marcador, como {{nombre}}."""


class TemplateNameTaken(Refusal):
    """Ya hay una plantilla «{name}» para esa mesa."""


class TemplateMoved(Refusal):
    """{who} cambió esta plantilla mientras usted escribía. Su texto sigue aquí: compárelo con el
    actual y guarde de nuevo si corresponde."""


class TemplateGone(Refusal):
    """Esta plantilla ya no existe."""


class TemplateEmpty(Refusal):
    """La plantilla necesita un nombre y un texto."""


class PlaceholderLeft(Refusal):
    """El texto tiene un marcador sin llenar: {names}. Complételo antes de enviar."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a template says and does."""

    name: str
    text: str
    desk: str = ""
    category: str = ""
    then: str = ""
    deeds: Sequence[Mapping[str, Any]] = field(default=())
    is_active: bool = True


def write(
    *,
    template_id: int | None,
    wording: Wording,
    expected_revision: int = 0,
    acting_user: Actor,
    as_of: datetime,
) -> ReplyTemplate:
    """Write a new template, or a kept one anew, which is still as its writer saw it.

    Raises NotPermitted, TemplateEmpty, PlaceholderUnknown, BracesBroken, TemplateNameTaken,
    TemplateGone, TemplateMoved.
    """
    require(acting_user, Permission.MANAGE_TEMPLATES)
    if not wording.name.strip() or not wording.text.strip():
        raise TemplateEmpty
    check(wording.text)
    try:
        with transaction.atomic():
            row = _locked(template_id, expected_revision) if template_id else ReplyTemplate()
            row.name, row.text = wording.name.strip(), wording.text.strip()
            row.desk, row.category, row.then = wording.desk, wording.category, wording.then
            row.deeds, row.is_active = [dict(each) for each in wording.deeds], wording.is_active
            row.updated_by_id, row.updated_at = acting_user.id, as_of
            row.save()
    except IntegrityError:
        raise TemplateNameTaken(name=wording.name.strip()) from None
    return row


def _locked(template_id: int, expected_revision: int) -> ReplyTemplate:
    row = by_id(template_id, for_update=True)
    if row is None:
        raise TemplateGone
    if row.revision != expected_revision:
        raise TemplateMoved(who=str(row.updated_by or _("El sistema")))
    row.revision += 1
    return row


def by_id(template_id: int, *, for_update: bool = False) -> ReplyTemplate | None:
    """One template with who changed it last, in use or not."""
    rows = ReplyTemplate.objects.select_related("updated_by")
    if for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(pk=template_id).first()


def check(text: str) -> None:
    """Raises PlaceholderUnknown, BracesBroken: what would stand in an answer as a riddle."""
    try:
        check_braces(text)
    except BrokenBraces:
        raise BracesBroken from None
    unknown = [name for name in placeholders_in(text) if name not in PLACEHOLDERS]
    if unknown:
        near = difflib.get_close_matches(unknown[0], PLACEHOLDERS, n=1)
        raise PlaceholderUnknown(
            unknown=_braced(unknown),
            near=_(" ¿Quiso decir %(near)s?") % {"near": _braced(near)} if near else "",
            known=_braced(PLACEHOLDERS),
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; a marker without a value stays, to be seen."""
    return fill_known(text, {name: values.get(name, "") for name in PLACEHOLDERS})


def require_filled(text: str) -> None:
    """Raises PlaceholderLeft when a marker of a template is still to be completed."""
    left = [name for name in placeholders_in(text) if name in PLACEHOLDERS]
    if left:
        raise PlaceholderLeft(names=_braced(left))


def offered(*, desk: str, category: str) -> list[ReplyTemplate]:
    """The active templates that fit a case: those of its category first, then of its desk."""
    fits = Q(desk__in=["", desk]) & Q(category__in=["", category])
    rows = ReplyTemplate.objects.filter(fits, is_active=True).order_by("name", "id")
    return sorted(rows, key=lambda row: (not row.category, not row.desk))


def all_of() -> list[ReplyTemplate]:
    """Every template, those in use first."""
    return list(ReplyTemplate.objects.select_related("updated_by").order_by("-is_active", "name"))


def ensure_first(*, as_of: datetime) -> int:
    """Put a few texts of ours into an installation that never had any; how many."""
    if ReplyTemplate.objects.exists():
        return 0
    rows = [
        ReplyTemplate(name=each.name, text=each.text, then=each.then, updated_at=as_of,
                      deeds=[dict(deed) for deed in each.deeds])
        for each in FIRST
    ]  # fmt: skip
    return len(ReplyTemplate.objects.bulk_create(rows))


def _braced(names: Sequence[str] | Mapping[str, str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


FIRST = (
    Wording(
        name="Recibido, lo estamos viendo",
        text=(
            "Buen día, {nombre}:\n\nGracias por escribirnos. Ya estamos revisando lo que nos cuenta "
            "y le damos una respuesta a más tardar el {vence}.\n\nSu número es {folio}.\n\n"
            "Quedo a sus órdenes,\n{firma_agente}"
        ),
    ),
    Wording(
        name="Pedir un dato que falta",
        text=(
            "Buen día, {nombre}:\n\nGracias por su mensaje. Para seguir con {folio} nos falta un "
            "dato:\n\n- \n\nPuede responder este mismo correo.\n\nQuedo a sus órdenes,\n"
            "{firma_agente}"
        ),
        then="wait_for_customer",
    ),
    Wording(
        name="Ya quedó resuelto",
        text=(
            "Buen día, {nombre}:\n\nGracias por su paciencia. Lo que nos pidió en {folio} ya quedó "
            "resuelto:\n\n- \n\nSi algo no está como lo esperaba, responda este correo y lo "
            "retomamos.\n\nCordialmente,\n{firma_agente}"
        ),
        then="resolve",
    ),
    Wording(
        name="Tomar el caso y avisar",
        text=(
            "Buen día, {nombre}:\n\nGracias por avisarnos. Me hago cargo de {folio} y le escribo "
            "con lo que encuentre a más tardar el {vence}.\n\nQuedo a sus órdenes,\n{firma_agente}"
        ),
        deeds=({"noun": "asignacion", "assignee": "me"},),
    ),
)
"""Wordings of ours; an installation changes them as it likes."""
