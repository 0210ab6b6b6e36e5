"""Texts with named placeholders: one pass, no attributes, no indexes, no surprises."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .clock import PolicyError

PLACEHOLDERS: Mapping[str, str] = {
    "asunto": "asunto de lo que escribió la persona",
    "categoria": "nombre de la categoría para el cliente",
    "compromiso": "lo que se promete, p. ej. «primera respuesta»",
    "empresa": "nombre de la empresa",
    "enlace": "dirección para seguir el caso",
    "mesa": "nombre de la mesa que atiende",
    "estado": "estado del caso",
    "firma": "firma de la empresa",
    "folio": "folio o radicado del caso",
    "horario": "horario de atención",
    "motivo": "motivo escrito por quien atiende",
    "nombre": "nombre de la persona",
    "respuesta": "texto de la respuesta o de la resolución",
    "vence": "fecha y hora del compromiso",
    "vence_antes": "fecha y hora que se había comprometido antes",
}
_FIELD_AND_STOP = re.compile(r"\{([a-z_]+)\}(\.?)")
_FIELD = re.compile(r"\{([a-z_]+)\}")


class BrokenBraces(PolicyError):
    """La plantilla tiene llaves sin pareja o con algo que no es un nombre, como {nombre}."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{type(self).__doc__} Cerca de: {text[:60]!r}.")


class UnknownPlaceholder(PolicyError):
    """La plantilla usa un marcador que no existe."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"{type(self).__doc__} Desconocidos: {', '.join(names)}. "
            f"Conocidos: {', '.join(PLACEHOLDERS)}."
        )


class MissingValue(PolicyError):
    """Falta el valor de un marcador de la plantilla."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{type(self).__doc__} Faltan: {', '.join(names)}.")


def placeholders_in(text: str) -> tuple[str, ...]:
    """The names a text uses, each once, in order of appearance."""
    return tuple(dict.fromkeys(match[1] for match in _FIELD.finditer(text)))


def check_braces(text: str) -> str:
    """The text itself. Raises BrokenBraces when a brace belongs to no placeholder."""
    rest = _FIELD.sub("", text)
    brace = re.search(r"[{}]", rest)
    if brace:
        raise BrokenBraces(rest[max(brace.start() - 20, 0) :])
    return text


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; what a value contains is never read as one.

    Raises BrokenBraces, UnknownPlaceholder (for names no template may use) and MissingValue.
    """
    check_braces(text)
    names = placeholders_in(text)
    unknown = [name for name in names if name not in PLACEHOLDERS]
    if unknown:
        raise UnknownPlaceholder(unknown)
    missing = [name for name in names if name not in values]
    if missing:
        raise MissingValue(missing)
    return _FIELD_AND_STOP.sub(lambda match: _put(str(values[match[1]]), match[2]), text)


def fill_known(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; a placeholder without a value stays, to be seen."""

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return _put(value, match[2]) if value else match[0]

    return _FIELD_AND_STOP.sub(put, text)


def _put(value: str, full_stop: str) -> str:
    """A value that brings its own full stop («4:00 p. m.») does not get a second one."""
    return value if value.endswith(".") else value + full_stop
