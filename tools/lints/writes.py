"""The law of writes: whoever changes something says who acts and when."""

import ast
from collections.abc import Iterator

from tools.lints.base import Lint, Module, Offence

# These carry bytes for others: the operation that uses them has named the actor already, or it
# is the machine itself.
CARRIERS = ("channels", "evidence")


def _holds_writes(module: Module) -> bool:
    path = module.path
    return path.name == "operations.py" or "operations" in path.parts[:-1]


def writes_not_accountable(module: Module) -> Iterator[Offence]:
    """Public functions of ``operations`` with positional arguments, or without actor or moment."""
    if not _holds_writes(module):
        return
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith(
            "_"
        ):
            continue
        names = {argument.arg for argument in node.args.kwonlyargs}
        required = ("as_of",) if module.floor in CARRIERS else ("acting_user", "as_of")
        missing = [name for name in required if name not in names]
        if node.args.args or node.args.posonlyargs or node.args.vararg:
            yield Offence(node.lineno, f"{node.name} takes positional arguments")
        if missing:
            yield Offence(node.lineno, f"{node.name} lacks {' and '.join(missing)}")


LINTS = (
    Lint(
        "writes-are-accountable",
        "Declare `def name(*, …, acting_user: Actor, as_of: datetime)`. A public function of "
        "operations is a write; a helper starts with _ and a read belongs in queries.py.",
        writes_not_accountable,
    ),
)
