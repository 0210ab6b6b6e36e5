"""``make bench``: every figure of the aims in one run, each beside its unit.

``BENCH_COPIES`` scales the large register: 999 copies of a thousand cases make the million.
``BENCH_CASES`` makes that thousand smaller, to try things out. ``BENCH_KEEP=folder`` keeps the large
register there for the next run; it must be grown once with the same numbers.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.house import choose_environment, first_page_and_memory, process, wait_for_page
from bench.keeping import Shelf, kept_folder
from bench.report import Report, kept_notes

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

    from bench.measure import Figure
    from ventanilla.accounts.models import Staff

BASE_CASES = int(os.environ.get("BENCH_CASES", "1000"))
COPIES = int(os.environ.get("BENCH_COPIES", "999"))
UNIT_SAMPLES = 400
SAMPLED_CASES = 200
ANSWERED = 60
USUAL_ENTRIES = 20


def main() -> None:
    """Measure, print, and record unless the register was made smaller than the aims ask."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as name:
        Path(name).chmod(0o711)  # the database may run under an account of its own
        folder = kept_folder() or Path(name)
        choose_environment(folder / "data")
        _clocks(report)
        _footprint(report)
        _house(report, folder)
    if COPIES >= 999 and BASE_CASES >= 1000:
        report.write(kept_notes())


def _clocks(report: Report) -> None:
    from bench.clocks import due_dates_a_second

    rates = due_dates_a_second()
    short, long = rates["one day"], rates["ten years"]
    report.add(
        "due dates a second, one core", f"{short:,.0f}", "≥ 200,000", reached=short >= 200_000
    )
    report.add(
        "ten-year span ÷ one-day span", f"{short / long:.2f}", "≈ 1", reached=short / long <= 1.15
    )


def _footprint(report: Report) -> None:
    figures = first_page_and_memory()
    report.add("up to first page, new folder", f"{figures['first start']:.1f} s")
    later = figures["later start"]
    report.add("up to first page", f"{later:.1f} s", "< 5 s", reached=later < 5)
    memory = figures["memory"]
    report.add(
        "resident memory without database", f"{memory:.0f} MB", "< 350 MB", reached=memory < 350
    )


def _house(report: Report, folder: Path) -> None:
    import django

    from ventanilla.host.folders import DataFolder
    from ventanilla.host.postgres import EmbeddedPostgres

    server = EmbeddedPostgres(DataFolder.at(folder / "data"))
    database = server.start()
    shelf = Shelf(server, folder / "grown.json", BASE_CASES, COPIES)
    try:
        shelf.clear()
        django.setup()
        _fill_and_measure(report, shelf)
    finally:
        _let_go()
        server.stop()
        database.wait()


def _let_go() -> None:
    """Close what this process holds of the database."""
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has a pool


def _fill_and_measure(report: Report, shelf: Shelf) -> None:
    from django.conf import settings

    from bench import base

    staff = _serve_a_thousand(report)
    url = settings.CONFIG.public_url
    small = _pages(url, base.signed_in_cookie(staff), copies=0)
    _enlarge(shelf)
    staff = base.hire()
    cookie = base.signed_in_cookie(staff)
    _report_pages(report, small, _pages(url, cookie, copies=COPIES))
    _live(report, url, cookie, staff)


def _serve_a_thousand(report: Report) -> Staff:
    """A thousand cases through the door, and what one of them costs."""
    from bench import base, intake

    _prepare_tables()
    staff = base.hire()
    with _connected() as direct:
        per_mail, unit = intake.seconds_per_mail(
            count=BASE_CASES - intake.WARM_UP,
            between=lambda: intake.unit_a(direct, samples=UNIT_SAMPLES),
        )
    report.add(
        "unit A: one bare committed INSERT", f"{unit.p50 * 1e3:.2f} ms (p95 {unit.p95 * 1e3:.2f})"
    )
    ratio = per_mail / unit.p50
    report.add(
        "intake of one mail",
        f"{ratio:.1f} A ({per_mail * 1e3:.1f} ms)",
        "≤ 25 A",
        reached=ratio <= 25,
    )
    base.serve_cases(staff)
    return staff


def _enlarge(shelf: Shelf) -> None:
    """The large register in place of the small: grown now, or by an earlier run."""
    from bench import dataset
    from ventanilla.host.postgres import SUPERUSER

    if shelf.is_grown():
        _let_go()
        shelf.bring_back()
        _prepare_tables()  # what was grown by an older version
        return
    # As superuser and past the triggers: the copies are not a record, only its size.
    with _connected(user=SUPERUSER) as growing:
        growing.execute("SET session_replication_role = replica")
        dataset.grow(growing, copies=COPIES, say=lambda line: print("   ", line, flush=True))
    shelf.note_grown()


