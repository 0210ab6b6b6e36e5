"""Finding and loading packs; every failure names file, line, path in the document and remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema import Pack

from .reading import MAX_BYTES, Path, Source, Unreadable, read_yaml
from .remedies import message_of, remedy_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack: where it stands, what it is, what to do."""

    file: str
    line: int | None
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path or 'documento'}: {self.message} {self.remedy}".rstrip()


class PackNotFound(PolicyError):
    """No hay una política con ese nombre ni un archivo en esa ruta."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{type(self).__doc__} Se pidió {given[:200]!r}; incluidas: {', '.join(available())}."
        )


class PackInvalid(PolicyError):
    """La política tiene errores."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([str(type(self).__doc__), *map(str, self.problems)]))


def available() -> tuple[str, ...]:
    """The keys of the packs that come with the product, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in resources.files(__package__).iterdir()
            if entry.name.endswith(".yaml")
        )
    )


@dataclass(frozen=True, slots=True)
class LocatedPack:
    """A pack and where each part of it stands in its file."""

    pack: Pack
    file: str
    source: Source

    def place_of(self, path: str) -> str:
        """``propia.yaml:214`` of a path such as ``categories[3].match``."""
        steps = tuple(int(word) if word.isdigit() else word for word in _STEP.findall(path))
        return f"{self.file}:{self.source.line_of(steps) or 1}"


def load(name_or_path: str | FilePath) -> Pack:
    """A pack by its key or by the path of a YAML file. Raises PackNotFound and PackInvalid.

    The packs that come with the product are read once.
    """
    return load_located(name_or_path).pack


def load_located(name_or_path: str | FilePath) -> LocatedPack:
    """As :func:`load`, with the lines of the file, for who has to point at them."""
    name = str(name_or_path)
    if name in available():
        return _included(name)
    return _located(_text_of(FilePath(name_or_path), name), name)


def desk_addresses(name_or_path: str | FilePath) -> tuple[str, ...]:
    """The addresses of the desks of a pack, without building the rest of it.

    For the listener, which knows no calendar: the holidays of a country take 19 MB. It trusts a pack
    that ``prepare`` has checked. Raises PackNotFound and PackInvalid.
    """
    name = str(name_or_path)
    if name in available():
        text = (resources.files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
    else:
        text = _text_of(FilePath(name_or_path), name)
    document = _read(text, name).document
    try:
        return tuple(address for desk in document["desks"] for address in desk["addresses"])
    except (LookupError, TypeError):
        raise PackInvalid([Problem(name, None, "desks", "Faltan las mesas.", "")]) from None


def loads(text: str, *, file: str = "política") -> Pack:
    """A pack from YAML text; ``file`` is what errors call it. Raises PackInvalid."""
    return _located(text, file).pack


def _text_of(path: FilePath, name: str) -> str:
    try:
        with path.open("rb") as file:
            # No more of it than is needed to see that it is too long.
            return file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        wrong = ("No es texto en UTF-8.", "Guárdelo como texto en UTF-8.")
    except PermissionError:
        wrong = ("No se puede leer.", "Dé permiso de lectura a quien ejecuta la orden.")
    except IsADirectoryError:
        wrong = ("Es una carpeta.", "Dé la ruta del archivo YAML.")
    except (OSError, ValueError):
        raise PackNotFound(name) from None
    raise PackInvalid([Problem(name, None, "", *wrong)])


def _read(text: str, file: str) -> Source:
    try:
        return read_yaml(text)
    except Unreadable as error:
        remedy = "" if error.line is None else "Corrija la línea señalada."
        raise PackInvalid([Problem(file, error.line, "", str(error), remedy)]) from None


def _located(text: str, file: str) -> LocatedPack:
    source = _read(text, file)
    try:
        return LocatedPack(Pack.from_document(source.document), file, source)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        raise PackInvalid(
            [_problem(error, source, file) for error in errors if not _follows(error, errors)]
        ) from None


@lru_cache(maxsize=16)
def _included(name: str) -> LocatedPack:
    entry = resources.files(__package__) / f"{name}.yaml"
    return _located(entry.read_text(encoding="utf-8"), entry.name)


def _problem(error: ErrorDetails, source: Source, file: str) -> Problem:
    path = _document_path(error["loc"], source.document)
    return Problem(file, source.line_of(path), dotted(path), message_of(error), remedy_of(error))


def _follows(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Whether a list only seems too short because what it holds is wrong."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in errors
    )


def _document_path(location: tuple[int | str, ...], document: Any) -> Path:
    """The location without what pydantic adds to it, such as ``[key]`` or the arm of a union."""
    kept: list[str | int] = []
    here: Any = document
    for step in location:
        if here is None or step == "[key]":
            continue
        here = _inside(here, step)
        kept.append(step)
    return tuple(kept)


def _inside(value: Any, step: int | str) -> Any:
    try:
        return value[step]
    except (LookupError, TypeError):
        return None


def dotted(path: Path) -> str:
    """``categories[2].commitments[0].target.basis``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
