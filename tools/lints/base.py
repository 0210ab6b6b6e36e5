"""What a house lint is, and walking a file for one."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path("src/ventanilla")
# Faces name the actor and the moment and make one call down.
FACES = ("web", "gateways", "cli", "api")
# The machine measures its own patience, and the demo invents a past: both need clocks.
MAY_READ_CLOCK = (*FACES, "host", "demo", "project")


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed source file; ``path`` is relative to the package, as ``register/models/case.py``."""

    path: Path
    tree: ast.Module
    lines: tuple[str, ...]

    @property
    def floor(self) -> str:
        """The package directly below ``ventanilla``."""
        return self.path.parts[0] if len(self.path.parts) > 1 else ""

    def excuses(self, law: str, line: int) -> bool:
        """Whether the line says why the law does not hold there: ``# house: law - reason``."""
        if not 1 <= line <= len(self.lines):
            return False
        _, mark, rest = self.lines[line - 1].partition(f"# house: {law}")
        return bool(mark) and len(rest.lstrip(" -").split()) >= 3

    @property
    def is_migration(self) -> bool:
        """Migrations are history: they are read, not judged."""
        return "migrations" in self.path.parts


@dataclass(frozen=True, slots=True)
class Offence:
    """A place where a law is broken."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Lint:
    """A law: its name, what it teaches, and how offences are found."""

    name: str
    teaching: str
    find: Callable[[Module], Iterable[Offence]]


def parse(path: Path, text: str) -> Module:
    """Parse one file. Raises SyntaxError."""
    return Module(path, ast.parse(text), tuple(text.splitlines()))


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or attribute chain; calls and subscripts inside become ``()``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    """Every class."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
