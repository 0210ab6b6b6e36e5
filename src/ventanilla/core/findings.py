"""What an examination of the installation says, and those that need nothing but the configuration."""

from __future__ import annotations

import contextlib
import shutil
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ventanilla.core.config import Config

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
    """One thing examined, in Spanish; ``remedy`` says what to do when it is not well."""

    verdict: Verdict
    what: str
    remedy: str = ""


def disk_room(folder: Path, settings: Config) -> Iterator[Finding]:
    """Room on the disk that holds the data."""
    free = shutil.disk_usage(folder).free
    told = f"Espacio libre en disco: {free / 1024**3:.1f} GB"
    if free < settings.evidence_min_free_bytes:
        yield Finding(Verdict.WRONG, told, "No se aceptan evidencias. Libere espacio ahora.")
    elif free < LOW_DISK_BYTES:
        yield Finding(Verdict.NOTICE, told, "Libere espacio o amplíe el disco pronto.")
    else:
        yield Finding(Verdict.WELL, told)


def relay(settings: Config, *, timeout_s: float = CONNECT_TIMEOUT_S) -> Iterator[Finding]:
    """Answers, offers what is asked of it, and lets us in. No message is sent."""
    address = settings.relay
    if address is None:
        told = "Envío de correo: sin servidor, los envíos quedan retenidos"
        yield Finding(Verdict.NOTICE, told, "Indique el servidor en VENTANILLA_RELAY_URL.")
        return
    connect = smtplib.SMTP_SSL if address.security == "tls" else smtplib.SMTP
    try:
        with connect(address.host, address.port, timeout=timeout_s) as session:
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


def mail_listener(settings: Config, *, timeout_s: float = CONNECT_TIMEOUT_S) -> Iterator[Finding]:
    """Our own port for mail greets whoever connects."""
    if not settings.smtp_enabled:
        yield Finding(Verdict.WELL, "Entrada de correo: no se escucha, según la configuración")
        return
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        greeting = _greeting(reachable(settings.smtp_host), settings.smtp_port, timeout_s)
    except OSError as error:
        remedy = "¿Está en marcha «ventanilla up»? ¿Ocupa el puerto otro programa?"
        yield Finding(Verdict.WRONG, f"Entrada de correo: {where} no responde ({error})", remedy)
        return
    if greeting.startswith("220"):
        yield Finding(Verdict.WELL, f"Entrada de correo: {where} responde")
    else:
        remedy = "Revise qué programa ocupa el puerto."
        yield Finding(Verdict.WRONG, f"Entrada de correo: {where} contesta otra cosa", remedy)


def reachable(host: str) -> str:
    """Where a port that is bound to every address is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _greeting(host: str, port: int, timeout_s: float) -> str:
    with socket.create_connection((host, port), timeout=timeout_s) as connection:
        greeting = connection.recv(GREETING_BYTES).decode("ascii", "replace")
        with contextlib.suppress(OSError):
            connection.sendall(b"QUIT\r\n")
    return greeting
