"""Pages for when something went wrong: what happened, what was kept, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ventanilla.core.words import screen
from ventanilla.web.addresses import address

PORTAL = frozenset({"preguntar", "seguimiento", "ayuda"})
"""The first word of every address of customers."""
SECRET = re.compile("password|secret|code|token")
"""In the names of fields that nobody may read again."""
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One page of trouble, in words. ``for_customers`` is a remedy other than the colleagues'.

    ``sends_back``: it says that what was typed stands on the page before, which scripts see to.
    """

    status: int
    title: str
    happened: str
    kept: str
    remedy: str
    for_customers: str = ""
    sends_back: bool = False


BAD_REQUEST = Trouble(
    400,
    screen("No entendimos la solicitud"),
    screen("El navegador envió algo incompleto o dañado."),
    screen("No se cambió nada."),
    screen(
        "Vuelva a la página anterior y repita la acción. Si estaba escribiendo, su texto sigue allí."
    ),
    sends_back=True,
)
FORBIDDEN = Trouble(
    403,
    screen("Esta acción no está permitida"),
    screen("Su cuenta no tiene permiso para lo que pidió."),
    screen("No se cambió nada."),
    screen("Si lo necesita para su trabajo, pídalo a quien lidera su equipo."),
)
STALE_FORM = Trouble(
    403,
    screen("El formulario venció"),
    screen("Por seguridad, cada formulario vale para una sola sesión, y la suya cambió o terminó."),
    screen("No se envió nada. Lo que escribió sigue en la página anterior."),
    screen(
        "Vuelva atrás, recargue la página y envíelo de nuevo. Revise que el navegador acepte cookies."
    ),
    sends_back=True,
)
NOT_FOUND = Trouble(
    404,
    screen("No encontramos esa página"),
    screen("La dirección no existe, o lo que hay en ella no está a su alcance."),
    screen("No se cambió nada."),
    screen("Revise la dirección o busque desde el inicio."),
)
TOO_LARGE = Trouble(
    413,
    screen("Lo que envía pesa demasiado"),
    screen("El formulario con sus archivos pasa de lo que podemos recibir de una vez."),
    screen("No se envió nada. Al volver atrás, lo que escribió sigue en la página."),
    screen("Acorte el texto, o quite archivos o hágalos más livianos, y envíelo de nuevo."),
    screen(
        "Acorte el texto, o quite archivos o hágalos más livianos: entre todos pueden pesar 20 MB. "
        "Después podrá agregar más desde la página de seguimiento."
    ),
    sends_back=True,
)
BROKEN = Trouble(
    500,
    screen("Algo falló de nuestro lado"),
    screen("El sistema no pudo terminar lo que pidió. El fallo quedó anotado."),
    screen(
        "Lo que no se terminó no dejó nada a medias. Lo que llega por correo se sigue guardando."
    ),
    screen(
        "Espere un momento y repita la acción. Si vuelve a pasar, avise a quien administra el sistema."
    ),
    screen("Espere un momento y repita la acción. Si vuelve a pasar, escríbanos por correo."),
)
TOO_MANY = Trouble(
    429,
    screen("Demasiados intentos seguidos"),
    screen("Desde su conexión se ha intentado muchas veces en poco tiempo."),
    screen("No se cambió nada."),
    screen("Espere unos minutos antes de volver a intentarlo."),
)


def page_of(request: HttpRequest, trouble: Trouble, typed: Sequence[str] = ()) -> HttpResponse:
    """The page of a trouble, with the way on of whoever looks; it asks the database nothing.

    ``typed``: texts to copy, for a browser without scripts that has forgotten them.
    """
    is_customers = _is_of_customers(request)
    context = {
        "trouble": trouble,
        "remedy": (is_customers and trouble.for_customers) or trouble.remedy,
        "home": address("help") if is_customers else address("home"),
        "typed": typed,
    }
    return render(request, "web/error.html", context, status=trouble.status)


def _is_of_customers(request: HttpRequest) -> bool:
    """Whether somebody without an account met it: on a page of the portal, or on none at all."""
    if request.path.split("/")[1] in PORTAL:
        return True
    return request.resolver_match is None and not request.COOKIES.get(settings.SESSION_COOKIE_NAME)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where there was only too much of it."""
    return page_of(request, TOO_LARGE if isinstance(exception, TOO_MUCH) else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page_of(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token does not fit."""
    return page_of(request, STALE_FORM, _texts_of(request))


def _texts_of(request: HttpRequest) -> list[str]:
    """The sentences that stood in the form; what another host sends is not shown as one's own."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.get_host():
        return []
    named = [(name, value.strip()) for name in request.POST for value in request.POST.getlist(name)]
    return [text for name, text in named if " " in text and not SECRET.search(name)]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page_of(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page_of(request, BROKEN)
