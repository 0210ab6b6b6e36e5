"""The gates: every one is run, a failing or hanging one fails the whole."""

import re
from pathlib import Path

import pytest

from tools import gates, lock, words
from tools.gates import Gate, Outcome
from tools.lints.run import LINTS

PROJECT = """
[build-system]
requires = ["setuptools>=77"]
[project]
dependencies = ["Django>=5.2", "psycopg[binary,pool]>=3.2"]
[project.optional-dependencies]
dev = ["ruff>=0.8"]
"""
HASH = " \\\n    --hash=sha256:00\n"
BASE = f"django==5.2.1{HASH}psycopg[binary,pool]==3.3.0{HASH}"
DEV = BASE + f"ruff==0.9{HASH}"
BUILD = f"setuptools==80.0{HASH}"


def ran(code: str) -> Outcome:
    return gates.run(Gate("g", "why", ("{python}", "-c", code)), data_folder="unused")


def test_a_gate_passes_by_its_exit_code_and_keeps_what_it_said() -> None:
    assert ran("print('well')").passed
    failed = ran("import sys; print('because'); sys.exit(1)")
    assert not failed.passed
    assert "because" in failed.output
    assert "FAIL  g" in gates.table([failed])


def test_a_gate_that_hangs_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "TIMEOUT_S", 0.2)
    assert not ran("import time; time.sleep(60)").passed


def test_main_fails_if_one_gate_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gates.toml"
    entry = (
        '[[gate]]\nname = "{}"\nwhy = "w"\ncommand = ["{{python}}", "-c", "raise SystemExit({})"]\n'
    )
    file.write_text(entry.format("good", 0) + entry.format("bad", 3))
    monkeypatch.setattr(gates.read_gates, "__defaults__", (file,))
    assert gates.main([]) == 1
    assert gates.main(["good"]) == 0
    assert gates.main(["unheard-of"]) == 2
    assert "no such gate: unheard-of" in capsys.readouterr().out


def test_every_gate_of_the_project_is_documented() -> None:
    documented = set(
        re.findall(r"^\| `([a-z-]+)` \|", Path("docs/gates.md").read_text(), re.MULTILINE)
    )
    laws = {lint.name for lint in LINTS}
    assert documented == {gate.name for gate in gates.read_gates()} | laws


def test_the_lock_of_this_project_is_sound() -> None:
    assert lock.main() == 0


def test_a_sound_lock_has_no_problems() -> None:
    assert lock.problems(PROJECT, BASE, DEV, BUILD) == []


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (f"django==5.2.1{HASH}", "psycopg is asked for"),
        (BASE.replace(HASH, "\n", 1), "django has no hash"),
        (BASE.replace("5.2.1", "5.2.9"), "django: 5.2.9 in"),
        ("--extra-index-url something\n" + BASE, "names a place"),
        (BASE + f"other @ https://host.example/other.whl{HASH}", "names a place"),
    ],
)
def test_what_is_wrong_with_a_lock_is_named(base: str, told: str) -> None:
    assert any(told in problem for problem in lock.problems(PROJECT, base, DEV, BUILD))


@pytest.mark.parametrize(
    "line",
    [
        "open('/" + "root/x')",
        "cd /" + "home/someone/y",
        "see /" + "tmp/build",
        "https://py" + "pi.org/simple",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
    ],
)
def test_forbidden_words_are_found_unless_excused(line: str) -> None:
    assert len(words.offences(line)) == 1
    assert words.offences(f"{line}  # {words.EXCUSE}, an example") == []


@pytest.mark.parametrize("line", ["src/tmp/x", "https://host.example/root/x", "~/root/"])
def test_ordinary_paths_are_no_offence(line: str) -> None:
    assert words.offences(line) == []


def test_tracked_files_are_found() -> None:
    assert Path("pyproject.toml") in words.tracked_files()
