"""What the linter says, and every code it may say it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ventanilla.policy.schema import Pack, Part


class Severity(StrEnum):
    """An error keeps a pack from being published; a note only tells a choice of ours."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: how grave it is and what to do about it."""

    severity: Severity
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: where it stands in the document, what it is, what to do."""

    code: str
    severity: Severity
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"[{self.code}] {self.path}: {self.message} {self.remedy}"


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: dict[str, Code] = {
    "acknowledgement-incomplete": Code(_E, "Agregue los marcadores que faltan."),
    "ambiguous-basis": Code(_W, "Explique en «decided» por qué se lee así, o use otra base."),
    "assessment-late": Code(_W, "Acorte la evaluación o alargue la respuesta."),
    "choices-missing": Code(_E, "Escriba al menos dos opciones en «choices»."),
    "choices-unused": Code(_W, "Ponga «kind: choice», o quite las opciones."),
    "clause-without-rule": Code(
        _E, "Cítela con «clause» o «implements», o diga en «enforced_by» qué módulo la cumple."
    ),
    "decided": Code(_N, "Confírmelo con la empresa o cámbielo."),
    "default-elsewhere": Code(_E, "Escoja una categoría de la misma mesa."),
    "duplicate-address": Code(_E, "Deje cada dirección en una sola mesa."),
    "duplicate-key": Code(_E, "Dé a cada elemento una clave distinta."),
    "empty-target": Code(_E, "Dé una cantidad mayor que cero."),
    "guideline-contradiction": Code(_E, "Quite la frase de una de las dos pautas."),
    "guideline-without-phrases": Code(_E, "Agregue en «phrases» qué se busca, con palabras."),
    "guideline-phrases-unused": Code(
        _W, "Quite las frases, o use un tipo de pauta que las busque."
    ),
    "guideline-only-shown": Code(_W, "Ponga «advise»: lo que nadie comprueba no se puede exigir."),
    "holidays-next-year": Code(
        _E, "Ponga «country», o agregue en «holidays» las fechas del año que viene."
    ),
    "missing-template": Code(_E, "Agregue la plantilla."),
    "no-response-promise": Code(_E, "Agregue un compromiso first_response o resolution."),
    "on-call-is-desk": Code(_W, "Use una dirección que no abra casos nuevos."),
    "priority-contradiction": Code(_E, "Revise la base o la cantidad de los dos plazos."),
    "reminder-not-before-due": Code(_E, "El recordatorio debe ser menor que el plazo."),
    "repeated-step": Code(_W, "Deje uno y junte sus destinatarios."),
    "same-customer-name": Code(_E, "Dé a cada una un nombre que el cliente pueda distinguir."),
    "same-rules": Code(_E, "Distinga las palabras de cada categoría."),
    "shared-words": Code(_W, "Deje la palabra en una sola categoría."),
    "uncovered-desk": Code(_E, "Ponga «default_category» a la mesa."),
    "unknown-placeholder": Code(_E, "Use uno de los marcadores de docs/policy.md."),
    "unknown-reference": Code(_E, "Corrija la clave o agregue el elemento."),
    "unreachable-category": Code(_W, "Dele palabras en «match» o hágala la categoría de su mesa."),
    "unused-template": Code(_W, "Quítela o úsela en una categoría."),
}

Rule = Callable[[Pack, date], Iterator[Finding]]


def finding(code: str, path: str, message: str) -> Finding:
    """A finding of a known code. Raises KeyError for a code that CODES does not have."""
    known = CODES[code]
    return Finding(code, known.severity, path, message, known.remedy)


def parts_of(part: Part, path: str = "") -> Iterator[tuple[str, Part]]:
    """Every part below a part, with its path in the document."""
    for name, field in type(part).model_fields.items():
        shown = field.alias or name
        yield from _parts(getattr(part, name), f"{path}.{shown}" if path else shown)


def _parts(value: object, path: str) -> Iterator[tuple[str, Part]]:
    if isinstance(value, Part):
        yield path, value
        yield from parts_of(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _parts(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(item, f"{path}.{key}")
