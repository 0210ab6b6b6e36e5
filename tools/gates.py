"""Run every gate of ``gates.toml`` and print a table: ``python -m tools.gates [NAME…]``."""

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

GATES = Path("gates.toml")
TIMEOUT_S = 900


@dataclass(frozen=True, slots=True)
class Gate:
    """One check and the reason for it."""

    name: str
    why: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one gate ended. ``output`` is what it printed."""

    gate: Gate
    passed: bool
    seconds: float
    output: str


def read_gates(path: Path = GATES) -> list[Gate]:
    """The gates in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["gate"]
    return [Gate(each["name"], each["why"], tuple(each["command"])) for each in entries]


def run(gate: Gate, *, data_folder: str) -> Outcome:
    """Run one gate. A gate that hangs has failed."""
    command = [part.replace("{python}", sys.executable) for part in gate.command]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ventanilla.project.settings",
        "VENTANILLA_DATA": data_folder,  # checking the code must not make a data folder in it
    }
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        passed, output = done.returncode == 0, done.stdout
    except subprocess.TimeoutExpired:
        passed, output = False, f"no end within {TIMEOUT_S} s"
    return Outcome(gate, passed, time.monotonic() - started, output)


def table(outcomes: list[Outcome]) -> str:
    """One line a gate: verdict, name, seconds, reason."""
    width = max(len(outcome.gate.name) for outcome in outcomes)
    return "\n".join(
        f"{'ok  ' if each.passed else 'FAIL'}  {each.gate.name:<{width}}  "
        f"{each.seconds:6.1f} s  {each.gate.why}"
        for each in outcomes
    )


def main(wanted: list[str]) -> int:
    """Run all gates, or those named; show what failed, then the table."""
    gates = [gate for gate in read_gates() if not wanted or gate.name in wanted]
    unknown = set(wanted) - {gate.name for gate in gates}
    if unknown:
        print(f"no such gate: {', '.join(sorted(unknown))}")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [run(gate, data_folder=folder) for gate in gates]
    for outcome in outcomes:
        if not outcome.passed:
            print(f"--- {outcome.gate.name}\n{outcome.output.rstrip()}\n")
    print(table(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
