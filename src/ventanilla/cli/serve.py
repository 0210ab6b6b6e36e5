"""``ventanilla serve``: the long-running processes, one each. ``ventanilla up`` starts them."""

import os
import sys
from datetime import UTC, datetime

import click

from ventanilla.cli._installation import SETTINGS_MODULE, set_up_django
from ventanilla.core.config import MOST_BODIES, config

SERVICE_SETTINGS = "ventanilla.project.services"
PAGES_PROGRAM = "ventanilla.cli._pages"


@click.group(hidden=True)
def serve() -> None:
    """Un solo proceso; para administradores que reparten la casa en varias máquinas."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)


@serve.command()
def web() -> None:
    """Las páginas."""
    settings = config()
    given = {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.web_workers,
        # Pages are held to web_threads by their gate; a stream waits in a thread of its own, and
        # so does whoever reads what somebody sends.
        "threads": settings.web_threads + settings.live_streams + MOST_BODIES,
    }
    words = [f"--{name}={value}" for name, value in given.items()]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", PAGES_PROGRAM, *words, "serve", "web"])  # noqa: S606 - no shell


@serve.command()
def gateways() -> None:
    """El correo que llega: servidor SMTP o LMTP y buzones IMAP."""
    _set_up_service()
    from ventanilla.gateways.run import main

    main()


@serve.command()
def worker() -> None:
    """Las tareas: recibir, enviar, recordar."""
    _set_up_service()
    from ventanilla.desk.worker import run

    sys.exit(run())


def _set_up_service() -> None:
    """Django without pages, unless somebody named settings of their own."""
    if os.environ["DJANGO_SETTINGS_MODULE"] == SETTINGS_MODULE:
        os.environ["DJANGO_SETTINGS_MODULE"] = SERVICE_SETTINGS
    set_up_django()


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
