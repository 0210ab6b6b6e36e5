"""One supervisor per data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from ventanilla.host.errors import HostError
from ventanilla.host.folders import DataFolder


class AlreadyRunning(HostError):
    """Ventanilla ya está en marcha con la carpeta de datos {folder} (proceso {pid}).
    Deténgala con «kill {pid}», o indique otra carpeta en VENTANILLA_DATA."""


@contextmanager
def only_one(folder: DataFolder, *, pid: int) -> Iterator[None]:
    """Hold the folder's lock for the block. Raises AlreadyRunning.

    The kernel drops the lock with the process, however it ends: nothing stale can remain.
    """
    folder.create()
    with folder.lock_file.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyRunning(folder=folder.root, pid=file.read().strip() or "?") from error
        file.truncate(0)
        file.write(f"{pid}\n")
        file.flush()
        yield
        file.truncate(0)
