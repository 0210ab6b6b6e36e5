"""``ventanilla doctor`` where nothing was ever started: it tells, and makes nothing."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def examined(folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What is said of an installation in that folder, on ports that are free."""
    own = {
        "VENTANILLA_DATA": str(folder),
        "VENTANILLA_PORT": str(free_port()),
        "VENTANILLA_SMTP_PORT": str(free_port()),
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("VENTANILLA_")
    }
    return subprocess.run(
        [sys.executable, "-m", "ventanilla.cli.main", "doctor"],
        env=kept | own | settings,
        cwd=folder.parent if folder.parent.is_dir() else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_house_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    told = examined(tmp_path / "some" / "data")
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"Carpeta de datos {tmp_path}/some/data: aún no existe" in told.stdout
    assert "Base de datos: aún no existe" in told.stdout
    assert "Espacio libre" in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told = examined(tmp_path / "file" / "data")
    assert told.returncode == 1
    assert "No se puede escribir en la carpeta de datos" in told.stdout
    assert "Traceback" not in told.stderr


@pytest.mark.django_db(transaction=True)
def test_with_a_server_of_ones_own_no_key_is_made(tmp_path: Path) -> None:
    at = connection.settings_dict
    who = f"{at['USER']}:{at['PASSWORD']}@" if at["PASSWORD"] else f"{at['USER']}@"
    where = f"{quote(at['HOST'], safe='')}:{at['PORT'] or 5432}"
    told = examined(tmp_path / "data", DATABASE_URL=f"postgresql://{who}{where}/{at['NAME']}")
    assert "Tablas: al día" in told.stdout, told.stdout + told.stderr
    assert "archivos, todos intactos" in told.stdout
    assert list(tmp_path.iterdir()) == []
