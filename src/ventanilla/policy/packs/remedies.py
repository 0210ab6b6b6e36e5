"""What pydantic found wrong, in Spanish, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ventanilla.policy.clock import Basis

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MESSAGES: dict[str, str | Callable[[ErrorDetails], str]] = {
    "missing": "Falta este campo.",
    "extra_forbidden": "Este campo no existe.",
    "enum": lambda error: f"El valor {error['input']!r} no está entre los admitidos.",
    "string_type": lambda error: f"Se esperaba un texto y hay {_shown(error)}.",
    "string_pattern_mismatch": lambda error: f"El texto {_shown(error)} no tiene la forma debida.",
    "string_too_short": "El texto está vacío.",
    "string_too_long": "El texto es demasiado largo.",
    "too_short": "La lista está vacía.",
    "int_parsing": lambda error: f"Se esperaba un número entero y hay {_shown(error)}.",
    "int_type": lambda error: f"Se esperaba un número entero y hay {_shown(error)}.",
    "int_from_float": lambda error: f"Se esperaba un número entero y hay {_shown(error)}.",
    "greater_than_equal": lambda error: f"El número {_shown(error)} es demasiado pequeño.",
    "less_than_equal": lambda error: f"El número {_shown(error)} es demasiado grande.",
    "bool_parsing": lambda error: f"Se esperaba true o false y hay {_shown(error)}.",
    "bool_type": lambda error: f"Se esperaba true o false y hay {_shown(error)}.",
    "tuple_type": lambda error: f"Se esperaba una lista y hay {_shown(error)}.",
    "dict_type": lambda error: f"Se esperaba un mapa y hay {_shown(error)}.",
    "model_type": lambda error: f"Se esperaba un mapa de campos y hay {_shown(error)}.",
    "value_error": lambda error: str(error.get("ctx", {}).get("error", error["msg"])),
}
_REMEDIES: dict[str, str | Callable[[ErrorDetails], str]] = {
    "missing": lambda error: _add(str(error["loc"][-1])),
    "extra_forbidden": "Quítelo o corrija su nombre.",
    "enum": lambda error: f"Use uno de: {_expected(error)}.",
    "string_pattern_mismatch": lambda error: f"Debe cumplir {_context(error, 'pattern')}.",
    "string_too_long": lambda error: f"Use a lo sumo {_context(error, 'max_length')} caracteres.",
    "too_short": "Agregue al menos un elemento.",
    "string_too_short": "Escriba algo.",
    "string_type": "Póngalo entre comillas si parece un número o una fecha.",
    "greater_than_equal": lambda error: f"El mínimo es {_context(error, 'ge')}.",
    "less_than_equal": lambda error: f"El máximo es {_context(error, 'le')}.",
    "tuple_type": "Escriba cada elemento en su línea con un guion.",
    "value_error": "",
}


def message_of(error: ErrorDetails) -> str:
    """What is wrong."""
    known = _MESSAGES.get(error["type"])
    if known is not None:
        return known if isinstance(known, str) else known(error)
    if error["type"].startswith(("date_", "datetime_")):
        return f"Se esperaba una fecha y hay {_shown(error)}."
    return f"El valor {_shown(error)} no sirve aquí ({error['type']})."


def remedy_of(error: ErrorDetails) -> str:
    """What to do."""
    known = _REMEDIES.get(error["type"])
    if known is not None:
        return known if isinstance(known, str) else known(error)
    if error["type"].startswith(("date_", "datetime_")):
        return "Escríbala como 2026-12-24."
    return "Corrija el valor; los campos están descritos en docs/policy.md."


def _add(field: str) -> str:
    # The basis is the one that people forget, and a target without it means nothing.
    choices = f": {', '.join(Basis)}" if field == "basis" else ""
    return f"Agregue «{field}»{choices}."


def _shown(error: ErrorDetails) -> str:
    text = repr(error["input"])
    return text if len(text) <= 60 else f"{text[:57]}..."


def _context(error: ErrorDetails, key: str) -> str:
    return str(error.get("ctx", {}).get(key, ""))


def _expected(error: ErrorDetails) -> str:
    return _context(error, "expected").replace("'", "").replace(" or ", ", ")
