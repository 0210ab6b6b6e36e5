"""``ventanilla doctor``: what is wrong with an installation and how to mend it."""

import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator

import click

from ventanilla.cli._installation import database_running, embedded, folder_of, set_up_django
from ventanilla.core.config import Config, ConfigInvalid, read_config
from ventanilla.core.findings import Finding, Verdict, disk_room, relay
from ventanilla.host.errors import HostError
from ventanilla.host.folders import SECRET_KEY_BYTES
from ventanilla.host.ports import why_refused

OLDEST_PYTHON = (3, 11)
SHOWN = 3


Examination = Callable[[Config], Iterator[Finding]]


@click.command()
def doctor() -> None:
    """Dice qué está mal en la instalación y cómo arreglarlo."""
    findings = list(examine())
    for finding in findings:
        what, remedy = finding.said()
        click.echo(f"{finding.verdict.value:>5}  {what}")
        if remedy:
            click.echo(f"       → {remedy}")
    wrong = sum(finding.verdict is Verdict.WRONG for finding in findings)
    click.echo(f"\n{wrong} problemas." if wrong else "\nTodo lo necesario está bien.")
    sys.exit(1 if wrong else 0)


def examine() -> Iterator[Finding]:
    """All findings. Without a readable configuration nothing else can be examined."""
    try:
        settings = read_config()
    except ConfigInvalid as error:
        for problem in error.problems:
            yield Finding(Verdict.WRONG, f"Configuración: {problem}", "Corrija la variable.")
        return
    for examination in EXAMINATIONS:
        yield from examination(settings)


def python_version(_settings: Config) -> Iterator[Finding]:
    """The interpreter."""
    found = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= OLDEST_PYTHON
    remedy = "" if well else "Instale Python 3.11 o posterior y cree de nuevo el entorno."
    yield Finding(Verdict.WELL if well else Verdict.WRONG, f"Python {found}", remedy)


def data_folder(settings: Config) -> Iterator[Finding]:
    """Writable, closed to others, and with room. A folder that is not there is not made."""
    folder = folder_of(settings)
    try:
        place = folder.foundation()
    except HostError as error:
        yield Finding(Verdict.WRONG, "Carpeta de datos", str(error))
        return
    if place == folder.root:
        yield Finding(Verdict.WELL, f"Carpeta de datos {folder.root}: se puede escribir")
    else:
        told = f"Carpeta de datos {folder.root}: aún no existe"
        yield Finding(Verdict.NOTICE, told, "«ventanilla up» la crea.")
    if folder.secret_key_file.exists() and folder.secret_key_file.stat().st_mode & 0o077:
        remedy = f"chmod 600 {folder.secret_key_file}"
        yield Finding(Verdict.WRONG, "Otros pueden leer la clave secreta", remedy)
    yield from disk_room(place, settings)


def database(settings: Config) -> Iterator[Finding]:
    """Reachable, new enough, with the program's tables."""
    server = embedded(settings)
    if server is not None and not (server.folder.pg / "PG_VERSION").exists():
        yield Finding(Verdict.NOTICE, "Base de datos: aún no existe", "«ventanilla up» la crea.")
        return
    if settings.secret_key is None and not folder_of(settings).secret_key_file.exists():
        # The pages make one when there is none, with its folder; a diagnosis leaves nothing behind.
        os.environ["VENTANILLA_SECRET_KEY"] = secrets.token_urlsafe(SECRET_KEY_BYTES)
    try:
        with database_running(settings):
            set_up_django()
            yield from _inside_the_database()
    except HostError as error:
        yield Finding(Verdict.WRONG, "Base de datos", str(error))


def _inside_the_database() -> Iterator[Finding]:
    from django.utils.timezone import now

    from ventanilla.desk import health

    tables = list(health.database())
    yield from tables
    if any(each.verdict is Verdict.WRONG for each in tables):
        return
    yield from _evidence()
    yield from health.work_left(now())
    yield from health.verification(now())


def _evidence() -> Iterator[Finding]:
    from ventanilla.evidence.upkeep import check

    report = check()
    if report.clean:
        yield Finding(Verdict.WELL, f"Evidencias: {report.checked} archivos, todos intactos")
        return
    told = f"Evidencias: faltan {len(report.missing)} y cambiaron {len(report.altered)} archivos"
    names = ", ".join([*report.missing, *report.altered][:SHOWN])
    yield Finding(Verdict.WRONG, told, f"Restáurelos de una copia en la carpeta evidence: {names}")


def pack(settings: Config) -> Iterator[Finding]:
    """The written policy can be read and is whole."""
    from ventanilla.policy.packs import PackInvalid, PackNotFound, load

    try:
        found = load(settings.pack)
    except (PackInvalid, PackNotFound) as error:
        remedy = "Corrija la política («ventanilla policy check») o elija otra en VENTANILLA_PACK."
        yield Finding(Verdict.WRONG, f"Política: {error}", remedy)
    else:
        yield Finding(Verdict.WELL, f"Política «{settings.pack}»: {len(found.desks)} mesas")


def ports(settings: Config) -> Iterator[Finding]:
    """Free, or taken by ourselves because the house is running."""
    server = embedded(settings)
    is_running = server is not None and server.running_pid() is not None
    for port, host, variable in settings.listeners:
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                told = f"Puerto {port} de {host}: {why_refused(error)}"
                remedy = f"Detenga el otro programa o cambie {variable}."
                if is_running:
                    yield Finding(
                        Verdict.WELL, f"Puerto {port}: en uso (Ventanilla está en marcha)"
                    )
                else:
                    yield Finding(Verdict.WRONG, told, remedy)
            else:
                yield Finding(Verdict.WELL, f"Puerto {port}: libre")


EXAMINATIONS: tuple[Examination, ...] = (python_version, data_folder, pack, database, ports, relay)
