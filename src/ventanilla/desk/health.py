"""Whether the house stands: what its database, worker, mail and record say of themselves.

``ventanilla doctor`` and the page of the administration ask the same.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ventanilla.accounts.administrative import Act, latest
from ventanilla.channels.models import Delivery
from ventanilla.channels.queries import in_trouble, mailbox_troubles, pending_inbound
from ventanilla.core.config import Config
from ventanilla.core.findings import Finding, Verdict, disk_room, mail_listener, relay
from ventanilla.desk import job_reading
from ventanilla.desk.worker import DEAD_AFTER_S

OLDEST_POSTGRES = 160000
LATE = timedelta(minutes=10)
MOST_COUNTED = 1_000
VERIFIED_WITHIN = timedelta(days=8)
PROBE_S = 3.0
"""A page waits for it, so it gives up sooner than the command does."""
PARTS = ("ventanilla", "django", "procrastinate", "psycopg")


def examine(settings: Config, as_of: datetime) -> Iterator[Finding]:
    """Everything that can be asked while the house runs, without reading the evidence files."""
    tables = list(database())
    yield from tables
    yield from disk_room(settings.data_folder, settings)
    if any(each.verdict is Verdict.WRONG for each in tables):
        return
    yield from worker(as_of)
    yield from work_left(as_of)
    yield from verification(as_of)
    yield from mail_listener(settings, timeout_s=PROBE_S)
    yield from relay(settings, timeout_s=PROBE_S)


def database() -> Iterator[Finding]:
    """New enough, and with the tables of this program."""
    try:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            found = cursor.fetchone()[0]
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        remedy = "Revise DATABASE_URL y que el servidor esté en marcha."
        yield Finding(Verdict.WRONG, f"Base de datos: {error}", remedy)
        return
    well = found >= OLDEST_POSTGRES
    remedy = "" if well else "Use PostgreSQL 16 o posterior."
    told = f"Base de datos: PostgreSQL {found // 10000} responde"
    yield Finding(Verdict.WELL if well else Verdict.WRONG, told, remedy)
    if pending:
        told = f"Tablas: faltan {len(pending)} cambios"
        yield Finding(Verdict.WRONG, told, "Ejecute «ventanilla migrate» («up» lo hace solo).")
    else:
        yield Finding(Verdict.WELL, "Tablas: al día")


def worker(as_of: datetime) -> Iterator[Finding]:
    """A worker lives, and what waits for it does not wait long."""
    seen = job_reading.overview(as_of)
    beat = seen.heartbeat_at
    if beat is None or as_of - beat > timedelta(seconds=DEAD_AFTER_S):
        remedy = "Reinicie «ventanilla up»: sin él no se procesa correo ni se avisan vencimientos."
        yield Finding(Verdict.WRONG, "Trabajador: ninguno da señales de vida", remedy)
    else:
        yield Finding(Verdict.WELL, "Trabajador: en marcha")
    since = seen.first_waits_since
    waits = as_of - since if since else timedelta()
    told = f"Cola de trabajos: {seen.waiting} esperan, {seen.running} en curso"
    if waits > LATE:
        told = f"{told}; el primero espera desde hace {waits.total_seconds() // 60:.0f} minutos"
        yield Finding(Verdict.NOTICE, told, "Si sigue creciendo, mire la página de trabajos.")
    else:
        yield Finding(Verdict.WELL, told)
    if seen.failed:
        told = f"Trabajos fallidos: {seen.failed}"
        yield Finding(Verdict.NOTICE, told, "La página de trabajos dice por qué.")


def work_left(as_of: datetime) -> Iterator[Finding]:
    """Mail that waits, that did not leave, that could not be fetched."""
    waiting = len(pending_inbound(received_before=as_of - LATE, limit=MOST_COUNTED))
    if waiting:
        told = f"Correo recibido: {waiting} mensajes llevan más de {LATE.seconds // 60} minutos"
        remedy = (
            "¿Está en marcha «ventanilla up»? ¿Hay espacio en disco? Mire la página de canales."
        )
        yield Finding(Verdict.NOTICE, f"{told} sin procesar", remedy)
    if failed := len(in_trouble(state=Delivery.FAILED, limit=MOST_COUNTED)):
        told = f"Correo enviado: {failed} mensajes no se pudieron entregar"
        yield Finding(Verdict.NOTICE, told, "Véalos en la bandeja de salida.")
    for mailbox, error in mailbox_troubles():
        yield Finding(Verdict.WRONG, f"Buzón {mailbox}: {error}", "Revise VENTANILLA_IMAP_URL.")


def verification(as_of: datetime) -> Iterator[Finding]:
    """When the record was proven last, and how that ended."""
    entry = latest(Act.RECORD_VERIFIED)
    remedy = "Ejecute «ventanilla verify», por ejemplo cada semana."
    if entry is None:
        yield Finding(Verdict.NOTICE, "Registro: todavía no se ha verificado", remedy)
        return
    told = f"Registro: verificado el {entry.at:%Y-%m-%d %H:%M} UTC"
    if entry.payload.get("faults"):
        told = f"{told}, con {entry.payload['faults']} fallas"
        yield Finding(Verdict.WRONG, told, "Ejecute «ventanilla verify» y guarde lo que dice.")
    elif as_of - entry.at > VERIFIED_WITHIN:
        yield Finding(Verdict.NOTICE, told, remedy)
    else:
        yield Finding(Verdict.WELL, f"{told}, íntegro")


def versions() -> list[tuple[str, str]]:
    """The program and what it stands on."""
    return [("Python", platform.python_version()), *((each, version(each)) for each in PARTS)]
