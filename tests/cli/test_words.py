"""The command line speaks Spanish, also where the library that reads it speaks by itself."""

import gettext
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from ventanilla.cli import main
from ventanilla.cli.main import speak_spanish, ventanilla

CATALOGUE = Path(main.__file__).with_name("locale") / "es" / "LC_MESSAGES" / "click.po"
ENGLISH = (
    "Usage",
    "Options",
    "Commands",
    "Show ",
    "Try ",
    "No such",
    "Missing",
    "Invalid",
    "Got ",
)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """A terminal in front of a program that was told to speak Spanish; afterwards none was."""
    monkeypatch.setenv("LANGUAGE", "de")
    for _words, each in every_command(ventanilla):  # it keeps the words of who asked for help first
        monkeypatch.setattr(each, "_help_option", None)
    before = gettext.textdomain()
    speak_spanish()
    yield CliRunner()
    gettext.textdomain(before)


def every_command(
    command: click.Command, *words: str
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, *words, name)


def test_every_page_of_help_is_spanish(spoken: CliRunner) -> None:
    found = [words for words, _command in every_command(ventanilla)]
    assert len(found) > 15
    for words in found:
        told = spoken.invoke(ventanilla, [*words, "--help"]).output
        assert told.startswith("Uso: "), words
        assert "Muestra esta ayuda y termina." in told, words
        assert not [each for each in ENGLISH if each in told], words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nada", "No existe el comando 'nada'."),
        ("ingest", "Falta "),
        ("ingest --nada", "No existe la opción '--nada'."),
        ("doctor de más", "Sobran palabras (de más)"),
        ("doctor --help=x", "La opción '--help' no lleva valor."),
        ("verify --against", "La opción '--against' necesita un valor."),
        ("verify --against no-hay.json", "'no-hay.json': no existe."),
        ("policy due", "Falta la opción '--pack'."),
        ("user create --role jefe", "'jefe' no es ninguno de estos: 'agent'"),
        ("demo --cases muchos", "'muchos' no es un número"),
    ],
)
def test_what_was_mistyped_is_told_in_spanish(spoken: CliRunner, typed: str, told: str) -> None:
    result = spoken.invoke(ventanilla, typed.split())
    assert result.exit_code == 2
    assert told in result.output
    assert not [each for each in ENGLISH if each in result.output], result.output


def test_the_program_itself_speaks_so_on_any_machine() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "ventanilla.cli.main", "verify", "--against", "no-hay.json"],
        env=os.environ | {"LANG": "en_US.UTF-8", "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 2
    assert "Error: Valor que no sirve para '--against': Archivo 'no-hay.json': no existe." in (
        refused.stderr
    )


def words_in(catalogue: Catalog) -> list[tuple[list[str], list[str]]]:
    return sorted((forms(each.id), forms(each.string)) for each in catalogue if each.id)


def forms(said: str | Sequence[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def test_the_compiled_words_are_those_of_the_catalogue() -> None:
    with CATALOGUE.open("rb") as po, CATALOGUE.with_suffix(".mo").open("rb") as mo:
        assert words_in(read_mo(mo)) == words_in(read_po(po, locale="es"))


def test_every_word_of_the_catalogue_is_one_that_the_library_says() -> None:
    source = "".join(each.read_text("utf-8") for each in Path(click.__file__).parent.glob("*.py"))
    source = source.replace("\\n", "\n").replace("\\t", "\t")
    with CATALOGUE.open("rb") as po:
        said = [one for ids, _ in words_in(read_po(po, locale="es")) for one in ids]
    assert len(said) > 30
    assert [each for each in said if f'"{each}"' not in source] == []
