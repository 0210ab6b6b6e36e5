"""``ventanilla ingest``: mail from files goes through the same door as mail from the net."""

import mailbox
from collections.abc import Iterator
from pathlib import Path

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config

GATEWAY = "file"
MBOX_START = b"From "


@click.command()
@click.argument(
    "files",
    metavar="ARCHIVOS…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
def ingest(files: tuple[Path, ...]) -> None:
    """Toma correos de archivos .eml o mbox, o de carpetas con ellos.

    Cada uno entra por la misma puerta que el correo de la red: un archivo tomado dos veces se
    reconoce y no abre dos casos.
    """
    settings = config()
    with database_running(settings):
        set_up_django()
        taken, too_large = _take_all(files, settings.mail_max_bytes)
    click.echo(f"Correos guardados: {taken}. Los procesan las tareas («ventanilla up»).")
    if too_large:
        click.echo("Pasan del tamaño máximo y no se tomaron:", err=True)
        for name in too_large:
            click.echo(f"  {name}", err=True)
        raise SystemExit(1)


def _take_all(files: tuple[Path, ...], max_bytes: int) -> tuple[int, list[str]]:
    """How many were stored, and the names of those over the limit."""
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import track

    from ventanilla.desk.intake.accept import accept

    taken, too_large = 0, []
    console = Console(stderr=True)
    mails = _mails(files, max_bytes)
    for name, raw in track(mails, description="Correos", console=console):
        if raw is None or len(raw) > max_bytes:
            too_large.append(name)
            continue
        accept(
            raw=raw,
            gateway=GATEWAY,
            envelope_from="",
            recipients=(),
            remote=name[-100:],
            as_of=timezone.now(),
        )
        taken += 1
    return taken, too_large


def _mails(files: tuple[Path, ...], max_bytes: int) -> Iterator[tuple[str, bytes | None]]:
    """Each mail with a name for people; one in memory at a time, None for a file too large."""
    for path in _each_file(files):
        if _is_mbox(path):
            box = mailbox.mbox(path, create=False)
            for place, key in enumerate(box.iterkeys(), start=1):
                yield f"{path}#{place}", box.get_bytes(key)
            box.close()
        else:
            yield str(path), path.read_bytes() if path.stat().st_size <= max_bytes else None


def _each_file(files: tuple[Path, ...]) -> Iterator[Path]:
    for path in files:
        yield from sorted(filter(Path.is_file, path.rglob("*"))) if path.is_dir() else (path,)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MBOX_START)) == MBOX_START
