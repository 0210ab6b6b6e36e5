"""``ventanilla up``: the whole house in one command."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import click

from ventanilla.cli._installation import embedded, folder_of
from ventanilla.cli._prepared import note_prepared, was_prepared
from ventanilla.core.config import Config, config
from ventanilla.host.errors import HostError
from ventanilla.host.lock import only_one
from ventanilla.host.postgres import START_TIMEOUT_S
from ventanilla.host.processes import die_with_parent
from ventanilla.host.supervisor import Child, Supervisor

HEALTH_PATH = "/salud/"
HEALTH_TIMEOUT_S = 5
# A job in the worker may be delivering mail; it is given time to finish.
WORKER_GRACE_S = 45.0


class PortTaken(HostError):
    """El puerto {port} de {host} está ocupado por otro programa o no se puede usar ({reason}).
    Deténgalo o elija otro puerto en {variable}."""


@click.command()
def up() -> None:
    """Pone en marcha todo: base de datos, páginas, correo y tareas."""
    run_up(config(), tell_more=_tell_how_to_enter)


def run_up(
    settings: Config,
    *,
    companions: Sequence[Child] = (),
    first_steps: Mapping[str, Sequence[str]] | None = None,
    tell_more: Callable[[], None] = lambda: None,
) -> None:
    """Run the house until SIGTERM or SIGINT.

    ``companions`` are further children, started before everything but the database;
    ``first_steps`` are commands (name → words) carried out once after the migrations;
    ``tell_more`` tells who can sign in and how to stop, once the house stands.

    Raises AlreadyRunning, PortTaken, StepFailed, ChildNotReady and what the database raises.
    """
    started = time.monotonic()
    folder = folder_of(settings)
    with only_one(folder, pid=os.getpid()):
        folder.secret_key()  # made before several children could want to make it
        supervisor = Supervisor(announce=say)
        with _held_ports(settings) as release, supervisor.signals():
            try:
                _raise_the_house(supervisor, settings, companions, first_steps or {}, release)
                if not supervisor.is_asked_to_stop():
                    _tell_where_to_go(settings, seconds=time.monotonic() - started)
                    tell_more()
                supervisor.watch()
            finally:
                say("Deteniendo…")
                supervisor.stop()
                say("Detenido. No queda ningún proceso.")


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    click.echo(sentence, err=True)


def command(*arguments: str) -> list[str]:
    """The command line of one of our own processes."""
    return [sys.executable, "-m", "ventanilla.cli.main", *arguments]


def _raise_the_house(
    supervisor: Supervisor,
    settings: Config,
    companions: Sequence[Child],
    first_steps: Mapping[str, Sequence[str]],
    release: Callable[[], None],
) -> None:
    """Start in order; what needs the current tables waits for the migrations.

    ``release`` gives the held ports to the children that are going to listen on them.
    """
    server = embedded(settings)
    if server is not None:
        server.prepare()
        child = Child(
            "base de datos",
            server.spawn,
            server.is_ready,
            stop_signal=signal.SIGINT,
            grace_s=60.0,
            is_ground=True,
        )
        supervisor.add(child, ready_within_s=START_TIMEOUT_S)
    if supervisor.is_asked_to_stop():
        return
    for child in companions:
        supervisor.launch(child)
    web, gateways = _served("web", "páginas"), _served("gateways", "correo")
    web.is_ready = lambda: _web_answers(settings)
    gateways.is_ready = lambda: not settings.smtp_enabled or _mail_answers(settings)
    is_prepared = was_prepared(folder_of(settings))
    if is_prepared:
        release()
        supervisor.launch(web)
    supervisor.run_once("preparación", command("serve", "prepare"))
    if not supervisor.is_asked_to_stop():
        note_prepared(folder_of(settings))
    for name, words in first_steps.items():
        supervisor.run_once(name, command(*words))
    if not is_prepared:
        release()
        supervisor.launch(web)
    supervisor.wait_for(web)  # alone: three programs loading at once would all be late
    for child in (gateways, _served("worker", "tareas", grace_s=WORKER_GRACE_S)):
        supervisor.launch(child)
    supervisor.wait_for(gateways)


def _served(what: str, name: str, *, grace_s: float = 20.0) -> Child:
    return own_child(name, "serve", what, grace_s=grace_s)


def own_child(name: str, *words: str, grace_s: float = 20.0) -> Child:
    """A child that runs one of our own commands."""

    def spawn() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command(*words),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one syscall, no locks
        )

    return Child(name, spawn, grace_s=grace_s)


def _web_answers(settings: Config) -> bool:
    """Whether the pages answer and reach the database."""
    connection = http.client.HTTPConnection(
        _reachable(settings.host), settings.port, timeout=HEALTH_TIMEOUT_S
    )
    try:
        connection.request("GET", HEALTH_PATH, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _mail_answers(settings: Config) -> bool:
    """Whether the mail port is open."""
    address = (_reachable(settings.smtp_host), settings.smtp_port)
    try:
        socket.create_connection(address, timeout=HEALTH_TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    """Where to knock on a server that listens everywhere."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


@contextlib.contextmanager
def _held_ports(settings: Config) -> Iterator[Callable[[], None]]:
    """Take the ports before starting, until what is called gives them to who listens on them.

    A child that fails to bind would only look like a crash, and two houses that start at the same
    time would share the port of the pages: its server lets others listen beside it.
    """
    with contextlib.ExitStack() as held:
        for port, host, variable in settings.listeners:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            holder = held.enter_context(socket.socket(family, socket.SOCK_STREAM))
            # Connections of an earlier run may linger; only a listener is in the way.
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                holder.bind((host, port))
                holder.listen(1)  # two that are only bound would not be in each other's way
            except OSError as error:
                raise PortTaken(
                    host=host, port=port, variable=variable, reason=error.strerror
                ) from error
        yield held.close


def _tell_where_to_go(settings: Config, *, seconds: float) -> None:
    mail = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_protocol.upper()})"
    say("")
    say(f"Ventanilla está lista ({seconds:.1f} s).")
    say(f"  Páginas:  {settings.public_url}")
    if settings.smtp_enabled:
        say(f"  Correo:   {mail}")
    if settings.relay is None:
        say("  Envíos:   retenidos en la bandeja de salida (falta VENTANILLA_RELAY_URL)")
    say(f"  Datos:    {settings.data_folder}")


def _tell_how_to_enter() -> None:
    say("  Entrar:   con su cuenta; la primera se crea con «ventanilla user create»")
    say("  Detener:  Ctrl+C")
