"""A zero byte in an address, which no database text can hold, finds nothing and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import a_case, client_of
from tests.web.every_address import LIKELY, PART, all_patterns
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.register.models import Case
from ventanilla.web.queues import NAMES

pytestmark = pytest.mark.usefixtures("desk")

PARAMETERS = (
    *NAMES, "q", "persona", "antes", "despues", "desde", "hasta", "caso", "vistos", "parte",
    "sigue", "into", "into-buscado", "horas", "de", "a", "next", "pagina", "sigue-a", "prever",
)  # fmt: skip
WITH_ZERO = "GS%002026"
ADDRESSES = (
    "/cola/todos/", "/cola/todos/filtros/", "/mesas/soporte/", "/vistas/", "/lotes/", "/borradores/",
    "/plantillas/", "/buscar/", "/buscar/?q=factura", "/comandos/?q=fac", "/salida/", "/entrada/",
    "/equipo/", "/equipo/promesas/", "/conocimiento/", "/preguntar/", "/ayuda/buscar/", "/ayuda/",
    "/seguimiento/", "/seguimiento/enlace/", "/administracion/personal/", "/administracion/politica/",
    "/administracion/registro/", "/administracion/trabajos/",
)  # fmt: skip
OF_A_CASE = (
    "", "novedades/", "registro/", "otros/", "union/previa/", "articulos/", "union/", "persona/",
    "envio/", "plantillas/", "colegas/",
)  # fmt: skip


def clerk() -> Client:
    """Who may see every page that is looked at here."""
    made = Staff.objects.filter(email="diana@generasoft.example").first()
    made = made or Staff.objects.create_user(
        "diana@generasoft.example", full_name="Diana", role=Role.DIRECTOR
    )
    return client_of(Actor.staff(made.pk))


def a_real_case() -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1))


def texts_in_addresses(folio: str) -> Iterator[str]:
    """Every address with a part that is text: a zero byte in one part, the others as they may be."""
    real = LIKELY | {"str": folio, "slug": "soporte"}
    for _, pattern in all_patterns():
        for spoilt in PART.finditer(pattern):
            if spoilt[1] != "int":
                before, after = pattern[: spoilt.start()], pattern[spoilt.end() :]
                filled = [PART.sub(lambda part: real[part[1] or "str"], x) for x in (before, after)]
                yield f"/{filled[0]}{WITH_ZERO}{filled[1]}"


def test_no_part_of_an_address_holds_one() -> None:
    browsers = (clerk(), Client())
    addresses = sorted(set(texts_in_addresses(a_real_case().folio)))
    assert len(addresses) > 40
    for url in addresses:
        for browser in browsers:
            for answer in (browser.get(url), browser.post(url)):
                assert answer.status_code in (302, 403, 404, 405), (url, answer.status_code)


@pytest.mark.parametrize("url", ADDRESSES)
def test_no_parameter_of_a_page_breaks_it(url: str) -> None:
    browser = clerk()
    assert browser.get(url).status_code == 200, "this address shows nothing to break"
    for name in PARAMETERS:
        for value in ("x%00y", "2026-01-01%00"):
            joint = "&" if "?" in url else "?"
            answer = browser.get(f"{url}{joint}{name}={value}")
            assert answer.status_code < 500, (url, name, value)


def test_no_parameter_of_a_case_breaks_it() -> None:
    case, browser = a_real_case(), clerk()
    for noun in OF_A_CASE:
        url = f"/casos/{case.folio}/{noun}"
        told = browser.get(url).status_code
        assert told == 200 or (noun == "union/previa/" and told == 404), (url, told)
        for name in PARAMETERS:
            answer = browser.get(f"{url}?{name}=x%00y")
            assert answer.status_code < 500, (noun, name)
