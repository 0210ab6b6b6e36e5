"""Pages for when something went wrong: what happened, what was kept, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ventanilla.core.words import screen


@dataclass(frozen=True, slots=True)
class Trouble:
    """One page of trouble, in words."""

    status: int
    title: str
    happened: str
    kept: str
    remedy: str


BAD_REQUEST = Trouble(
    400,
    screen("No entendimos la solicitud"),
    screen("El navegador envió algo incompleto o dañado."),
    screen("No se cambió nada."),
    screen(
        "Vuelva a la página anterior y repita la acción. Si estaba escribiendo, su texto sigue allí."
    ),
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
)
NOT_FOUND = Trouble(
    404,
    screen("No encontramos esa página"),
    screen("La dirección no existe, o lo que hay en ella no está a su alcance."),
    screen("No se cambió nada."),
    screen("Revise la dirección o busque desde el inicio."),
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
)
TOO_MANY = Trouble(
    429,
    screen("Demasiados intentos seguidos"),
    screen("Desde su conexión se ha intentado muchas veces en poco tiempo."),
    screen("No se cambió nada."),
    screen("Espere unos minutos antes de volver a intentarlo."),
)


def page_of(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The page of a trouble; it asks the database nothing."""
    return render(request, "web/error.html", asdict(trouble), status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page_of(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page_of(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token does not fit."""
    return page_of(request, STALE_FORM)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page_of(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page_of(request, BROKEN)
