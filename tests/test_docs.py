"""What the documents say is there, is there: files, links, commands, tests, kinds of entry."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app

from ventanilla.cli.main import ventanilla
from ventanilla.core.config import Config, variable_of
from ventanilla.desk import jobs
from ventanilla.register.entries import Entry
from ventanilla.web import portal_urls

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "ventanilla"
READMES = (ROOT / "README.md", ROOT / "README.es.md")
DOCUMENTS = (*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
PROMISED = [
    "G1",
    "G2",
    "G3",
    "G4",
    "G6",
    "G7",
    "G8",
    "G9",
    "S1",
    "S2",
    "S3",
    "S4",
    "S6",
    "S7",
    "S9",
    "S14",
]
"""The requirements of the policies that are built by now."""

IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
TABLE_ROW = re.compile(r"^\|[^|\n]+\|([^|\n]+)\|$", re.MULTILINE)
PATH = re.compile(r"[a-z_]+(?:/[a-zA-Z0-9_.*-]+)*(?:/|\.[a-z]+)")
COMMAND = re.compile(r"(?:`|«|^\s*\$ (?:\.venv/bin/)?)ventanilla ([a-z][^`»\n]*)", re.MULTILINE)
MAKE = re.compile(r"(?:`|^\s*\$ )make ([a-z]+)", re.MULTILINE)
VARIABLE = re.compile(r"VENTANILLA_[A-Z_]*[A-Z]")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text("utf-8"))
    assert [each for each in links if not (document.parent / each).exists()] == []


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=ids)
def test_every_file_that_a_table_names_exists(document: Path) -> None:
    named = [
        path
        for cell in TABLE_ROW.findall(document.read_text("utf-8"))
        for path in IN_BACKTICKS.findall(cell)
        if PATH.fullmatch(path) and "/" in path
    ]
    assert [each for each in named if not _is_there(each)] == []
    assert named or document.name != "architecture.md"


def _is_there(path: str) -> bool:
    return any(any(base.glob(path)) for base in (PACKAGE, ROOT))


def _commands() -> Iterator[tuple[str, str]]:
    for path in (*DOCUMENTS, *sorted(PACKAGE.rglob("*.py"))):
        for line in COMMAND.findall(path.read_text("utf-8")):
            yield ids(path), line


def test_every_command_that_people_are_told_to_type_exists() -> None:
    found = list(_commands())
    assert len(found) > 20
    assert [each for each in found if not _can_be_typed(each[1])] == []


def _can_be_typed(line: str) -> bool:
    command: click.Command = ventanilla
    context = click.Context(command)
    for word in shlex.split(line.replace("…", "").replace("'", ""), comments=True):
        if word.startswith("--"):
            names = {name for each in command.params for name in each.opts}
            if word.partition("=")[0] not in names:
                return False
        elif isinstance(command, click.Group):
            choices = [command.get_command(context, each) for each in word.split("|")]
            if None in choices:
                return False
            command = choices[0] or command
    return True


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_target_of_make_and_every_setting_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(MAKE.findall(text)) <= set(targets)
    settings = {variable_of(name) for name in Config.model_fields}
    assert set(VARIABLE.findall(text)) <= settings


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    wanted = [variable_of(name) for name in Config.model_fields]
    assert [each for each in wanted if f"`{each}`" not in text] == []


def test_every_test_in_a_browser_is_listed() -> None:
    text = (ROOT / "docs" / "browser-tests.md").read_text("utf-8")
    listed = re.findall(r"`(test_[a-z_]+\*?\.py)`", text)
    files = [each.name for each in (ROOT / "tests" / "browser").glob("test_*.py")]
    assert [each for each in files if not any(fnmatch(each, one) for one in listed)] == []
    assert [each for each in listed if not any(fnmatch(one, each) for one in files)] == []


@pytest.mark.parametrize("requirement", PROMISED)
def test_every_requirement_is_lived_through_end_to_end(requirement: str) -> None:
    files = list((ROOT / "tests" / "e2e").glob(f"test_{requirement.lower()}_*.py"))
    named = re.compile(rf"^def test_{requirement.lower()}_", re.MULTILINE)
    assert any(named.search(each.read_text("utf-8")) for each in files)


def test_every_job_is_documented_and_every_documented_one_exists() -> None:
    text = (ROOT / "docs" / "jobs.md").read_text("utf-8")
    table = text.partition("## The jobs\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", table, re.MULTILINE)
    documented = [name for row in rows for name in IN_BACKTICKS.findall(row)]
    ours = [name for name, task in app.tasks.items() if task.func.__module__ == jobs.__name__]
    assert sorted(documented) == sorted(ours)


def test_every_room_stands_on_the_plan_of_the_house() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    plan = re.sub(r"\([^)]*\)", "", text.split("```")[1])
    rooms = [each.name for each in PACKAGE.iterdir() if (each / "__init__.py").exists()]
    assert sorted(re.findall(r"\b([a-z]+)/", plan)) == sorted(rooms)


def _addresses(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in patterns:
        here = before + re.sub(r"<[^>]+>", "<>", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, here)
        else:
            yield here


def _as_pattern(told: str) -> re.Pattern[str]:
    """«…» stands for anything, «<…>» for one word; what follows «?» is no part of an address."""
    parts = re.split(r"(<[^>]+>|…)", told.partition("?")[0])
    return re.compile("".join({"<": "[^/]+", "…": ".*"}.get(p[:1], re.escape(p)) for p in parts))


@pytest.mark.parametrize(
    ("document", "table"),
    [("web.md", "ventanilla.project.urls"), ("portal.md", portal_urls.__name__)],
)
def test_every_address_stands_in_its_table_and_every_one_told_of_exists(
    document: str, table: str
) -> None:
    text = (ROOT / "docs" / document).read_text("utf-8")
    cells = re.findall(r"^\| (`[/…][^|]*) \|", text, re.MULTILINE)
    told = [_as_pattern(each) for cell in cells for each in IN_BACKTICKS.findall(cell)]
    real = list(_addresses(get_resolver(table).url_patterns, "/"))
    assert [each for each in real if not any(one.fullmatch(each) for one in told)] == []
    assert [one.pattern for one in told if not any(map(one.fullmatch, real))] == []


def test_every_kind_of_entry_is_documented_and_every_documented_one_exists() -> None:
    text = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", text, re.MULTILINE)
    documented = [kind for row in rows for kind in IN_BACKTICKS.findall(row)]
    assert sorted(documented) == sorted(Entry.kinds)


def test_every_kind_of_entry_is_written_by_somebody() -> None:
    rooms = (PACKAGE / room for room in ("register", "channels", "evidence", "desk"))
    files = [each for room in rooms for each in room.rglob("*.py") if each.parent.name != "entries"]
    everything = "\n".join(each.read_text("utf-8") for each in files)
    unused = [
        kind
        for kind, entry in Entry.kinds.items()
        if f'"{kind}"' not in everything and f"{entry.__name__}(" not in everything
    ]
    assert unused == []
