"""YAML 1.2 to plain values, remembering the line of every one of them.

In YAML 1.2 ``8:30`` is text, not a number in base sixty. Duplicate keys are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ventanilla.policy.clock import PolicyError

from .remedies import in_spanish

Path = tuple[str | int, ...]
MAX_BYTES = 2_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 40
MAX_BRACKETS = 200
_BRACKET = re.compile(r"[\[\]{}]")


class Unreadable(PolicyError):
    """El archivo no es YAML válido."""

    def __init__(self, why: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(f"{type(self).__doc__} {why}")


@dataclass(slots=True)
class Source:
    """A read document and the line (from 1) at which each of its values stands."""

    document: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int | None:
        """The line of a value, or of the nearest thing that holds it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def read_yaml(text: str) -> Source:
    """Raises Unreadable, with the line where the parser gave up."""
    _check_size(text)
    tree = _parse(text)
    source = Source(None, {(): 1})
    source.document = _plain(tree, (), source.lines)
    return source


def _check_size(text: str) -> None:
    if len(text) > MAX_BYTES:
        raise Unreadable(f"Es demasiado grande: más de {MAX_BYTES} bytes.")
    # The parser takes minutes over thousands of brackets inside one another.
    deep = 0
    for match in _BRACKET.finditer(text):
        deep += 1 if match[0] in "[{" else -1
        if deep > MAX_BRACKETS:
            raise Unreadable(
                "Tiene demasiados niveles de corchetes.", _line_at(text, match.start())
            )


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _parse(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    from .construction import PlainConstructor

    reader = YAML(typ="rt")
    reader.Constructor = PlainConstructor
    try:
        return reader.load(text)
    except ReaderError as error:
        raise Unreadable(
            "Tiene un carácter que no es de texto.", _line_at(text, error.position)
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(in_spanish(error.problem or ""), mark.line + 1 if mark else None) from None
    except (YAMLError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def _plain(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    if len(lines) > MAX_VALUES or len(path) > MAX_DEPTH:
        # Aliases can make a small file stand for an endless document.
        raise Unreadable("Tiene demasiados valores o demasiados niveles; revise los alias (*).")
    if isinstance(node, dict):
        for key in node:
            lines[(*path, key)] = _line(node, key, "key")
        return {key: _plain(value, (*path, key), lines) for key, value in node.items()}
    if isinstance(node, list):
        for index in range(len(node)):
            lines[(*path, index)] = _line(node, index, "item")
        return [_plain(value, (*path, index), lines) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None or isinstance(node, date):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _line(node: Any, key: Any, what: str) -> int:
    try:
        position = getattr(node.lc, what)(key)
    except (AttributeError, KeyError, TypeError):
        return 1
    return int(position[0]) + 1
