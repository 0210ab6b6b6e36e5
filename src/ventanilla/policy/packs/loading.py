"""Finding and loading packs; every failure names file, line, path in the document and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema import Pack

from .reading import Path, Source, Unreadable, read_yaml
from .remedies import message_of, remedy_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


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
            f"{type(self).__doc__} Se pidió {given!r}; incluidas: {', '.join(available())}."
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


def load(name_or_path: str | FilePath) -> Pack:
    """A pack by its key or by the path of a YAML file. Raises PackNotFound and PackInvalid.

    The packs that come with the product are read once.
    """
    name = str(name_or_path)
    if name in available():
        return _included(name)
    path = FilePath(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problem = Problem(name, None, "", "No está escrito en UTF-8.", "Guárdelo en UTF-8.")
        raise PackInvalid([problem]) from None
    except (OSError, ValueError):
        raise PackNotFound(name) from None
    return loads(text, file=name)


def loads(text: str, *, file: str = "política") -> Pack:
    """A pack from YAML text; ``file`` is what errors call it. Raises PackInvalid."""
    try:
        source = read_yaml(text)
    except Unreadable as error:
        remedy = "Corrija la línea señalada: sangría, comillas y dos puntos."
        raise PackInvalid([Problem(file, error.line, "", str(error), remedy)]) from None
    try:
        return Pack.from_document(source.document)
    except ValidationError as invalid:
        raise PackInvalid(
            [_problem(error, source, file) for error in invalid.errors(include_url=False)]
        ) from None


@lru_cache(maxsize=16)
def _included(name: str) -> Pack:
    entry = resources.files(__package__) / f"{name}.yaml"
    return loads(entry.read_text(encoding="utf-8"), file=entry.name)


def _problem(error: ErrorDetails, source: Source, file: str) -> Problem:
    path = _document_path(error["loc"], source.document)
    return Problem(file, source.line_of(path), dotted(path), message_of(error), remedy_of(error))


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
