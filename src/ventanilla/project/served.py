"""What the web server runs: the pages behind their gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventanilla.core.config import config
from ventanilla.project.lines import Asking
from ventanilla.project.wsgi import application as pages

if TYPE_CHECKING:
    from ventanilla.project.calling import Application


def _gated() -> Application:
    """Listen to the database from the start, so that no page was drawn before."""
    # Only now: these need Django, which the pages set up.
    from ventanilla.project.gate import Gated
    from ventanilla.web.live.process import start_with_server

    start_with_server()
    return Asking(Gated(pages, at_once=config().web_threads))


application = _gated()
