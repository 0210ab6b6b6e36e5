"""Creating an account: what is mistyped is told before anything is touched."""

from pathlib import Path

import pytest
from click.testing import CliRunner

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


def test_a_folder_without_a_database_does_not_become_an_installation(tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"
    with pytest.raises(NoInstallation), database_running(Config(data_folder=folder)):
        pytest.fail("it ran")
    assert not folder.exists()
