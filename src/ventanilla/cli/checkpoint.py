"""``ventanilla checkpoint``: a root over the whole record, to be kept outside."""

from __future__ import annotations

from pathlib import Path

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Archivo donde guardarlo; sin esta opción se muestra en pantalla.",
)
def checkpoint(output: Path | None) -> None:
    """Hace un punto de control del registro, para guardarlo fuera de esta máquina.

    Con «ventanilla verify --against ARCHIVO» se prueba después que no se quitó ni cambió nada.
    """
    with database_running(config()):
        set_up_django()
        from django.utils import timezone

        from ventanilla.core.statements import lift_time_limits
        from ventanilla.register.verification import CheckpointFile, take_checkpoint

        lift_time_limits()
        text = CheckpointFile.of(take_checkpoint(timezone.now())).to_json()
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, "utf-8")
    click.echo(f"Punto de control guardado en {output}. Llévelo a otro lugar.")
