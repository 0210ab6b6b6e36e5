"""The commands, run as a person runs them, against the test database."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.emptying import superuser_connection
from tests.register import cast
from ventanilla.cli import checkpoint as checkpoint_command
from ventanilla.cli import verify as verify_command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _the_database_runs_already(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verify_command, checkpoint_command):
        monkeypatch.setattr(module, "database_running", lambda _: nullcontext())


def test_verify_says_in_spanish_whether_the_record_is_whole(tmp_path: Path) -> None:
    cast.opened_with_message()
    run = CliRunner()
    file = tmp_path / "punto.json"
    kept = run.invoke(checkpoint_command.checkpoint, ["--output", str(file)])
    assert (kept.exit_code, file.exists()) == (0, True)
    told = run.invoke(verify_command.verify, ["--words", "--against", str(file)])
    assert told.exit_code == 0
    assert "El registro está íntegro: 1 casos y 2 asientos" in told.output
    with superuser_connection() as past_all_triggers:
        past_all_triggers.execute("UPDATE register_ledgerentry SET actor_kind = 'staff'")
    told = run.invoke(verify_command.verify)
    assert told.exit_code == 1
    assert "fue alterado" in told.output
    assert "NO está íntegro" in told.output


def test_a_wrong_file_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "otra.json"
    file.write_text("{}")
    told = CliRunner().invoke(verify_command.verify, ["--against", str(file)])
    assert told.exit_code != 0
    assert "no es un punto de control" in str(told.exception)
