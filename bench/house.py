"""An installation made for measuring: its own folder, durable settings, no mail leaving."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.kill.installation import free_port

READY_S = 180.0
SETTLES_S = 10
"""After so many seconds everything that loads late has loaded."""


def choose_environment(folder: Path) -> None:
    """Point this process and its children at a folder of their own, before settings load."""
    for name in [name for name in os.environ if name.startswith("VENTANILLA_")]:
        del os.environ[name]
    port = free_port()
    os.environ |= {
        "VENTANILLA_DATA": str(folder),
        "VENTANILLA_PORT": str(port),
        "VENTANILLA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "VENTANILLA_SMTP_PORT": str(free_port()),
        "VENTANILLA_WORKER_CONCURRENCY": "1",
        "VENTANILLA_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of the product's own processes while the block runs."""
    child = subprocess.Popen([sys.executable, "-m", "ventanilla.cli.main", *words])
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=60)


def wait_for_page(url: str, *, within_s: float = READY_S) -> None:
    """Until the address answers."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def first_page_and_memory() -> dict[str, float]:
    """Seconds from ``up`` to the first page, on a new folder and again; resident megabytes."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as name:
        port = free_port()
        environment = os.environ | {
            "VENTANILLA_DATA": name,
            "VENTANILLA_PORT": str(port),
            "VENTANILLA_SMTP_PORT": str(free_port()),
            "VENTANILLA_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "VENTANILLA_WORKER_CONCURRENCY": "2",
            "DJANGO_SETTINGS_MODULE": "ventanilla.project.settings",
        }
        for label in ("first start", "later start"):
            began = time.monotonic()
            with _up(environment) as up:
                wait_for_page(f"http://127.0.0.1:{port}/cuenta/login/")
                figures[label] = time.monotonic() - began
                time.sleep(SETTLES_S)
                figures["memory"] = _resident_megabytes(psutil.Process(up.pid))
    return figures


@contextmanager
def _up(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The whole house while the block runs."""
    up = subprocess.Popen(
        [sys.executable, "-m", "ventanilla.cli.main", "up"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield up
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=90)


def _resident_megabytes(root: psutil.Process) -> float:
    """Resident memory of the supervisor and its children, the database left out.

    Plain resident sizes, added up: pages that processes share count once for each.
    """
    family = [root, *root.children(recursive=True)]
    ours = [p for p in family if not p.name().startswith("postgres")]
    return sum(p.memory_info().rss for p in ours) / 1e6
