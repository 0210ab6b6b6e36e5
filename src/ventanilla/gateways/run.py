"""The process of everything that arrives: the SMTP or LMTP port and the mailboxes."""

import asyncio
import contextlib
import logging
import signal
import ssl
import threading

from ventanilla.core.config import Config, config
from ventanilla.core.mailboxes import ImapMailbox
from ventanilla.desk.intake.accept import accept
from ventanilla.gateways.imap import MailboxPoller
from ventanilla.gateways.limits import MEBIBYTE, Limits
from ventanilla.gateways.listener import Listener
from ventanilla.gateways.recipients import OwnAddresses
from ventanilla.gateways.waking import Alarm
from ventanilla.host.errors import HostError
from ventanilla.host.ports import why_refused
from ventanilla.policy.packs import desk_addresses

log = logging.getLogger(__name__)

HEALTH_EVERY_S = 300
JOIN_S = 10
"""How long a mailbox may take to finish the mail it is fetching."""


class ListenerNotStarted(HostError):
    """No se puede escuchar correo en {host}:{port}: {reason}.
    Cambie VENTANILLA_SMTP_HOST o VENTANILLA_SMTP_PORT, o detenga el programa que ocupa el puerto.
    """


class TlsNotPossible(HostError):
    """VENTANILLA_SMTP_TLS_REQUIRED pide cifrado y no se puede dar: {reason}."""


def main() -> None:
    """Run until SIGTERM or SIGINT. Raises ListenerNotStarted and TlsNotPossible."""
    asyncio.run(serve(config()))


async def serve(settings: Config) -> None:
    """Start all that the settings name, report now and then, stop cleanly."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with Alarm() as alarm:
        listener = await start_listener(settings) if settings.smtp_enabled else None
        pollers = [_poller(settings, each, alarm) for each in settings.imap_mailboxes]
        threads = [
            threading.Thread(target=each.run, name=each.name, daemon=True) for each in pollers
        ]
        for thread in threads:
            thread.start()
        await _report_until(stop, listener, pollers)
        alarm.ring()
        if listener is not None:
            await listener.stop()
        for thread in threads:
            await asyncio.to_thread(thread.join, JOIN_S)
    log.info("gateways stopped")


async def start_listener(settings: Config) -> Listener:
    """Listen on the port of the settings for the addresses of the pack."""
    largest = settings.mail_max_bytes
    listener = Listener(
        own=OwnAddresses(desk_addresses(settings.pack)),
        accept=accept,
        limits=Limits(message_bytes=largest, held_bytes=max(256 * MEBIBYTE, 2 * largest)),
        hostname=settings.mail_domain,
        gateway=settings.smtp_protocol,
        tls=_tls(settings),
        tls_required=settings.smtp_tls_required,
    )
    try:
        await listener.start(settings.smtp_host, settings.smtp_port)
    except OSError as error:
        raise ListenerNotStarted(
            host=settings.smtp_host, port=settings.smtp_port, reason=why_refused(error)
        ) from None
    return listener


def _tls(settings: Config) -> ssl.SSLContext | None:
    if settings.smtp_tls_certificate is None:
        if settings.smtp_tls_required:
            raise TlsNotPossible(reason="falta el certificado (VENTANILLA_SMTP_TLS_CERTIFICATE)")
        return None
    if settings.smtp_tls_required and settings.smtp_protocol == "lmtp":
        raise TlsNotPossible(reason="LMTP es para un servidor de la misma máquina, sin cifrado")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.smtp_tls_certificate, settings.smtp_tls_key)
    return context


def _poller(settings: Config, mailbox: ImapMailbox, alarm: Alarm) -> MailboxPoller:
    return MailboxPoller(
        mailbox,
        accept=accept,
        max_bytes=settings.mail_max_bytes,
        poll_s=settings.imap_poll_seconds,
        alarm=alarm,
    )


async def _report_until(
    stop: asyncio.Event, listener: Listener | None, pollers: list[MailboxPoller]
) -> None:
    """Print how things stand, now and every few minutes."""
    while not stop.is_set():
        log.info("gateways: %s", health_line(listener, pollers))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), HEALTH_EVERY_S)


def health_line(listener: Listener | None, pollers: list[MailboxPoller]) -> str:
    """What each gateway has taken and refused since the start, in one line."""
    parts = []
    if listener is not None:
        counts = ", ".join(f"{name} {count}" for name, count in sorted(listener.counts.items()))
        connected = listener.admission.connected.total()
        parts.append(
            f"{listener.gateway} {listener.address} connected {connected}, {counts or '0'}"
        )
    parts += [
        f"imap {each.name} stored {each.stored} {each.last_error}".rstrip() for each in pollers
    ]
    return "; ".join(parts) or "nothing to listen to"
