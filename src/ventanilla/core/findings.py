"""What an examination of the installation says, and those that need nothing but the configuration."""

from __future__ import annotations

import contextlib
import shutil
import smtplib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from ventanilla.core.config import Config
from ventanilla.core.words import spanish

LOW_DISK_BYTES = 2 * 1024**3
CONNECT_TIMEOUT_S = 10
GREETING_BYTES = 200


class Verdict(Enum):
    """How a finding weighs; only WRONG fails the examination."""

    WELL = "bien"
    NOTICE = "aviso"
    WRONG = "MAL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined; ``remedy`` says what to do when it is not well.

    Both are sentences in Spanish with ``%(name)s`` where one of ``facts`` stands, so that a page can
    say them in another language.
    """

    verdict: Verdict
    what: str
    remedy: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> tuple[str, str]:
        """What and remedy with their facts; in Spanish unless somebody translates."""
        what, remedy = (translate(each) if each else "" for each in (self.what, self.remedy))
        return (what % self.facts, remedy % self.facts) if self.facts else (what, remedy)


def disk_room(folder: Path, settings: Config) -> Iterator[Finding]:
    """Room on the disk that holds the data."""
    free = shutil.disk_usage(folder).free
    told = spanish("Espacio libre en disco: %(free)s GB")
    facts = {"free": f"{free / 1024**3:.1f}"}
    if free < settings.evidence_min_free_bytes:
        remedy = spanish("No se aceptan evidencias. Libere espacio ahora.")
        yield Finding(Verdict.WRONG, told, remedy, facts)
    elif free < LOW_DISK_BYTES:
        remedy = spanish("Libere espacio o amplíe el disco pronto.")
        yield Finding(Verdict.NOTICE, told, remedy, facts)
    else:
        yield Finding(Verdict.WELL, told, facts=facts)


def relay(settings: Config, *, timeout_s: float = CONNECT_TIMEOUT_S) -> Iterator[Finding]:
    """Answers, offers what is asked of it, and lets us in. No message is sent."""
    address = settings.relay
    if address is None:
        told = spanish("Envío de correo: sin servidor, los envíos quedan retenidos")
        remedy = spanish("Indique el servidor en VENTANILLA_RELAY_URL.")
        yield Finding(Verdict.NOTICE, told, remedy)
        return
    where = {"where": f"{address.host}:{address.port}"}
    connect = smtplib.SMTP_SSL if address.security == "tls" else smtplib.SMTP
    try:
        with connect(address.host, address.port, timeout=timeout_s) as session:
            if address.security == "starttls":
                session.starttls()
            if address.user and address.password:
                session.login(address.user, address.password)
            session.noop()
    except (OSError, smtplib.SMTPException) as error:
        told = spanish("Envío de correo: %(where)s no responde bien (%(error)s)")
        remedy = spanish("Revise servidor, puerto, usuario y clave de VENTANILLA_RELAY_URL.")
        yield Finding(Verdict.WRONG, told, remedy, where | {"error": str(error)})
        return
    yield Finding(Verdict.WELL, spanish("Envío de correo: %(where)s responde"), facts=where)


def mail_listener(settings: Config, *, timeout_s: float = CONNECT_TIMEOUT_S) -> Iterator[Finding]:
    """Our own port for mail greets whoever connects."""
    if not settings.smtp_enabled:
        told = spanish("Entrada de correo: no se escucha, según la configuración")
        yield Finding(Verdict.WELL, told)
        return
    where = {"where": f"{settings.smtp_host}:{settings.smtp_port}"}
    try:
        greeting = _greeting(reachable(settings.smtp_host), settings.smtp_port, timeout_s)
    except OSError as error:
        told = spanish("Entrada de correo: %(where)s no responde (%(error)s)")
        remedy = spanish("¿Está en marcha «ventanilla up»? ¿Ocupa el puerto otro programa?")
        yield Finding(Verdict.WRONG, told, remedy, where | {"error": str(error)})
        return
    if greeting.startswith("220"):
        yield Finding(Verdict.WELL, spanish("Entrada de correo: %(where)s responde"), facts=where)
    else:
        told = spanish("Entrada de correo: %(where)s contesta otra cosa")
        remedy = spanish("Revise qué programa ocupa el puerto.")
        yield Finding(Verdict.WRONG, told, remedy, where)


def reachable(host: str) -> str:
    """Where a port that is bound to every address is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _greeting(host: str, port: int, timeout_s: float) -> str:
    with socket.create_connection((host, port), timeout=timeout_s) as connection:
        greeting = connection.recv(GREETING_BYTES).decode("ascii", "replace")
        with contextlib.suppress(OSError):
            connection.sendall(b"QUIT\r\n")
    return greeting
