"""A store of its own for each test."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def store_folder(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "evidence"
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "ventanilla.evidence.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": folder, "min_free_bytes": 0},
        }
    }
    return folder
