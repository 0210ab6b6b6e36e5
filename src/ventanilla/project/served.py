"""What the web server runs: the pages behind a gate, and live streams that wait outside it.

A live stream keeps its thread for as long as a page is open, so the server is given many threads;
pages that compute would then step on each other's feet. The gate lets through as many as
``VENTANILLA_WEB_THREADS`` says. It is left when an answer is ready: downloads and streams go out
without holding a place or a connection to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from ventanilla.core.config import config
from ventanilla.project.bodies import whole_body
from ventanilla.project.wsgi import application as pages

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def gated(pages: Application, *, at_once: int) -> Application:
    """The same application, computing at most so many answers at the same moment."""
    from django.db import connections

    gate = BoundedSemaphore(at_once)

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = whole_body(environ)
        answer = computed(environ, start_response)
        body.drain()  # outside the gate: whoever sends slowly holds up nobody
        return answer

    def computed(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with gate:
            response: Any = pages(environ, start_response)
            if response.streaming:
                # What is streamed comes from disk or from memory; whoever reads it slowly must
                # not keep a connection that a page waits for.
                connections.close_all()
                return response  # type: ignore[no-any-return]  # Django's own response
            try:
                return [b"".join(response)]
            finally:
                response.close()

    return application


def _live(pages: Application) -> Application:
    """Listen to the database from the start, so that no page was drawn before."""
    from ventanilla.web.live.process import start_with_server

    start_with_server()
    return pages


application = _live(gated(pages, at_once=config().web_threads))
