"""``ventanilla verify``: proves that the record is what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config

if TYPE_CHECKING:
    from ventanilla.register.verification import Report

EXIT_FAULTS = 1


@click.command()
@click.option(
    "--against",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Punto de control guardado fuera: prueba que desde entonces no se quitó nada.",
)
@click.option("--words", is_flag=True, help="Comprueba también el texto de cada mensaje.")
def verify(files: tuple[Path, ...], words: bool) -> None:
    """Comprueba el registro: cadenas, casos, compromisos, folios y puntos de control.

    No cambia nada del registro; anota que se comprobó. Termina con código 1 si algo no es como se
    registró.
    """
    with database_running(config()):
        set_up_django()
        report = _verified(files, words=words)
    for finding in report.findings:
        click.echo(finding.sentence)
    if report.faults > len(report.findings):
        click.echo(f"… y {report.faults - len(report.findings)} fallas más.")
    read = f"{report.cases} casos y {report.entries} asientos comprobados"
    if report.is_clean:
        click.echo(f"El registro está íntegro: {read}.")
        return
    click.echo(f"El registro NO está íntegro ({report.faults} fallas): {read}.", err=True)
    raise SystemExit(EXIT_FAULTS)


def _verified(files: tuple[Path, ...], *, words: bool) -> Report:
    from rich.console import Console
    from rich.progress import Progress

    from ventanilla.core.statements import lift_time_limits
    from ventanilla.register.verification import CheckpointFile
    from ventanilla.register.verification import verify as verify_record

    lift_time_limits()
    against = [CheckpointFile.read(path) for path in files]
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Comprobando el registro", total=None)

        def show(done: int, in_all: int) -> None:
            bar.update(task, completed=done, total=in_all)

        report = verify_record(show, against=against, words=words)
    _note(report)
    return report


def _note(report: Report) -> None:
    """Let the page of health say when the record was proven last, and how that ended."""
    from django.utils.timezone import now

    from ventanilla.accounts.administrative import Act, record
    from ventanilla.core.actors import SYSTEM

    facts = {"cases": report.cases, "entries": report.entries, "faults": report.faults}
    record(Act.RECORD_VERIFIED, facts, acting_user=SYSTEM, as_of=now())
