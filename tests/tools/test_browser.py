"""Chromium is found where the system keeps it, and its absence is told with what to do."""

import os
from pathlib import Path

import pytest

from tools import browser


def program(folder: Path, name: str, code: int) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)


def test_a_browser_that_starts_is_found_before_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() is None
    program(tmp_path, "chromium-browser", 1)  # what some systems put there: a stub that only talks
    assert browser.find() is None
    program(tmp_path, "google-chrome", 0)
    assert browser.find() == str(tmp_path / "google-chrome")


def test_without_one_and_without_apt_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(browser.BrowserMissing, match="apt-get install chromium"):
        browser.find_or_install()


def test_it_is_installed_where_one_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An apt-get that installs: what it is asked is the test, not what Debian does.
    chromium = tmp_path / "chromium"
    apt = tmp_path / "apt-get"
    apt.write_text(
        f'#!/bin/sh\ncase "$*" in *install*chromium*) printf "#!/bin/sh\\n" > {chromium}\n'
        f"/bin/chmod 755 {chromium};; esac\n"
    )
    apt.chmod(0o755)
    program(tmp_path, "sudo", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.find_or_install() == str(chromium)
