"""A refusal as a person meets it: what was wrong, what was kept, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.register.folio import FolioMistyped

TYPED_KEPT = screen("Lo que escribió sigue aquí; no se cambió nada.")


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Title, message, and what happened with what was typed."""

    title: str
    message: str
    kept: str


def refusal_view(refusal: Refusal, *, kept: str = screen("No se cambió nada.")) -> RefusalView:
    """The words of a refusal."""
    return RefusalView(_("No se pudo hacer"), refusal.message, kept)


def mistyped_words(refusal: FolioMistyped) -> str:
    """What staff read of a folio with a wrong character; people are sent to their own mail."""
    said = _(
        "El número «%(folio)s» no es correcto: su carácter de control no corresponde, así que hay "
        "algún carácter cambiado."
    )
    return said % {"folio": refusal.facts["text"]}
