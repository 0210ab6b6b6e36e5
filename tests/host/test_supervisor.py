"""The supervisor with real children."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import until
from ventanilla.host.folders import DataFolder
from ventanilla.host.lock import AlreadyRunning, only_one
from ventanilla.host.processes import die_with_parent, is_alive
from ventanilla.host.supervisor import LOOP_DEATHS, Child, ChildNotReady, StepFailed, Supervisor

SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def python(code: str) -> Callable[[], "subprocess.Popen[bytes]"]:
    def spawn() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", code],
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    return spawn


def ask_to_stop_when(condition: Callable[[], bool]) -> threading.Thread:
    """From a thread, because ``watch`` occupies the main one."""

    def ask() -> None:
        try:
            until(condition)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_killed_child_is_started_again_and_told() -> None:
    told: list[str] = []
    supervisor = Supervisor(announce=told.append)
    child = Child("tareas", python(SLEEP))
    with supervisor.signals():
        supervisor.add(child)
        assert child.process is not None
        first = child.process.pid
        os.kill(first, signal.SIGKILL)
        stopper = ask_to_stop_when(lambda: child.process is not None and child.process.pid != first)
        supervisor.watch()
        supervisor.stop()
    stopper.join()
    assert child.restarts == 1
    assert any("«tareas» terminó (señal SIGKILL)" in sentence for sentence in told)
    assert child.process is not None
    assert child.process.poll() is not None


def test_a_crash_loop_is_told_and_slows_down() -> None:
    told: list[str] = []
    supervisor = Supervisor(announce=told.append)
    child = Child("correo", python("raise SystemExit(3)"))
    with supervisor.signals():
        supervisor.launch(child)
        while len(child.deaths) < LOOP_DEATHS:
            supervisor.mend()
            if child.start_again_at is not None:
                child.start_again_at = time.monotonic()  # no patience
            time.sleep(0.02)
        supervisor.stop()
    assert any("no se sostiene" in sentence for sentence in told)
    assert child.delay_s == 8.0


def test_the_ground_goes_last_and_the_stubborn_are_forced(tmp_path: Path) -> None:
    order = tmp_path / "order"
    note = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        f"    pathlib.Path({str(order)!r}).open('a').write(sys.argv[1])\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(tmp_path)!r}, sys.argv[1]).touch()\n"
        "time.sleep(600)\n"
    )

    def noting(letter: str) -> Child:
        def spawn() -> "subprocess.Popen[bytes]":
            return subprocess.Popen([sys.executable, "-c", note, letter], start_new_session=True)

        return Child(letter, spawn, (tmp_path / letter).exists)

    ground = noting("G")
    ground.is_ground = True
    stubborn = Child("terco", python(STUBBORN), grace_s=1.0)
    told: list[str] = []
    supervisor = Supervisor(announce=told.append)
    with supervisor.signals():
        for child in (ground, noting("a"), stubborn):
            supervisor.add(child)
        time.sleep(0.3)  # let the stubborn one learn to ignore
        supervisor.stop()
    assert order.read_text() == "aG"
    assert told == ["«terco» no termina a tiempo: se fuerza."]
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL


def test_never_ready_and_a_failed_step_are_refusals() -> None:
    supervisor = Supervisor(announce=lambda _: None)
    with supervisor.signals():
        with pytest.raises(ChildNotReady, match="«páginas» no estuvo listo"):
            supervisor.add(Child("páginas", python(SLEEP), lambda: False), ready_within_s=0.2)
        with pytest.raises(StepFailed, match="«paso» terminó con código 4"):
            supervisor.run_once("paso", [sys.executable, "-c", "raise SystemExit(4)"])
        supervisor.stop()


def test_children_die_with_a_killed_parent() -> None:
    code = (
        "import signal, subprocess, sys, time\n"
        "from ventanilla.host.processes import die_with_parent\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],\n"
        "    start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(orphan))


def test_one_supervisor_a_folder(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "data")
    with only_one(folder, pid=4242):
        with pytest.raises(AlreadyRunning, match="proceso 4242"), only_one(folder, pid=1):
            pass
    with only_one(folder, pid=1):
        pass
