"""Laws of models: nothing happens that the reader of an operation cannot see."""

import ast
from collections.abc import Iterator

from tools.lints.base import Lint, Module, Offence, calls, classes, functions

SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "request_finished"}


def meta_ordering(module: Module) -> Iterator[Offence]:
    """``ordering`` in a model's Meta."""
    if module.is_migration:
        return
    for node in classes(module.tree):
        if node.name != "Meta":
            continue
        for statement in node.body:
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            targets += [statement.target] if isinstance(statement, ast.AnnAssign) else []
            if any(isinstance(target, ast.Name) and target.id == "ordering" for target in targets):
                yield Offence(statement.lineno, "Meta.ordering")


def save_overrides(module: Module) -> Iterator[Offence]:
    """``save`` or ``delete`` defined in a class of a models file."""
    if "models" not in (*module.path.parts[:-1], module.path.stem):
        return
    for node in classes(module.tree):
        for child in node.body:
            if isinstance(child, ast.FunctionDef) and child.name in ("save", "delete"):
                yield Offence(child.lineno, f"{node.name}.{child.name}")


def signal_receivers(module: Module) -> Iterator[Offence]:
    """Model signals, connected by decorator or by call."""
    for function in functions(module.tree):
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(called, ast.Name) and called.id == "receiver":
                yield Offence(decorator.lineno, f"@receiver on {function.name}")
    for call, name in calls(module.tree):
        owner, _, method = name.rpartition(".")
        if method == "connect" and owner.rpartition(".")[2] in SIGNALS:
            yield Offence(call.lineno, name)


def locking_indexes(module: Module) -> Iterator[Offence]:
    """An index on a table that may have grown, built or removed while its writers wait."""
    if not module.is_migration or module.path.stem.startswith("0001_"):
        return
    for call, name in calls(module.tree):
        if name in ("migrations.AddIndex", "migrations.RemoveIndex"):
            yield Offence(call.lineno, name)


LINTS = (
    Lint(
        "no-meta-ordering",
        "Order in the query, ending in a unique key. An ordering in Meta slows every query that "
        "does not want it and hides in joins.",
        meta_ordering,
    ),
    Lint(
        "no-save-override",
        "Write in a function of operations.py. Bulk writes and migrations pass an override by.",
        save_overrides,
    ),
    Lint(
        "no-locking-indexes",
        "Say core.migrating.AddIndexUnlocked or RemoveIndexConcurrently, with atomic = False: "
        "nobody can write to a table while a plain one is built, which takes minutes on a large one.",
        locking_indexes,
    ),
    Lint(
        "no-signals",
        "Call the next step by name in the operation. A receiver acts where nobody reads.",
        signal_receivers,
    ),
)