def _prepare_tables() -> None:
    from django.core.management import call_command

    from bench import base
    from ventanilla.core.actors import SYSTEM
    from ventanilla.desk.policies import ensure_published

    call_command("migrate", interactive=False, verbosity=0)
    ensure_published(acting_user=SYSTEM, as_of=base.FIRST_DAY)


def _connected(**others: str) -> Connection[TupleRow]:
    """A connection past Django's, to the same database."""
    import psycopg
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    connection.ensure_connection()
    given = connection.get_connection_params()
    wanted = {key: str(given[key]) for key in ("dbname", "user", "host", "port") if key in given}
    return psycopg.connect(make_conninfo(**wanted | others))


def _pages(url: str, cookie: str, *, copies: int) -> dict[str, Figure]:
    from bench import dataset, pages
    from ventanilla.register.models import Case, Message

    newest = list(Case.objects.order_by("-pk")[:5000].values_list("pk", flat=True))
    chosen = random.Random(5).sample(newest, min(SAMPLED_CASES, len(newest)))
    folios = dataset.valid_folios(chosen) if copies else _folios(chosen)
    text = Message.objects.order_by("-pk").values_list("text", flat=True)[:300]
    words = sorted({word for each in text for word in each.split() if len(word) > 3})
    with process("serve", "web"):
        wait_for_page(f"{url}/__empty__/")
        return pages.measure(pages.Browser(url, cookie), folios=folios, words=words)


def _live(report: Report, url: str, cookie: str, staff: Staff) -> None:
    from bench import base, live
    from ventanilla.register.models import Case

    cookies = [cookie, *map(base.signed_in_cookie, live.hire_more(9))]
    # Not the one to which an earlier run on the same register committed its messages.
    case = Case.objects.filter(closed_at=None, ledger_seq__lt=USUAL_ENTRIES).order_by("pk")[0]
    with process("serve", "web"):
        wait_for_page(f"{url}/__empty__/")
        found = live.measure(url, cookies, case=case, staff=staff, folios=_answerable())
        _weights(report, url, cookie, case.folio)
    unit = found.alone["empty"]
    for page, alone in found.alone.items():
        report.add(
            f"{page} page beside {live.STREAMS} live connections",
            f"{found.beside[page].in_units(unit)}; alone {alone.p50 / unit.p50:.1f} B",
        )
    for what, figure in found.sending.items():
        report.add(f"{what}, beside {live.STREAMS} live connections", figure.in_units(unit))
    report.add(
        f"a commit to each of {live.STREAMS} live pages",
        f"{found.delay.p50 * 1e3:.1f} ms (p95 {found.delay.p95 * 1e3:.1f}; {found.missed} missed)",
        "p95 < 250 ms, none missed",
        reached=found.delay.p95 < 0.25 and found.missed == 0,
    )


def _answerable() -> list[str]:
    """Open cases of the thousand, whose folios came through the door."""
    from ventanilla.register.models import Case

    served = Case.objects.filter(closed_at=None, resolved_at=None).order_by("pk")
    return list(served.values_list("folio", flat=True)[:ANSWERED])


def _weights(report: Report, url: str, cookie: str, folio: str) -> None:
    from bench import pages, weight

    queue, case = "/cola/todos/", f"/casos/{folio}/"
    first = weight.first_load(pages.Browser(url, cookie), queue) / 1024
    report.add(
        "queue, first load with every file", f"{first:.0f} KB", "< 120 KB", reached=first < 120
    )
    for name, path in (("queue", queue), ("case", case)):
        size = weight.later(pages.Browser(url, cookie), path) / 1024
        report.add(f"{name}, later", f"{size:.1f} KB", "< 25 KB", reached=size < 25)


def _folios(chosen: list[int]) -> list[str]:
    from ventanilla.register.models import Case

    return list(Case.objects.filter(pk__in=chosen).values_list("folio", flat=True))


def _report_pages(report: Report, small: dict[str, Figure], large: dict[str, Figure]) -> None:
    for unit, size in ((small["empty"], "1 thousand"), (large["empty"], "1 million")):
        report.add(f"unit B: an empty view ({size} cases)", f"{unit.p50 * 1e3:.2f} ms")
    for page in ("queue", "case"):
        few, many = small[page].p50 / small["empty"].p50, large[page].p50 / large["empty"].p50
        shown = large[page].in_units(large["empty"])
        report.add(f"{page} page at 1 million cases", shown, "≤ 10 B", reached=many <= 10)
        report.add(
            f"{page} page, 1 million ÷ 1 thousand",
            f"{many / few:.2f} ({few:.1f} B at 1 thousand)",
            "≤ 1.3",
            reached=many / few <= 1.3,
        )
    found = large["search"]
    ratio = found.p95 / large["empty"].p50
    report.add(
        "search, two words, 3 million messages, p95",
        f"{ratio:.1f} B ({found.p95 * 1e3:.0f} ms; p50 {found.p50 * 1e3:.0f} ms)",
        "< 30 B",
        reached=ratio < 30,
    )


if __name__ == "__main__":
    main()
