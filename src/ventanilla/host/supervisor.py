"""Keeps a handful of child processes running, in order, and takes all of them down together.

General process managers know neither "the database is ready when it answers" nor "the database
goes last", and cost more memory than this file.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ventanilla.host.errors import HostError
from ventanilla.host.processes import die_with_parent, signal_group

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
# Deaths longer ago than this are forgiven, and all of them once a child has stood for a while:
# the pause is there for one that cannot start, not for one that was killed.
MEMORY_S = 120.0
STEADY_S = 5.0
# So long after the ground gave way the others may fall without blame.
AFTERSHOCK_S = 20.0
LOOP_DEATHS = 5
READY_POLL_S = 0.05

Announce = Callable[[str], None]


class ChildNotReady(HostError):
    """«{name}» no estuvo listo en {seconds:.0f} s. Mire los mensajes de arriba y «ventanilla doctor»."""


class StepFailed(HostError):
    """«{name}» terminó con código {code}; no se ha iniciado nada más. Mire los mensajes de arriba."""


@dataclass
class Child:
    """A process that must run as long as the supervisor does."""

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    is_ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 20.0
    is_ground: bool = False  # the others stand on it: it goes last, and never by force of haste
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    deaths: list[float] = field(default_factory=list)
    start_again_at: float | None = None
    started_at: float = 0.0

    @property
    def delay_s(self) -> float:
        """Pause before the next start: doubles with every recent death."""
        return min(FIRST_DELAY_S * 2.0 ** (len(self.deaths) - 1), LONGEST_DELAY_S)

    def start(self) -> None:
        """Start it now."""
        self.start_again_at = None
        self.started_at = time.monotonic()
        self.process = self.spawn()

    def note_death(self, now: float, *, blameless: bool = False) -> None:
        """Remember the death, end what is left of its group, and plan the next start."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
        self.process = None
        self.restarts += 1
        forgiven = blameless or now - self.started_at >= STEADY_S
        recent = [] if forgiven else [each for each in self.deaths if now - each < MEMORY_S]
        self.deaths = [*recent, now]
        self.start_again_at = now + self.delay_s


class Supervisor:
    """Runs children until a signal. ``announce`` receives sentences for the person watching."""

    def __init__(self, *, announce: Announce) -> None:
        self.announce = announce
        self.children: list[Child] = []
        self.stop_requests = 0
        self._ground_fell_at = float("-inf")
        self._awake, self._wake = socket.socketpair()

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Within the block SIGTERM and SIGINT ask to stop, and SIGCHLD wakes the watch."""
        self._awake.setblocking(False)
        self._wake.setblocking(False)
        before = signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        handlers = {
            signal.SIGTERM: self._asked_to_stop,
            signal.SIGINT: self._asked_to_stop,
            signal.SIGCHLD: lambda *_: None,
        }
        previous = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _asked_to_stop(self, *_: object) -> None:
        self.stop_requests += 1

    def is_asked_to_stop(self) -> bool:
        """Whether a signal has asked to stop; it may come between any two lines."""
        return self.stop_requests > 0

    def add(self, child: Child, *, ready_within_s: float = 120.0) -> None:
        """Start a child and wait until it is ready. Raises ChildNotReady."""
        self.launch(child)
        self.wait_for(child, ready_within_s=ready_within_s)

    def wait_for(self, child: Child, *, ready_within_s: float = 120.0) -> None:
        """Wait until a child is ready; whatever dies meanwhile is started again.

        Raises ChildNotReady. Returns early when asked to stop.
        """
        deadline = time.monotonic() + ready_within_s
        while not self.is_asked_to_stop() and not (child.process and child.is_ready()):
            if time.monotonic() > deadline:
                raise ChildNotReady(name=child.name, seconds=ready_within_s)
            self.mend()
            self._sleep(READY_POLL_S)

    def launch(self, child: Child) -> None:
        """Start a child without waiting for it."""
        self.children.append(child)
        child.start()

    def run_once(self, name: str, command: Sequence[str]) -> None:
        """Carry out one step to its end. Raises StepFailed. A request to stop ends it early."""
        if self.is_asked_to_stop():
            return
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one syscall, no locks
        )
        while process.poll() is None:
            if self.is_asked_to_stop():
                process.terminate()
            self.mend()
            self._sleep(0.5)
        if process.returncode != 0 and not self.stop_requests:
            raise StepFailed(name=name, code=process.returncode)

    def watch(self) -> None:
        """Mend what dies until asked to stop."""
        while not self.is_asked_to_stop():
            self.mend()
            waits = [c.start_again_at for c in self.children if c.start_again_at is not None]
            self._sleep(max(0.0, min(waits) - time.monotonic()) if waits else 60.0)

    def mend(self) -> None:
        """Notice dead children and start again those whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                child.note_death(now, blameless=now - self._ground_fell_at < AFTERSHOCK_S)
                if child.is_ground:
                    self._ground_fell_at = now
                self._tell(child, code)
            if child.start_again_at is not None and child.start_again_at <= now:
                try:
                    child.start()
                except (HostError, OSError) as error:
                    child.note_death(now)
                    self.announce(f"«{child.name}» no arranca: {error}")

    def _tell(self, child: Child, code: int) -> None:
        how = f"señal {signal.Signals(-code).name}" if code < 0 else f"código {code}"
        again = f"«{child.name}» terminó ({how}); se inicia de nuevo en {child.delay_s:.1f} s"
        self.announce(f"{again} (reinicio {child.restarts}).")
        if len(child.deaths) >= LOOP_DEATHS:
            self.announce(
                f"«{child.name}» no se sostiene: {len(child.deaths)} caídas en "
                f"{MEMORY_S / 60:.0f} minutos. Mire los mensajes de arriba y «ventanilla doctor»."
            )

    def stop(self) -> None:
        """Take everything down: faces and workers together, then what they stand on.

        A second request to stop shortens the patience to nothing, except with the database.
        """
        for is_ground in (False, True):
            group = [child for child in self.children if child.is_ground == is_ground]
            for child in group:
                if child.process is not None and child.process.poll() is None:
                    child.process.send_signal(child.stop_signal)
            for child in reversed(group):
                self._see_off(child)

    def _see_off(self, child: Child) -> None:
        """Wait for an end within the child's grace, then force it."""
        process = child.process
        if process is None:
            return
        deadline = time.monotonic() + child.grace_s
        while process.poll() is None and time.monotonic() < deadline:
            if self.stop_requests > 1 and not child.is_ground:
                break
            self._sleep(0.1)
        if process.poll() is None:
            self.announce(f"«{child.name}» no termina a tiempo: se fuerza.")
        signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def _sleep(self, seconds: float) -> None:
        """Sleep, but wake at once for a signal (a child's death included)."""
        select.select([self._awake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while os.read(self._awake.fileno(), 4096):
                pass
