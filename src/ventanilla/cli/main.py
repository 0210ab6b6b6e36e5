"""The command ``ventanilla``: finds its sub-commands by file name and imports only the asked one."""

import gettext
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import click

from ventanilla import cli
from ventanilla.core.config import ConfigInvalid
from ventanilla.core.refusals import Refusal
from ventanilla.host.errors import EXIT_TOLD, HostError

TOLD = (ConfigInvalid, HostError, Refusal)
OTHER_TABLES = ("42P01", "42703")
"""SQLSTATE of a table and of a column that are not there."""
LIBRARY_WORDS = "click"
"""The catalogue of what the library says by itself, under ``locale/``."""


class CommandsByFile(click.Group):
    """A group whose commands are the files of this folder: ``up`` is ``cli/up.py: up``.

    The supervisor stays small because nothing else is imported with it.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command file."""
        names = (module.name for module in pkgutil.iter_modules(cli.__path__))
        return sorted(name for name in names if not name.startswith("_") and name != "main")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"{cli.__name__}.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.command(cls=CommandsByFile)
@click.version_option(
    package_name="ventanilla",
    message="%(package)s %(version)s",
    help="Muestra la versión y termina.",
)
def ventanilla() -> None:
    """Hace cumplir la política de servicio de su empresa."""


def main() -> None:
    """Run; a known refusal is printed without a traceback."""
    speak_spanish()
    try:
        ventanilla(prog_name="ventanilla")
    except TOLD as error:
        _tell(str(error))
    except Exception as error:
        sentence = _about_the_database(error)
        if not sentence:
            raise
        _tell(sentence)


def speak_spanish() -> None:
    """Have click say its own words in Spanish, whatever the machine speaks: it asks gettext."""
    gettext.bindtextdomain(LIBRARY_WORDS, str(Path(__file__).with_name("locale")))
    gettext.textdomain(LIBRARY_WORDS)
    os.environ["LANGUAGE"] = "es"


def _about_the_database(error: Exception) -> str:
    """What is amiss with the database itself, or nothing. By name: Django may not be loaded."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in OTHER_TABLES:
        return (
            "La base de datos no tiene las tablas de esta versión del programa.\n"
            "Ejecute «ventanilla migrate»; «ventanilla up» también lo hace."
        )
    if type(error).__name__ == "OperationalError":
        return (
            f"La base de datos no responde ({cause or error}).\n"
            "Revise DATABASE_URL y que el servidor esté en marcha; «ventanilla doctor» dice más."
        )
    return ""


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(EXIT_TOLD)


if __name__ == "__main__":
    main()
