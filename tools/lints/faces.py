"""Laws of the floors: what faces leave alone, and what is left to faces."""

import ast
from collections.abc import Iterator

from tools.lints.base import FACES, MAY_READ_CLOCK, Lint, Module, Offence, calls, dotted

QUERY_ATTRIBUTES = {"objects", "_default_manager", "_base_manager"}
QUERY_METHODS = {"aggregate", "annotate", "exclude", "filter", "in_bulk", "order_by", "values_list"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "date.today", "datetime.date.today", "timezone.now",
    "django.utils.timezone.now", "timezone.localtime", "timezone.localdate", "time.time",
    "time.time_ns", "Now",
}  # fmt: skip


def queries_in_faces(module: Module) -> Iterator[Offence]:
    """``Model.objects`` and friends in a face, or narrowing what a lower floor gave."""
    if module.floor not in FACES:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in QUERY_ATTRIBUTES:
            yield Offence(node.lineno, dotted(node))
    for call, name in calls(module.tree):
        owner, _, method = name.rpartition(".")
        if method in QUERY_METHODS and owner not in ("", "register"):  # of template filters
            yield Offence(call.lineno, name)


def clock_reads(module: Module) -> Iterator[Offence]:
    """Asking for the present moment below the faces; also database defaults that do."""
    if module.floor in MAY_READ_CLOCK or module.is_migration:
        return
    for call, name in calls(module.tree):
        if name in CLOCKS:
            yield Offence(call.lineno, f"{name}()")
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.keyword):
            continue
        if node.arg in ("auto_now", "auto_now_add"):
            yield Offence(node.value.lineno, node.arg)
        is_default = node.arg in ("default", "default_factory")
        if is_default and dotted(node.value) in CLOCKS:
            yield Offence(node.value.lineno, f"{node.arg}={dotted(node.value)}")


LINTS = (
    Lint(
        "no-queries-in-faces",
        "A face asks a function of queries.py or operations.py of a lower floor. Queries in a view "
        "escape the permission check and the query-count tests.",
        queries_in_faces,
    ),
    Lint(
        "no-clock-below-faces",
        "Take `as_of: datetime` as a keyword argument. A moment read down here cannot be replayed, "
        "and two reads in one change disagree.",
        clock_reads,
    ),
)
