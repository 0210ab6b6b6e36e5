"""Processes without pages hold nothing of the door and of the pages."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LOADED = """
import sys, django; django.setup()
import ventanilla.gateways.run, ventanilla.desk.worker
from procrastinate.contrib.django import app; app.perform_import_paths()
print(*sorted({each.partition(".")[0] for each in sys.modules}))
print(*sorted(each for each in sys.modules if each.startswith("ventanilla.web")))
"""
TOLD = """
import sys, ventanilla.cli.{program}
print(*sorted({{each.partition(".")[0] for each in sys.modules}}))
"""


def _run(program: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_mail_and_tasks_load_neither_door_nor_pages() -> None:
    modules, pages = _run(LOADED, DJANGO_SETTINGS_MODULE="ventanilla.project.services")
    assert not {"allauth", "requests", "holidays", "whitenoise", "babel"} & set(modules.split())
    assert pages == ""


@pytest.mark.parametrize("program", ["_house", "_pages"])
def test_what_stays_above_the_others_loads_no_framework(program: str) -> None:
    (modules,) = _run(TOLD.format(program=program))
    assert not {"django", "pydantic", "psycopg", "procrastinate"} & set(modules.split())
