"""``ventanilla up``: the whole house in one command."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence

import click

from ventanilla.cli._house import House, run_house
from ventanilla.core.config import Config, config
from ventanilla.host.supervisor import Child

PROGRAM = "ventanilla.cli._house"


@click.command()
def up() -> None:
    """Pone en marcha todo: base de datos, páginas, correo y tareas."""
    argument = house_of(config()).as_argument()
    os.execv(sys.executable, [sys.executable, "-m", PROGRAM, argument])  # noqa: S606 - no shell


def run_up(
    settings: Config,
    *,
    companions: Sequence[Child] = (),
    first_steps: Mapping[str, Sequence[str]] | None = None,
    tell_more: Callable[[], None] = lambda: None,
) -> None:
    """The house of a configuration, in this very process; as ``run_house``, and raises as it."""
    run_house(
        house_of(settings), companions=companions, first_steps=first_steps, tell_more=tell_more
    )


def house_of(settings: Config) -> House:
    """What the process above all others needs to know of a configuration."""
    return House(
        data_folder=str(settings.data_folder),
        host=settings.host,
        port=settings.port,
        smtp_host=settings.smtp_host,
        smtp_port=settings.smtp_port,
        smtp_protocol=settings.smtp_protocol,
        smtp_enabled=settings.smtp_enabled,
        public_url=settings.public_url,
        sends=settings.relay is not None,
        has_own_database=not settings.database_url,
        listeners=settings.listeners,
    )
