"""Laws of size: what does not fit on a few screens is read by nobody."""

import re
from collections.abc import Iterator

from tools.lints.base import Lint, Module, Offence, functions

FILE_LINES = 400
FUNCTION_LINES = 60
LINE_LENGTH = 110
"""What is formatted keeps to a hundred; words and what no formatter breaks may run over a little."""
EXCUSE = re.compile(r"\s+# (?:noqa|type: ignore|house:).*$")


def long_files(module: Module) -> Iterator[Offence]:
    """Files over the limit; migrations too, for they can be split."""
    if len(module.lines) > FILE_LINES:
        yield Offence(1, f"{len(module.lines)} lines, at most {FILE_LINES}")


def long_functions(module: Module) -> Iterator[Offence]:
    """Functions over the limit, decorators not counted."""
    for node in functions(module.tree):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > FUNCTION_LINES:
            yield Offence(node.lineno, f"{node.name}: {length} lines, at most {FUNCTION_LINES}")


def long_lines(module: Module) -> Iterator[Offence]:
    """Lines over the limit, docstrings too, without what excuses them from another rule."""
    if module.is_migration:
        return
    for number, line in enumerate(module.lines, start=1):
        length = len(EXCUSE.sub("", line))
        if length > LINE_LENGTH:
            yield Offence(number, f"{length} characters, at most {LINE_LENGTH}")


LINTS = (
    Lint("short-files", "Split the file by topic; never into a `utils`.", long_files),
    Lint("short-functions", "Name the steps and make each a function.", long_functions),
    Lint("readable-lines", "Wrap it: a line that runs out of sight is not read.", long_lines),
)
