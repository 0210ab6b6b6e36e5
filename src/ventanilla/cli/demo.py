"""``ventanilla demo``: a desk with a past, on a folder that is thrown away."""

import os
import shutil
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from ventanilla.cli._house import own_child, say
from ventanilla.cli._installation import set_up_django
from ventanilla.cli.up import run_up
from ventanilla.core.config import config

FIRST_WEB_PORT = 8000
FIRST_SMTP_PORT = 2525
PORTS_TRIED = 50


@click.group(invoke_without_command=True)
@click.option("--pack", default="generasoft", show_default=True, help="generasoft o sion.")
@click.option("--cases", default=140, show_default=True, help="Casos de la historia.")
@click.option("--folder", type=click.Path(path_type=Path), help="Carpeta que se conserva al final.")
@click.pass_context
def demo(ctx: click.Context, pack: str, cases: int, folder: Path | None) -> None:
    """Abre una mesa de muestra con semanas de historia; al salir se borra."""
    if ctx.invoked_subcommand is None:
        _run(pack, cases, folder)


@demo.command(hidden=True)
@click.option("--cases", type=int, required=True)
def history(cases: int) -> None:
    """Cuenta la historia en una instalación recién hecha."""
    set_up_django()
    from ventanilla.core.statements import lift_time_limits
    from ventanilla.demo.opening import open_demo
    from ventanilla.policy import load

    lift_time_limits()
    settings = config()
    open_demo(
        pack=load(settings.pack), domain=settings.mail_domain, cases=cases, now=datetime.now(UTC)
    )


@demo.command(hidden=True)
@click.option("--port", type=int, required=True)
def catcher(port: int) -> None:
    """Recibe lo que la muestra envía."""
    from ventanilla.demo.catcher import SENT, catch

    catch(port=port, folder=config().data_folder / SENT)


def _run(pack: str, cases: int, folder: Path | None) -> None:
    from ventanilla.policy import load

    policy = load(pack)  # a mistyped name is told before anything starts
    kept = folder is not None
    place = folder or Path(tempfile.mkdtemp(prefix="ventanilla-demo-"))
    relay_port = _free_port(1)
    address = policy.desks[0].addresses[0]
    os.environ |= {
        "VENTANILLA_DATA": str(place),
        "VENTANILLA_PACK": pack,
        "VENTANILLA_PORT": str(_free_port(FIRST_WEB_PORT)),
        "VENTANILLA_SMTP_PORT": str(_free_port(FIRST_SMTP_PORT)),
        "VENTANILLA_RELAY_URL": f"smtp://127.0.0.1:{relay_port}",
        "VENTANILLA_MAIL_DOMAIN": address.partition("@")[2],
        "VENTANILLA_EVIDENCE_MIN_FREE_BYTES": "0",
    }
    os.environ["VENTANILLA_PUBLIC_URL"] = f"http://localhost:{os.environ['VENTANILLA_PORT']}"
    first = (
        {} if (place / "pg").exists() else {"historia": ["demo", "history", "--cases", str(cases)]}
    )
    try:
        run_up(
            config(),
            companions=[
                own_child("buzón de muestra", "demo", "catcher", "--port", str(relay_port))
            ],
            first_steps=first,
            tell_more=lambda: _tell_more(address, is_kept=kept),
        )
    finally:
        if not kept:
            shutil.rmtree(place, ignore_errors=True)


def _tell_more(address: str, *, is_kept: bool) -> None:
    from ventanilla.demo.access import PASSWORD, sign_ins
    from ventanilla.demo.catcher import SENT, last_follow_up

    say("")
    say(f"  Entre con la clave «{PASSWORD}» como:")
    for email, what in sign_ins(address.partition("@")[2]):
        say(f"    {email:<34} {what}")
    say("")
    say(f"  Pregunte como cliente en {config().public_url}/preguntar/")
    say(f"  o escriba a {address}; por ejemplo, desde otra terminal:")
    port = os.environ["VENTANILLA_SMTP_PORT"]
    say(
        f"    printf 'From: Clara <clara@cliente.example>\\nTo: {address}\\nSubject: Cobro doble\\n\\n"
        f"Me cobraron dos veces.\\n' | curl -s smtp://127.0.0.1:{port} "
        f"--mail-from clara@cliente.example --mail-rcpt {address} -T -"
    )
    sent = config().data_folder / SENT
    say("")
    say(f"  Lo que se envía se ve en {config().public_url}/salida/ y queda entero,")
    say(f"  con la clave de cada caso, en {sent}")
    link = last_follow_up(sent)
    if link:
        say(f"  Siga un caso como lo ve quien lo pidió: {link}")
    say("")
    say("  Las demás órdenes miran la muestra si se les dice dónde está; desde otra terminal:")
    say(f"    VENTANILLA_DATA={config().data_folder} {sys.argv[0]} verify")
    say("")
    say(f"  Ctrl+C termina{' y conserva' if is_kept else ' y borra'} la muestra.")


def _free_port(first: int) -> int:
    """The first free port of a range, so that the usual one is kept where it can be."""
    for port in range(first, first + PORTS_TRIED) if first > 1 else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            number: int = probe.getsockname()[1]
            return number
    message = f"No hay un puerto libre entre {first} y {first + PORTS_TRIED}."
    raise click.ClickException(message)
