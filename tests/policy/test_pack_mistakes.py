"""``policy check`` of packs as people break them: file, line, path and remedy, never a traceback."""

from __future__ import annotations

import os
import time
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from ventanilla.cli.policy import policy

GENERASOFT = (resources.files("ventanilla.policy.packs") / "generasoft.yaml").read_text("utf-8")


def check(path: Path | str) -> tuple[int, str]:
    done = CliRunner().invoke(policy, ["check", "--no-notes", str(path)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def told(said: str, says: str) -> tuple[str, int]:
    """The line of the answer that says it, and the line of the file it names."""
    line = next((each for each in said.splitlines() if says in each), said)
    return line, int(line.partition("propia.yaml:")[2].partition(":")[0])


Mistake = tuple[str, str, str, str]
TOGETHER: list[list[Mistake]] = [
    [
        ("amount: 12\n", "amount: doce\n", "commitments[1].target.amount", "'doce'"),
        ('version: "1.0"', "version: 1.0", "version", "hay 1.0. Póngalo entre comillas"),
        ("effective_from: 2026-01-01", "effective_from: 2026-01-01T10:00:00", "effective_from",
         "Escríbala como 2026-12-24"),
        ("clientes@generasoft.example", "clientes", "desks[0].addresses[0]", "ayuda@empresa.example"),
        ("country: CO\nzone", "country: Colombia\nzone", "country", "dos letras"),
        ("zone: America/Bogota", "zone: America/Macondo", "zone", "IANA"),
        ("main_calendar:", "main_calender: x\nmain_calendar:", "main_calender", "Quítelo"),
        ("basis: elapsed,", "", "categories[3].commitments[0].target.basis", "Agregue «basis»"),
        ('["8:30-16:00"]', '["8:30-25:00"]', "weekly.monday-friday", "00:00 a 24:00"),
        ("rank: 2}", "rank: 0}", "priorities[1].rank", "El mínimo es 1"),
    ],
    [
        ("amount: 12\n", 'amount: "12"\n', "commitments[1].target.amount", "sin comillas"),
        ("basis: elapsed,", "basis: laboral,", "target.basis", "Use uno de: elapsed"),
        ('["8:30-16:00"]', '["8:30-16:00", "15:00-17:00"]', "weekly.monday-friday", "traslapan"),
        ("    country: CO\n", "    holidays: [2026-12-07]\n", "calendars.standard.holidays[0]",
         "hay 2026-12-07. Escriba sus campos"),
        ("    implements: [G4]", "    closures: [{first: 2026-12-24, last: 2026-12-23, name: x}]",
         "calendars.standard.closures[0]", "antes de empezar"),
        ("{nombre}", "{nombre", "templates[0].text", "llaves"),
    ],
    [
        ("amount: 12\n", "amount: true\n", "commitments[1].target.amount", "hay True"),
        ("amount: 48\n", "amount: .nan\n", "target.amount", "hay nan"),
        ("monday-friday:", "montag:", "calendars.standard.weekly.montag", "«lunes»"),
    ],
    [
        ("amount: 12\n", "amount: 1.5\n", "commitments[1].target.amount", "hay 1.5"),
        ("amount: 48\n", "amount:\n", "target.amount", "hay nada"),
        ('["8:30-16:00"]', "[]", "calendars.standard", "no abre nunca"),
        ("main_calendar: standard", "main_calendar: Otro", "main_calendar", "minúsculas"),
    ],
    [
        ("amount: 12\n", "amount: -1\n", "commitments[1].target.amount", "El mínimo es 0"),
        ("amount: 48\n", "amount: 99999999\n", "target.amount", "El máximo es 1000000"),
        ("    country: CO\n", "    country: XX\n", "calendars.standard", "ISO 3166"),
    ],
    [
        ("main_calendar: standard", "main_calendar: otro", "main_calendar", "hay: standard"),
    ],
    [
        ('["8:30-16:00"]', "[830]", "weekly.monday-friday[0]", "hay 830. Póngalo entre comillas"),
    ],
    # These load; the linter finds them.
    [
        ("default_category: general_query", "default_category: nada", "desks[0].default_category",
         "No existe «nada»"),
        ("desk: atencion", "desk: ninguna", "categories[0].desk", "No existe «ninguna»"),
        ("{nombre}", "{nombres}", "templates[0].text", "marcadores"),
        ("clause: G3", "clause: G99", "clause", "No existe «G99»"),
    ],
]  # fmt: skip


@pytest.mark.parametrize("mistakes", TOGETHER, ids=lambda mistakes: mistakes[0][3])
def test_every_mistake_is_told_at_once_with_file_line_path_and_remedy(
    tmp_path: Path, mistakes: list[Mistake]
) -> None:
    text = GENERASOFT
    for old, new, _, _ in mistakes:
        assert old in text
        text = text.replace(old, new, 1)
    own = tmp_path / "propia.yaml"
    own.write_text(text, "utf-8")
    code, said = check(own)
    assert code in (1, 2)
    for old, _, path, says in mistakes:
        line, number = told(said, says)
        assert path in line
        assert len(line) < 600
        # A part is told where it begins, one of its values where it stands.
        assert abs(GENERASOFT[: GENERASOFT.index(old)].count("\n") + 1 - number) <= 5, line


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("effective_from: 2026-01-01", "effective_from: 2026-13-01", "2026-13-01"),
        ("currency: COP", f"currency: {'9' * 5000}", "no se puede leer"),
        ("currency: COP", "currency: COP\ncurrency: MXN", "repetida"),
        ("  standard:\n", "\tstandard:\n", "tabulador"),
        ("  name: GeneraSoft\n", "    name: GeneraSoft\n", "sangría"),
        ("currency: COP", "currency: *nada", "ancla"),
        ("currency: COP", "currency: !money COP", "etiquetas"),
        ("currency: COP", 'currency: !!python/object/apply:os.system ["x"]', "etiquetas"),
        ("currency: COP", "currency: !!set {a, b}", "etiquetas"),
        ("currency: COP", 'currency: "\x07"', "carácter"),
        ("currency: COP", "currency: [COP", "corchete"),
        ("\ncalendars:\n", "\n---\ncalendars:\n", "más de un documento"),
    ],
)
def test_yaml_that_cannot_be_read(tmp_path: Path, old: str, new: str, says: str) -> None:
    head = GENERASOFT[: GENERASOFT.index("clauses:")]
    assert old in head
    own = tmp_path / "propia.yaml"
    own.write_text(head.replace(old, new, 1), "utf-8")
    code, said = check(own)
    assert code == 2
    line, number = told(said, says)
    assert "documento" in line
    assert abs(number - head[: head.index(old)].count("\n") - 1) <= 5


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "mapa de campos"),
        (b"# nada\n", "mapa de campos"),
        (b"- a\n- b\n", "mapa de campos"),
        (b"<html><body>no</body></html>", "mapa de campos"),
        (b'{"key": "x"}', "Falta este campo"),
        (b"? [a, b]\n: 1\n", "Falta este campo"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "UTF-8"),
        (GENERASOFT.encode("utf-16"), "UTF-8"),
        (GENERASOFT.encode("latin-1", "replace"), "UTF-8"),
        (b"a: " + b"[" * 50_000 + b"]" * 50_000, "demasiados niveles"),
        (b"# " + b"x" * 3_000_000, "demasiado grande"),
        (b"a: &a {b: *a}", "Falta este campo"),
    ],
)  # fmt: skip
def test_what_is_no_pack_at_all(tmp_path: Path, content: bytes, says: str) -> None:
    own = tmp_path / "propia.yaml"
    own.write_bytes(content)
    started = time.monotonic()
    code, said = check(own)
    assert code == 2
    assert says in said
    assert "propia.yaml" in said
    assert time.monotonic() - started < 10


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert check(tmp_path / "nada.yaml")[0] == 2
    assert "Es una carpeta" in check(tmp_path)[1]
    assert check("")[0] == 2
    assert check("a\x00b")[0] == 2
    assert len(check("x" * 5000)[1]) < 600
    assert "demasiado grande" in check("/dev/zero")[1]
    closed = tmp_path / "cerrada.yaml"
    closed.write_text(GENERASOFT, "utf-8")
    closed.chmod(0)
    if not os.access(closed, os.R_OK):  # root reads everything
        assert "permiso de lectura" in check(closed)[1]


@pytest.mark.parametrize("change", ["bom", "crlf", "hours", "days"])
def test_what_only_looks_different_is_the_same_pack(tmp_path: Path, change: str) -> None:
    own = tmp_path / "propia.yaml"
    changed = {
        "bom": "\ufeff" + GENERASOFT,
        "crlf": GENERASOFT.replace("\n", "\r\n"),
        "hours": GENERASOFT.replace('["8:30-16:00"]', "8:30-16:00"),
        "days": GENERASOFT.replace("monday-friday:", "lunes-viernes:"),
    }[change]
    own.write_bytes(changed.encode())
    assert check(own)[0] == 0
    command = ["due", "--pack", str(own), "--received", "2026-12-04T15:00", "--target"]
    done = CliRunner().invoke(policy, [*command, "12 business hours"])
    assert done.output == "2026-12-09T12:00:00-05:00\n"
