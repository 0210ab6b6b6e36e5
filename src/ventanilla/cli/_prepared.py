"""Whether this very program has prepared this data folder before.

Only a hint, and only for speed: preparing is always asked for again. With the hint the pages load
at the same time; without it they wait, so that nobody meets tables that are about to change.
"""

import contextlib
import hashlib
from importlib.metadata import version
from pathlib import Path

import ventanilla
from ventanilla.host.folders import DataFolder

# Those that bring tables.
DISTRIBUTIONS = ("ventanilla", "django", "django-allauth", "procrastinate")


def was_prepared(folder: DataFolder) -> bool:
    """Whether the last preparation here was by a program with the same migrations."""
    try:
        return _mark(folder).read_text(encoding="ascii") == _fingerprint()
    except OSError:
        return False


def note_prepared(folder: DataFolder) -> None:
    """Remember that the preparation succeeded; failing to is no harm."""
    with contextlib.suppress(OSError):
        _mark(folder).write_text(_fingerprint(), encoding="ascii")


def _mark(folder: DataFolder) -> Path:
    return folder.run / "prepared"


def _fingerprint() -> str:
    package = Path(ventanilla.__file__).parent
    migrations = sorted(str(path) for path in package.glob("*/migrations/*.py"))
    versions = [version(name) for name in DISTRIBUTIONS]
    return hashlib.sha256("\n".join(versions + migrations).encode()).hexdigest()
