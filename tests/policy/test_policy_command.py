"""``ventanilla policy``: what it prints, and what it says of bad input."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ventanilla.cli.policy import policy


def run(*arguments: str) -> Result:
    return CliRunner().invoke(policy, arguments)


def due(received: str, target: str, pack: str = "generasoft") -> Result:
    return run("due", "--pack", pack, "--received", received, "--target", target)


@pytest.mark.parametrize(
    ("received", "target", "printed"),
    [
        ("2026-12-04T15:00", "12 business_hours", "2026-12-09T12:00:00-05:00"),
        ("2026-12-04T15:00:00-05:00", "3 elapsed_hours", "2026-12-04T18:00:00-05:00"),
        ("2026-12-04T20:00Z", "12 business_day_hours", "2026-12-07T03:00:00-05:00"),
        ("2026-12-04", "5 business_days", "2026-12-14T16:00:00-05:00"),
        ("2026-12-04T15:00", "3 calendar_days", "2026-12-07T16:00:00-05:00"),
        ("2026-12-04T15:00", "90 business_minutes", "2026-12-07T09:00:00-05:00"),
        ("2026-12-04T15:00", "60 business_day_minutes", "2026-12-04T16:00:00-05:00"),
        ("2026-12-04T15:00", "5 elapsed_minutes", "2026-12-04T15:05:00-05:00"),
    ],
)
def test_due_prints_the_moment_and_nothing_else(received: str, target: str, printed: str) -> None:
    done = due(received, target)
    assert (done.exit_code, done.output) == (0, f"{printed}\n")


@pytest.mark.parametrize(
    ("received", "target", "pack", "says"),
    [
        ("ayer", "1 business_hours", "sion", "no es ISO 8601"),
        ("2026-02-29", "1 business_hours", "sion", "no existe"),
        ("2026-12-04T15:00", "", "sion", "El plazo no se entiende"),
        ("2026-12-04T15:00", "1 hora", "sion", "Bases:"),
        ("2026-12-04T15:00", "-1 business_hours", "sion", "negativo"),
        ("2026-12-04T15:00", "1 business_hours", "nada", "generasoft, sion"),
        ("9999-12-31T15:00", "1 business_hours", "sion", "fuera de los años"),
        ("2026-12-04T15:00", "99999999 business_days", "sion", "200 años"),
    ],
)
def test_bad_input_is_told_with_exit_code_2(
    received: str, target: str, pack: str, says: str
) -> None:
    done = due(received, target, pack)
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output


def test_explain_gives_the_account_day_by_day() -> None:
    done = run("explain", "generasoft", "--received", "2026-12-04T15:00",
               "--target", "12 business_hours")  # fmt: skip
    assert done.exit_code == 0
    for words in ("fin de semana", "Inmaculada", "7 h 30 min", "2026-12-09T12:00:00-05:00"):
        assert words in done.output
    days = run("explain", "--pack", "sion", "--received", "2026-12-04", "--target",
               "2 business_days")  # fmt: skip
    assert "día de recepción" in days.output
    assert "2 días" in days.output


def test_explain_without_a_target_shows_every_promise() -> None:
    done = run("explain", "sion")
    assert done.exit_code == 0
    assert done.output.count("Si llega el") == 4
    one = run("explain", "sion", "--received", "2026-12-04T15:00")
    assert one.output.count("Si llega el") == 1
    assert run("explain").exit_code == 2
    assert run("explain", "sion", "--pack", "generasoft").exit_code == 2
    assert "--received" in run("explain", "sion", "--target", "1 business_days").output


def test_show_prints_the_promises_and_the_clauses() -> None:
    done = run("show", "generasoft")
    assert done.exit_code == 0
    assert "soporte@generasoft.example" in done.output
    assert "G15" in done.output


def test_check_tells_errors_by_its_exit_code(tmp_path: Path) -> None:
    done = run("check", "--no-notes")
    assert done.exit_code == 0
    assert done.output.count("0 errores, 0 advertencias") == 2
    assert "DECISIÓN" in run("check", "sion").output

    text = (resources.files("ventanilla.policy.packs") / "generasoft.yaml").read_text("utf-8")
    own = tmp_path / "propia.yaml"
    own.write_text(text.replace("default_category: general_query", ""), "utf-8")
    wrong = run("check", str(own))
    assert wrong.exit_code == 1
    assert "[uncovered-desk] desks[0].default_category" in wrong.output
    own.write_text(text.replace("basis: elapsed,", "", 1), "utf-8")
    broken = run("check", str(own))
    assert broken.exit_code == 2
    assert "propia.yaml:" in broken.output
    assert "target.basis" in broken.output
