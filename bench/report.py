"""The figures as a page."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path("docs/benchmarks.md")
HEAD = """# Benchmarks

Taken by `make bench` in one run, each figure beside a unit measured in that same run. These machines
are shared: trust the ratios, not the seconds. Unit A is one bare committed INSERT of the same bytes
through psycopg; unit B is an empty Django view through the same server.
"""


@dataclass
class Report:
    """Rows of figure, value, aim and whether it was reached."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, value: str, aim: str = "", *, reached: bool | None = None) -> None:
        """One figure; ``reached`` is None where there is no aim."""
        sign = {None: "", True: "reached", False: "**missed**"}[reached]
        self.rows.append((what, value, aim, sign))
        print(f"{what:<52} {value:<34} {aim:<16} {sign}", flush=True)

    def write(self, notes: str) -> None:
        """Write the page; the notes that a person added below the table stay."""
        table = ["| figure | measured | aim | |", "|---|---|---|---|"]
        table += [f"| {' | '.join(row)} |" for row in self.rows]
        PAGE.write_text("\n".join([HEAD, _machine(), "", *table, "", notes, ""]), encoding="utf-8")


def kept_notes() -> str:
    """What stands below the table: reasons for missed aims, written by people."""
    mark = "## Notes"
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return mark + text.partition(mark)[2].rstrip() if mark in text else mark


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d} · {model} · {os.cpu_count()} cores · {memory:.0f} GiB · "
        f"Python {platform.python_version()} · PostgreSQL 18, durable settings"
    )
