"""A disk without room: said by its name, nothing half written, nothing lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from ventanilla.evidence.storage import DurableFileSystemStorage, NoRoomForEvidence

MEBIBYTE = 1024 * 1024
# A process whose files may not grow beyond 64 KiB gets EFBIG; the signal must not end it first.
LIMITED = """
import resource, signal, sys
from django.core.files.base import ContentFile
from ventanilla.evidence.storage import DurableFileSystemStorage, NoRoomForEvidence
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
store = DurableFileSystemStorage(location=sys.argv[1])
store.save("aa/bb/small", ContentFile(b"x" * 1000))
try:
    store.save("aa/bb/large", ContentFile(b"x" * 100_000))
except NoRoomForEvidence as refusal:
    print(refusal.code)
"""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one mebibyte; needs root and the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        pytest.skip(f"cannot mount here ({done.stderr.strip()}); the limited process covers it")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], timeout=10, check=True)


def files_in(folder: Path) -> list[str]:
    return [each.name for each in folder.rglob("*") if each.is_file()]


def test_a_full_file_system_is_named_and_leaves_no_trace(tiny_disk: Path) -> None:
    store = DurableFileSystemStorage(location=tiny_disk)
    store.save("aa/bb/first", ContentFile(b"x" * (MEBIBYTE // 2)))
    with pytest.raises(NoRoomForEvidence, match="No hay espacio"):
        store.save("cc/dd/second", ContentFile(os.urandom(MEBIBYTE)))
    assert files_in(tiny_disk) == ["first"]

    (tiny_disk / "aa/bb/first").unlink()
    store.save("cc/dd/second", ContentFile(b"y" * (MEBIBYTE // 2)))
    assert files_in(tiny_disk) == ["second"]


def test_room_for_the_database_is_left(tmp_path: Path) -> None:
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    store = DurableFileSystemStorage(location=tmp_path / "store", min_free_bytes=free * 2)
    with pytest.raises(NoRoomForEvidence):
        store.save("aa/bb/file", ContentFile(b"x"))
    assert files_in(tmp_path) == []


def test_a_limited_process_is_told_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "ventanilla.project.settings"},
    )
    assert done.stdout.strip() == "no_room_for_evidence", done.stderr
    assert files_in(tmp_path) == ["small"]


def test_a_process_killed_while_writing_leaves_the_old_state(tmp_path: Path) -> None:
    """Killed between the first byte and the rename: the name does not exist, or is whole."""
    script = (
        "import os, sys\n"
        "from django.core.files.base import ContentFile\n"
        "from ventanilla.evidence import storage\n"
        "class Dying(ContentFile):\n"
        "    def chunks(self, chunk_size=None):\n"
        "        yield b'x' * 1000\n"
        "        os.kill(os.getpid(), 9)\n"
        "store = storage.DurableFileSystemStorage(location=sys.argv[1])\n"
        "store.save('aa/bb/file', Dying(b'x' * 2000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        timeout=60,
        check=False,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "ventanilla.project.settings"},
    )
    assert done.returncode == -9
    store = DurableFileSystemStorage(location=tmp_path)
    assert not store.exists("aa/bb/file")
    assert all(name.startswith(".new-") for name in files_in(tmp_path))
