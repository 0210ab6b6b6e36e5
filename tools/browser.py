"""Chromium for the browser tests: find the one of the system, or install it with apt.

``python -m tools.browser`` prints the path of the program. Browsers come from the system's own
packages only; nothing is downloaded from elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = (
    ("apt-get", "update", "-q"),
    ("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"),
)
INSTALL_TIMEOUT_S = 900
VERSION_TIMEOUT_S = 60


class BrowserMissing(Exception):
    """The browser tests need Chromium and there is none in PATH ({names}).
    Install it with the packages of your system (Debian: apt-get install chromium), or run this
    as root or where sudo asks for no password, and it is installed for you."""

    def __init__(self, reason: str = "") -> None:
        """Say what was looked for, and what went wrong when installing was tried."""
        words = (self.__doc__ or "").format(names=", ".join(NAMES))
        super().__init__(f"{words}\n{reason}".strip())


def find() -> str | None:
    """The path of a Chromium that starts; None when there is none."""
    for name in NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def find_or_install() -> str:
    """The path of Chromium, installed by apt if need be. Raises BrowserMissing."""
    return find() or _install()


def _starts(path: str) -> bool:
    """Some systems put a stub there that only tells how to install the real one."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, timeout=VERSION_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install() -> str:
    prefix = _as_root()
    if prefix is None or shutil.which("apt-get") is None:
        raise BrowserMissing
    for words in INSTALL:
        done = subprocess.run(
            [*prefix, *words],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdout=sys.stderr,
            timeout=INSTALL_TIMEOUT_S,
            check=False,
        )
        if done.returncode != 0:
            raise BrowserMissing(f"«{' '.join(words)}» ended with {done.returncode}.")
    path = find()
    if path is None:
        raise BrowserMissing("apt-get ended well, yet no Chromium starts.")
    return path


def _as_root() -> tuple[str, ...] | None:
    """What to put before a command of root; None when we may not."""
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, timeout=30, check=False)
    return ("sudo", "-n") if asked.returncode == 0 else None


if __name__ == "__main__":
    try:
        print(find_or_install())
    except BrowserMissing as error:
        sys.exit(str(error))
