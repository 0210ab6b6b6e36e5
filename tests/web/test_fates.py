"""No code of ours is shown to a person: every reason that the intake gives has words."""

from __future__ import annotations

import re
from pathlib import Path

import ventanilla
from ventanilla.web.presenters.fates import REASONS, reason_words

SOURCES = Path(ventanilla.__file__).parent
GIVEN = re.compile(r"(?:reason=|quarantine\(\s*)\"([a-z_]+)\"")


def test_every_reason_that_the_intake_names_has_words() -> None:
    given = {
        code
        for folder in ("desk/intake", "gateways")
        for source in (SOURCES / folder).glob("*.py")
        for code in GIVEN.findall(source.read_text(encoding="utf-8"))
    }
    assert {"thanks", "outsider", "no_sender", "dmarc_failed"} <= given
    assert given - set(REASONS) == set()


def test_an_unknown_code_is_not_shown() -> None:
    assert reason_words("something_new") == ""
