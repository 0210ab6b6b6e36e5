"""``ventanilla serve``: the long-running processes, one each. ``ventanilla up`` starts them."""

import logging
import os
import sys
from datetime import UTC, datetime

import click

from ventanilla.cli._installation import SETTINGS_MODULE, set_up_django
from ventanilla.core.config import config

STOP_WITHIN_S = 10


@click.group(hidden=True)
def serve() -> None:
    """Un solo proceso; para administradores que reparten la casa en varias máquinas."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)


@serve.command()
def web() -> None:
    """Las páginas."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    settings = config()
    logging.getLogger("_granian").addFilter(_is_news)
    Granian(
        "ventanilla.project.served:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        # Pages are held to web_threads by their gate; a stream waits in a thread of its own.
        blocking_threads=settings.web_threads + settings.live_streams,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    ).serve()


def _is_news(line: logging.LogRecord) -> bool:
    """Not that there are many threads: nearly all of them wait for something to tell."""
    return "Python threads" not in str(line.msg)


@serve.command()
def gateways() -> None:
    """El correo que llega: servidor SMTP o LMTP y buzones IMAP."""
    set_up_django()
    from ventanilla.gateways.run import main

    main()


@serve.command()
def worker() -> None:
    """Las tareas: recibir, enviar, recordar."""
    set_up_django()
    from ventanilla.desk.worker import run

    sys.exit(run())


@serve.command()
def prepare() -> None:
    """Comprueba la política y lleva la base de datos a la versión del programa."""
    from ventanilla.cli.migrate import migrate_if_needed
    from ventanilla.policy.packs import PackInvalid, PackNotFound, load

    try:
        load(config().pack)
    except (PackInvalid, PackNotFound) as error:
        # Before any process that needs it: each of them would only crash and be started again.
        raise click.ClickException(f"VENTANILLA_PACK: {error}") from error
    set_up_django()
    migrate_if_needed()
    _publish_first_policy()


def _publish_first_policy() -> None:
    """A new installation serves under its pack from the start; a changed pack is only told."""
    from ventanilla.core.actors import SYSTEM
    from ventanilla.desk import policies
    from ventanilla.workspace import templates

    templates.ensure_first(as_of=datetime.now(UTC))
    if policies.ensure_published(acting_user=SYSTEM, as_of=datetime.now(UTC)) is not None:
        click.echo(f"Política «{config().pack}» publicada, versión 1.", err=True)
    elif policies.is_changed():
        click.echo(
            f"La política «{config().pack}» cambió desde su última versión publicada. Los casos "
            "siguen con la publicada; para que rija la nueva: «ventanilla policy publish».",
            err=True,
        )
