"""The store on a local disk: a file is there whole and for good, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from ventanilla.core.refusals import Refusal

TEMPORARY_PREFIX = ".new-"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FOLDER_MODE = 0o700
FILE_MODE = 0o600


class NoRoomForEvidence(Refusal):
    """No hay espacio en el disco para guardar los archivos, así que no se hizo nada. Lo que llegó
    por correo queda en espera y se vuelve a intentar solo. Avise a quien administra el sistema."""


class DurableFileSystemStorage(FileSystemStorage):
    """Django's file storage for contents whose name is their SHA-256.

    A file is written beside its place, flushed to the disk, renamed, and the folder flushed, so a
    crash leaves the old state or the new one. An existing name is written over: the same name is
    the same content, and this mends a damaged file. ``min_free_bytes`` is kept free for the
    database, which shares the disk in a small installation.
    """

    def __init__(self, *, min_free_bytes: int = 0, **options: Any) -> None:
        options = {
            "file_permissions_mode": FILE_MODE,
            "directory_permissions_mode": FOLDER_MODE,
        } | options
        super().__init__(**options)
        self.min_free_bytes = min_free_bytes

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's signature
        """The name itself, whether or not it exists."""
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        with _full_disk_named():
            self._make_folder(target.parent)
            self._check_room(content.size)
            _write_whole(target, content)
        return name

    def spares(self, size: int) -> bool:
        """Whether ``size`` bytes more leave free what must stay free."""
        place = Path(self.location)
        while not place.exists():  # the folder is made with the first file
            place = place.parent
        return shutil.disk_usage(place).free - size >= self.min_free_bytes

    def _check_room(self, size: int) -> None:
        if not self.spares(size):
            raise NoRoomForEvidence

    def _make_folder(self, folder: Path) -> None:
        """Make the missing folders; each one's entry in its parent is flushed too."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir(mode=FOLDER_MODE, exist_ok=True)
            _flush_folder(each.parent)


def _write_whole(target: Path, content: File[Any]) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make renames and new entries in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _full_disk_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoRoomForEvidence from error
        raise
