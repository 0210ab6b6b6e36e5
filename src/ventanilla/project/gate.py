"""The gate that the pages stand behind; live streams wait outside it.

A live stream keeps its thread for as long as a page is open, so the server is given many threads;
pages that compute would then step on each other's feet. The gate lets through as many as
``VENTANILLA_WEB_THREADS`` says. It is left when an answer is ready: downloads and streams go out
without holding a place or a connection to the database. What a request brings is read before it
is entered; only what a colleague's large upload brings is read from inside, leaving it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.db import connections

from ventanilla.project.bodies import NoPlace, Outside, Places, TooSlow, WholeBody
from ventanilla.project.calling import Application, Environ, StartResponse
from ventanilla.web.limits import network_in
from ventanilla.web.weight import MOST_UNKNOWN, length_of

READ_FROM_INSIDE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words to somebody whose request never came whole."""

    status: str
    words: str
    headers: tuple[tuple[str, str], ...] = ()

    def __call__(self, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and be done with the line."""
        kind = ("Content-Type", "text/plain; charset=utf-8")
        start_response(self.status, [kind, ("Connection", "close"), *self.headers])
        return [self.words.encode()]


SLOW = Told(
    status="408 Request Timeout",
    words="Lo que enviaba llegó demasiado despacio y no se guardó nada. Vuelva atrás y envíelo de "
    "nuevo, mejor con otra conexión o sin archivos.",
)
CROWDED = Told(
    status="503 Service Unavailable",
    words="Ahora mismo llegan demasiados envíos a la vez, así que no se guardó nada. Espere medio "
    "minuto, vuelva atrás y envíelo de nuevo.",
    headers=(("Retry-After", "30"),),
)
BROKEN = Told(
    status="400 Bad Request",
    words="Lo que enviaba no llegó completo y no se guardó nada. Vuelva atrás y envíelo de nuevo.",
)


def _told(failure: OSError) -> Told:
    """What is said of a body that failed."""
    return SLOW if isinstance(failure, TooSlow) else BROKEN


class Gated:
    """The same application, computing at most so many answers at the same moment."""

    def __init__(self, pages: Application, *, at_once: int) -> None:
        self._pages, self._gate, self._places = pages, BoundedSemaphore(at_once), Places()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Read what the request brings, then compute its answer."""
        length = length_of(environ)
        if not length:
            environ["wsgi.input"] = BytesIO()
            return self._computed(environ, start_response)
        try:
            with self._places.taken(network_in(environ)):
                if length > MOST_UNKNOWN:
                    return self._weighed(environ, start_response, length)
                environ["wsgi.input"] = WholeBody(environ["wsgi.input"], length).ahead()
        except NoPlace:  # nothing is drained: that would take the thread that was not to be had
            return CROWDED(start_response)
        except (TooSlow, ConnectionResetError) as failure:
            return _told(failure)(start_response)
        return self._computed(environ, start_response)

    def _weighed(
        self, environ: Environ, start_response: StartResponse, length: int
    ) -> Iterable[bytes]:
        """Only a colleague may send so much: nothing of it is read before it is known who asks."""
        line, began = environ["wsgi.input"], list[tuple[Any, ...]]()
        body = WholeBody(line, length)
        inside = Outside(body, leave=self._left, enter=self._gate.acquire)
        environ["wsgi.input"] = BufferedReader(inside, READ_FROM_INSIDE)
        answer = self._computed(environ, lambda *told: began.append(told))
        if body.failure is not None:  # the page took it for a form without anything in it
            return _told(body.failure)(start_response)
        WholeBody(line, body.left).drain()
        start_response(*began[-1])
        return answer

    def _left(self) -> None:
        connections.close_all()  # who waits for a line keeps no connection from a page
        self._gate.release()

    def _computed(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with self._gate:
            response: Any = self._pages(environ, start_response)
            if response.streaming:
                # What is streamed comes from disk or from memory; whoever reads it slowly must
                # not keep a connection that a page waits for.
                connections.close_all()
                return response  # type: ignore[no-any-return]  # Django's own response
            try:
                return [b"".join(response)]
            finally:
                response.close()
