"""Run every house lint over the product: ``python -m tools.lints.run``."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.lints import edges, faces, models, sizes, writes
from tools.lints.base import SOURCE, Lint, Module, Offence, parse

LINTS: tuple[Lint, ...] = (
    *faces.LINTS, *models.LINTS, *edges.LINTS, *writes.LINTS, *sizes.LINTS
)  # fmt: skip


def modules(source: Path = SOURCE) -> Iterator[Module]:
    """Every source file of the product."""
    for path in sorted(source.rglob("*.py")):
        yield parse(path.relative_to(source), path.read_text(encoding="utf-8"))


def offences(lint: Lint, among: Iterable[Module]) -> list[tuple[Module, Offence]]:
    """All offences against one law."""
    return [
        (module, offence)
        for module in among
        for offence in lint.find(module)
        if not module.excuses(lint.name, offence.line)
    ]


def main() -> int:
    """Print offences grouped by law, each law with its teaching; 1 if there are any."""
    all_modules = list(modules())
    found = 0
    for lint in LINTS:
        broken = offences(lint, all_modules)
        found += len(broken)
        for module, offence in broken:
            print(f"{SOURCE / module.path}:{offence.line}: {lint.name}: {offence.what}")
        if broken:
            print(f"    {lint.teaching}\n")
    print(f"{len(LINTS)} laws, {len(all_modules)} files, {found} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
