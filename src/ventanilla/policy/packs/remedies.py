"""What pydantic found wrong, in Spanish, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from ventanilla.policy.clock import Basis
from ventanilla.policy.schema.base import ADDRESS, CLAUSE_ID, KEY

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
    "string_pattern_mismatch": lambda error: _pattern_words(_context(error, "pattern")),
    "string_too_long": lambda error: f"Use a lo sumo {_context(error, 'max_length')} caracteres.",
    "too_short": "Agregue al menos un elemento.",
    "string_too_short": "Escriba algo.",
    "string_type": "Póngalo entre comillas si parece un número o una fecha.",
    "greater_than_equal": lambda error: f"El mínimo es {_context(error, 'ge')}.",
    "less_than_equal": lambda error: f"El máximo es {_context(error, 'le')}.",
    "tuple_type": "Escriba cada elemento en su línea con un guion.",
    "model_type": "Escriba sus campos, uno por línea, como «campo: valor».",
    "dict_type": "Escriba sus campos, uno por línea, como «campo: valor».",
    "int_type": "Escriba el número solo, sin comillas ni decimales.",
    "int_from_float": "Escriba el número sin decimales.",
    "int_parsing": "Escriba el número solo, sin letras.",
    "value_error": "",
}


_PATTERNS = {
    KEY: "Use minúsculas sin acentos, cifras y guion bajo, como «atencion».",
    CLAUSE_ID: "Use una mayúscula y cifras, como «G3».",
    ADDRESS: "Escriba una dirección completa, como «ayuda@empresa.example».",
    "^es-[A-Z]{2}$": "Escriba «es» y el país, como «es-CO».",
    "^[A-Z]{2}$": "Use el código de dos letras del país, como «CO».",
    "^[A-Z]{3}$": "Use el código de tres letras de la moneda, como «COP».",
}
_YAML_PROBLEMS = (
    ("cannot start any token", "Hay un tabulador o un signo reservado donde empieza un valor."),
    ("mapping values are not allowed", "Hay dos puntos de más: falta una comilla o sobra sangría."),
    ("expected <block end>", "La sangría no coincide con la de las líneas anteriores."),
    ("could not find expected ':'", "Faltan los dos puntos después de una clave."),
    ("found undefined alias", "Un alias (*) no tiene su ancla (&)."),
    ("another document", "Hay más de un documento: quite la línea «---»."),
    ("end of stream", "El archivo termina antes de tiempo: falta cerrar comillas o corchetes."),
    ("expected ',' or", "Falta una coma o cerrar un corchete o una llave."),
)  # fmt: skip


def in_spanish(problem: str) -> str:
    """What the YAML parser, or our reading of its nodes, found wrong."""
    if problem.startswith("found duplicate key"):
        return f"Una clave está repetida: {problem.partition('key')[2].split(' with')[0].strip()}."
    if problem.startswith("tag "):
        return f"Las etiquetas de YAML no se admiten: {problem[4:]}."
    if problem.startswith("value "):
        return f"El valor no se puede leer: {problem[6:]}."
    for part, words in _YAML_PROBLEMS:
        if part in problem:
            return words
    return f"El analizador dice: {problem}."


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
    given = error["input"]
    if given is None:
        return "nada"
    text = str(given) if isinstance(given, date) else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _pattern_words(pattern: str) -> str:
    return _PATTERNS.get(pattern, f"Debe cumplir {pattern}.")


def _context(error: ErrorDetails, key: str) -> str:
    return str(error.get("ctx", {}).get(key, ""))


def _expected(error: ErrorDetails) -> str:
    return _context(error, "expected").replace("'", "").replace(" or ", ", ")
