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
from ventanilla.core.words import spanish
from ventanilla.desk import job_reading
from ventanilla.desk.worker import DEAD_AFTER_S

OLDEST_POSTGRES = 160000
LATE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
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
        told = spanish("Base de datos: %(error)s")
        remedy = spanish("Revise DATABASE_URL y que el servidor esté en marcha.")
        yield Finding(Verdict.WRONG, told, remedy, {"error": str(error)})
        return
    well = found >= OLDEST_POSTGRES
    remedy = "" if well else spanish("Use PostgreSQL 16 o posterior.")
    told = spanish("Base de datos: PostgreSQL %(version)s responde")
    facts = {"version": found // 10000}
    yield Finding(Verdict.WELL if well else Verdict.WRONG, told, remedy, facts)
    if pending:
        told = spanish("Tablas: faltan %(count)s cambios")
        remedy = spanish("Ejecute «ventanilla migrate» («up» lo hace solo).")
        yield Finding(Verdict.WRONG, told, remedy, {"count": len(pending)})
    else:
        yield Finding(Verdict.WELL, spanish("Tablas: al día"))


def worker(as_of: datetime) -> Iterator[Finding]:
    """A worker lives, and what waits for it does not wait long."""
    seen = job_reading.overview(as_of)
    beat = seen.heartbeat_at
    if beat is None or as_of - beat > timedelta(seconds=DEAD_AFTER_S):
        told = spanish("Trabajador: ninguno da señales de vida")
        remedy = spanish(
            "Reinicie «ventanilla up»: sin él no se procesa correo ni se avisan vencimientos."
        )
        yield Finding(Verdict.WRONG, told, remedy)
    else:
        yield Finding(Verdict.WELL, spanish("Trabajador: en marcha"))
    since = seen.first_waits_since
    waits = as_of - since if since else timedelta()
    facts = {"waiting": seen.waiting, "running": seen.running, "minutes": waits // MINUTE}
    if waits > LATE:
        told = spanish(
            "Cola de trabajos: %(waiting)s por hacer, %(running)s en curso; el primero espera desde "
            "hace %(minutes)s minutos"
        )
        remedy = spanish("Si sigue creciendo, mire la página de trabajos.")
        yield Finding(Verdict.NOTICE, told, remedy, facts)
    else:
        told = spanish("Cola de trabajos: %(waiting)s por hacer, %(running)s en curso")
        yield Finding(Verdict.WELL, told, facts=facts)
    if seen.failed:
        told = spanish("Trabajos fallidos: %(count)s")
        remedy = spanish("La página de trabajos dice por qué.")
        yield Finding(Verdict.NOTICE, told, remedy, {"count": seen.failed})


def work_left(as_of: datetime) -> Iterator[Finding]:
    """Mail that waits, that did not leave, that could not be fetched."""
    waiting = len(pending_inbound(received_before=as_of - LATE, limit=MOST_COUNTED))
    if waiting:
        told = spanish(
            "Correo recibido: %(count)s mensajes llevan más de %(minutes)s minutos sin procesar"
        )
        remedy = spanish(
            "¿Está en marcha «ventanilla up»? ¿Hay espacio en disco? Mire la página de canales."
        )
        facts = {"count": waiting, "minutes": LATE // MINUTE}
        yield Finding(Verdict.NOTICE, told, remedy, facts)
    if failed := len(in_trouble(desks=None, state=Delivery.FAILED, limit=MOST_COUNTED)):
        told = spanish("Correo enviado: %(count)s mensajes no se pudieron entregar")
        remedy = spanish("Véalos en la bandeja de salida.")
        yield Finding(Verdict.NOTICE, told, remedy, {"count": failed})
    for mailbox, error in mailbox_troubles():
        remedy = spanish("Revise VENTANILLA_IMAP_URL.")
        facts_of_mailbox = {"mailbox": mailbox, "error": error}
        yield Finding(
            Verdict.WRONG, spanish("Buzón %(mailbox)s: %(error)s"), remedy, facts_of_mailbox
        )


def verification(as_of: datetime) -> Iterator[Finding]:
    """When the record was proven last, and how that ended."""
    entry = latest(Act.RECORD_VERIFIED)
    remedy = spanish("Ejecute «ventanilla verify», por ejemplo cada semana.")
    if entry is None:
        yield Finding(Verdict.NOTICE, spanish("Registro: todavía no se ha verificado"), remedy)
        return
    facts = {"at": f"{entry.at:%Y-%m-%d %H:%M} UTC", "faults": entry.payload.get("faults")}
    if facts["faults"]:
        told = spanish("Registro: verificado el %(at)s, con %(faults)s fallas")
        remedy = spanish("Ejecute «ventanilla verify» y guarde lo que dice.")
        yield Finding(Verdict.WRONG, told, remedy, facts)
    elif as_of - entry.at > VERIFIED_WITHIN:
        yield Finding(Verdict.NOTICE, spanish("Registro: verificado el %(at)s"), remedy, facts)
    else:
        told = spanish("Registro: verificado el %(at)s, íntegro")
        yield Finding(Verdict.WELL, told, facts=facts)


def versions() -> list[tuple[str, str]]:
    """The program and what it stands on."""
    return [("Python", platform.python_version()), *((each, version(each)) for each in PARTS)]
