"""``ventanilla doctor``: what is wrong with an installation and how to mend it."""

import contextlib
import shutil
import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

import click

from ventanilla.cli._installation import database_running, embedded, folder_of, set_up_django
from ventanilla.core.config import Config, ConfigInvalid, read_config
from ventanilla.host.errors import HostError

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 160000
LOW_DISK_BYTES = 2 * 1024**3
LATE = timedelta(minutes=10)
MOST_COUNTED = 1_000
SHOWN = 3
CONNECT_TIMEOUT_S = 10


class Verdict(Enum):
    """How a finding weighs; only WRONG fails the examination."""

    WELL = "bien"
    NOTICE = "aviso"
    WRONG = "MAL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined, in Spanish; ``remedy`` says what to do when it is not well."""

    verdict: Verdict
    what: str
    remedy: str = ""


Examination = Callable[[Config], Iterator[Finding]]


@click.command()
def doctor() -> None:
    """Dice qué está mal en la instalación y cómo arreglarlo."""
    findings = list(examine())
    for finding in findings:
        click.echo(f"{finding.verdict.value:>5}  {finding.what}")
        if finding.remedy:
            click.echo(f"       → {finding.remedy}")
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
    """Writable, closed to others, and with room."""
    folder = folder_of(settings)
    try:
        folder.create()
    except HostError as error:
        yield Finding(Verdict.WRONG, "Carpeta de datos", str(error))
        return
    yield Finding(Verdict.WELL, f"Carpeta de datos {folder.root}: se puede escribir")
    if folder.secret_key_file.exists() and folder.secret_key_file.stat().st_mode & 0o077:
        remedy = f"chmod 600 {folder.secret_key_file}"
        yield Finding(Verdict.WRONG, "Otros pueden leer la clave secreta", remedy)
    free = shutil.disk_usage(folder.root).free
    told = f"Espacio libre en disco: {free / 1024**3:.1f} GB"
    if free < settings.evidence_min_free_bytes:
        yield Finding(Verdict.WRONG, told, "No se aceptan evidencias. Libere espacio ahora.")
    elif free < LOW_DISK_BYTES:
        yield Finding(Verdict.NOTICE, told, "Libere espacio o amplíe el disco pronto.")
    else:
        yield Finding(Verdict.WELL, told)


def database(settings: Config) -> Iterator[Finding]:
    """Reachable, new enough, with the program's tables."""
    server = embedded(settings)
    if server is not None and not (server.folder.pg / "PG_VERSION").exists():
        yield Finding(Verdict.NOTICE, "Base de datos: aún no existe", "«ventanilla up» la crea.")
        return
    try:
        with database_running(settings):
            set_up_django()
            yield from _inside_the_database()
    except HostError as error:
        yield Finding(Verdict.WRONG, "Base de datos", str(error))


def _inside_the_database() -> Iterator[Finding]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            version = cursor.fetchone()[0]
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        remedy = "Revise DATABASE_URL y que el servidor esté en marcha."
        yield Finding(Verdict.WRONG, f"Base de datos: {error}", remedy)
        return
    well = version >= OLDEST_POSTGRES
    remedy = "" if well else "Use PostgreSQL 16 o posterior."
    told = f"Base de datos: PostgreSQL {version // 10000} responde"
    yield Finding(Verdict.WELL if well else Verdict.WRONG, told, remedy)
    if pending:
        told = f"Tablas: faltan {len(pending)} cambios"
        yield Finding(Verdict.WRONG, told, "Ejecute «ventanilla migrate» («up» lo hace solo).")
        return
    yield Finding(Verdict.WELL, "Tablas: al día")
    yield from _evidence()
    yield from _work_left()


def _evidence() -> Iterator[Finding]:
    from ventanilla.evidence.upkeep import check

    report = check()
    if report.clean:
        yield Finding(Verdict.WELL, f"Evidencias: {report.checked} archivos, todos intactos")
        return
    told = f"Evidencias: faltan {len(report.missing)} y cambiaron {len(report.altered)} archivos"
    names = ", ".join([*report.missing, *report.altered][:SHOWN])
    yield Finding(Verdict.WRONG, told, f"Restáurelos de una copia en la carpeta evidence: {names}")


def _work_left() -> Iterator[Finding]:
    from django.utils.timezone import now

    from ventanilla.channels.models import Delivery
    from ventanilla.channels.queries import mailbox_troubles, outbox, pending_inbound

    waiting = len(pending_inbound(received_before=now() - LATE, limit=MOST_COUNTED))
    if waiting:
        told = f"Correo recibido: {waiting} mensajes llevan más de {LATE.seconds // 60} minutos"
        remedy = (
            "¿Está en marcha «ventanilla up»? ¿Hay espacio en disco? Mire la página de canales."
        )
        yield Finding(Verdict.NOTICE, f"{told} sin procesar", remedy)
    if failed := len(outbox(state=Delivery.FAILED, limit=MOST_COUNTED)):
        told = f"Correo enviado: {failed} mensajes no se pudieron entregar"
        yield Finding(Verdict.NOTICE, told, "Véalos en la bandeja de salida.")
    for mailbox, error in mailbox_troubles():
        yield Finding(Verdict.WRONG, f"Buzón {mailbox}: {error}", "Revise VENTANILLA_IMAP_URL.")


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
                told = f"Puerto {port} de {host}: {error.strerror}"
                remedy = f"Detenga el otro programa o cambie {variable}."
                if is_running:
                    yield Finding(
                        Verdict.WELL, f"Puerto {port}: en uso (Ventanilla está en marcha)"
                    )
                else:
                    yield Finding(Verdict.WRONG, told, remedy)
            else:
                yield Finding(Verdict.WELL, f"Puerto {port}: libre")


def relay(settings: Config) -> Iterator[Finding]:
    """Answers, offers what is asked of it, and lets us in. No message is sent."""
    address = settings.relay
    if address is None:
        told = "Envío de correo: sin servidor, los envíos quedan retenidos"
        yield Finding(Verdict.NOTICE, told, "Indique el servidor en VENTANILLA_RELAY_URL.")
        return
    connect = smtplib.SMTP_SSL if address.security == "tls" else smtplib.SMTP
    try:
        with connect(address.host, address.port, timeout=CONNECT_TIMEOUT_S) as session:
            if address.security == "starttls":
                session.starttls()
            if address.user and address.password:
                session.login(address.user, address.password)
            session.noop()
    except (OSError, smtplib.SMTPException) as error:
        told = f"Envío de correo: {address.host}:{address.port} no responde bien ({error})"
        remedy = "Revise servidor, puerto, usuario y clave de VENTANILLA_RELAY_URL."
        yield Finding(Verdict.WRONG, told, remedy)
        return
    yield Finding(Verdict.WELL, f"Envío de correo: {address.host}:{address.port} responde")


EXAMINATIONS: tuple[Examination, ...] = (python_version, data_folder, pack, database, ports, relay)
