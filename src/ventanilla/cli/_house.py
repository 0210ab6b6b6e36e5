"""The whole house: started in order, watched, taken down.

The process that does it stays as long as the house stands, so it holds nothing it does not need:
``ventanilla up`` reads the configuration and then becomes this program, which only knows of it what
stands in a ``House``.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ventanilla.cli._prepared import note_prepared, was_prepared
from ventanilla.host.errors import EXIT_TOLD, HostError
from ventanilla.host.folders import DataFolder
from ventanilla.host.lock import only_one
from ventanilla.host.ports import why_refused
from ventanilla.host.postgres import START_TIMEOUT_S, EmbeddedPostgres
from ventanilla.host.processes import die_with_parent
from ventanilla.host.supervisor import Child, Supervisor

HEALTH_PATH = "/salud/"
HEALTH_TIMEOUT_S = 5
# A job in the worker may be delivering mail; it is given time to finish.
WORKER_GRACE_S = 45.0


@dataclass(frozen=True)
class House:
    """What of the configuration is needed to start the house and to say where it is."""

    data_folder: str
    host: str
    port: int
    smtp_host: str
    smtp_port: int
    smtp_protocol: str
    smtp_enabled: bool
    public_url: str
    sends: bool
    """Whether there is a server for outgoing mail."""
    has_own_database: bool
    """Whether the embedded database is part of the house."""
    listeners: Sequence[tuple[int, str, str]]
    """Port, address and variable of everything that listens."""

    @property
    def folder(self) -> DataFolder:
        """The data folder."""
        return DataFolder(Path(self.data_folder))

    def as_argument(self) -> str:
        """The house as one word of a command line; nothing in it is secret."""
        return json.dumps(asdict(self))


class PortTaken(HostError):
    """El puerto {port} de {host} no se puede usar: {reason}.
    Libérelo o elija otro en {variable}."""


def main() -> None:
    """Run the house of the command line; a known refusal is printed without a traceback."""
    try:
        run_house(House(**json.loads(sys.argv[1])), tell_more=_tell_how_to_enter)
    except HostError as error:
        say(str(error))
        sys.exit(EXIT_TOLD)


def run_house(
    house: House,
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
    folder = house.folder
    with only_one(folder, pid=os.getpid()):
        folder.secret_key()  # made before several children could want to make it
        supervisor = Supervisor(announce=say)
        with _held_ports(house) as release, supervisor.signals():
            try:
                _raise_the_house(supervisor, house, companions, first_steps or {}, release)
                if not supervisor.is_asked_to_stop():
                    _tell_where_to_go(house, seconds=time.monotonic() - started)
                    tell_more()
                supervisor.watch()
            finally:
                say("Deteniendo…")
                supervisor.stop()
                say("Detenido. No queda ningún proceso.")


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)


def command(*arguments: str) -> list[str]:
    """The command line of one of our own processes."""
    return [sys.executable, "-m", "ventanilla.cli.main", *arguments]


def _raise_the_house(
    supervisor: Supervisor,
    house: House,
    companions: Sequence[Child],
    first_steps: Mapping[str, Sequence[str]],
    release: Callable[[], None],
) -> None:
    """Start in order; what needs the current tables waits for the migrations.

    ``release`` gives the held ports to the children that are going to listen on them.
    """
    server = EmbeddedPostgres(house.folder) if house.has_own_database else None
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
    web.is_ready = lambda: _web_answers(house)
    gateways.is_ready = lambda: not house.smtp_enabled or _mail_answers(house)
    is_prepared = was_prepared(house.folder)
    if is_prepared:
        release()
        supervisor.launch(web)
    supervisor.run_once("preparación", command("serve", "prepare"))
    if not supervisor.is_asked_to_stop():
        note_prepared(house.folder)
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


def _web_answers(house: House) -> bool:
    """Whether the pages answer and reach the database."""
    connection = http.client.HTTPConnection(
        _reachable(house.host), house.port, timeout=HEALTH_TIMEOUT_S
    )
    try:
        connection.request("GET", HEALTH_PATH, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _mail_answers(house: House) -> bool:
    """Whether the mail port is open."""
    address = (_reachable(house.smtp_host), house.smtp_port)
    try:
        socket.create_connection(address, timeout=HEALTH_TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    """Where to knock on a server that listens everywhere: ``core.findings`` is too heavy for here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


@contextlib.contextmanager
def _held_ports(house: House) -> Iterator[Callable[[], None]]:
    """Take the ports before starting, until what is called gives them to who listens on them.

    A child that fails to bind would only look like a crash, and two houses that start at the same
    time would share the port of the pages: its server lets others listen beside it.
    """
    with contextlib.ExitStack() as held:
        for port, host, variable in house.listeners:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            holder = held.enter_context(socket.socket(family, socket.SOCK_STREAM))
            # Connections of an earlier run may linger; only a listener is in the way.
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                holder.bind((host, port))
                holder.listen(1)  # two that are only bound would not be in each other's way
            except OSError as error:
                raise PortTaken(
                    host=host, port=port, variable=variable, reason=why_refused(error)
                ) from error
        yield held.close


def _tell_where_to_go(house: House, *, seconds: float) -> None:
    mail = f"{house.smtp_host}:{house.smtp_port} ({house.smtp_protocol.upper()})"
    say("")
    say(f"Ventanilla está lista ({seconds:.1f} s).")
    say(f"  Páginas:  {house.public_url}")
    if house.smtp_enabled:
        say(f"  Correo:   {mail}")
    if not house.sends:
        say("  Envíos:   retenidos en la bandeja de salida (falta VENTANILLA_RELAY_URL)")
    say(f"  Datos:    {house.data_folder}")


def _tell_how_to_enter() -> None:
    say("  Entrar:   con su cuenta; la primera se crea con «ventanilla user create»")
    say("  Detener:  Ctrl+C")


if __name__ == "__main__":
    main()
