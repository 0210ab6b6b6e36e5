"""Creating an account: what is mistyped is told before anything is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.desk.working import database_url
from ventanilla.cli._installation import NoInstallation, database_running
from ventanilla.cli.user import create
from ventanilla.core.config import Config

ANA = ["--email", "ana@empresa.example", "--name", "Ana Suárez", "--password", "una-clave-larga-7"]


def test_an_unknown_desk_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(create, [*ANA, "--role", "agent", "--desk", "atención"])
    assert result.exit_code == 2
    assert "«atención»" in result.output
    assert "atencion (Atención al Cliente)" in result.output


def test_an_unknown_role_is_refused() -> None:
    result = CliRunner().invoke(create, [*ANA, "--role", "jefe"])
    assert result.exit_code == 2
    assert "'jefe'" in result.output


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command as it is typed, on the database of the test."""
    return subprocess.run(
        [sys.executable, "-m", "ventanilla.cli.main", "user", "create", *arguments],
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.usefixtures("transactional_db")
def test_who_signs_in_with_the_company_gets_an_account_without_a_password() -> None:
    from ventanilla.accounts.models import Staff

    made = run(*ANA[:4], "--no-password", "--role", "agent", "--desk", "soporte")
    assert made.returncode == 0, made.stderr
    assert "VENTANILLA_OIDC_" in made.stderr, "nothing lets her in here"
    ana = Staff.objects.get(email="ana@empresa.example")
    assert (ana.has_usable_password(), ana.role, ana.desks) == (False, "agent", ["soporte"])
    provider = {
        "VENTANILLA_OIDC_ISSUER": "https://entrada.empresa.example",
        "VENTANILLA_OIDC_CLIENT_ID": "ventanilla",
        "VENTANILLA_OIDC_CLIENT_SECRET": "un-secreto",
    }
    made = run("--email", "b@empresa.example", "--name", "Beto", "--no-password", **provider)
    assert (made.returncode, made.stderr) == (0, "")
    assert "b@empresa.example" in made.stdout


@pytest.mark.usefixtures("transactional_db")
def test_a_password_is_asked_for_unless_it_is_declined() -> None:
    from ventanilla.accounts.models import Staff

    assert run(*ANA).returncode == 0
    assert Staff.objects.get(email="ana@empresa.example").check_password(ANA[-1])
    both = run("--email", "b@empresa.example", "--name", "Beto", "--password", "x", "--no-password")
    assert both.returncode == 2
    assert "no ambas" in both.stderr
    asked = CliRunner().invoke(create, ANA[:4], input="una\notra\n")
    assert asked.exit_code == 1
    assert "Clave" in asked.output
    assert Staff.objects.count() == 1


def test_a_folder_without_a_database_does_not_become_an_installation(tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"
    with pytest.raises(NoInstallation), database_running(Config(data_folder=folder)):
        pytest.fail("it ran")
    assert not folder.exists()
