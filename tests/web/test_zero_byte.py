"""A zero byte in an address, which no database text can hold, finds nothing and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor

pytestmark = pytest.mark.usefixtures("desk")

PARAMETERS = (
    "q", "persona", "antes", "despues", "estado", "mesa", "categoria", "canal", "responsable",
    "desde", "hasta", "caso", "vistos", "parte", "sigue", "into", "into-buscado", "horas", "de",
    "a", "next",
)  # fmt: skip


def texts_in_addresses() -> Iterator[str]:
    """Every address with a part that is text, zero bytes in each such part."""
    for pattern in flat(get_resolver().url_patterns, ""):
        filled = pattern
        for kind in ("str", "folio", "text", "path"):
            while (at := filled.find(f"<{kind}:")) >= 0:
                filled = f"{filled[:at]}GS%002026{filled[filled.index('>', at) + 1 :]}"
        if "%00" in filled:
            yield "/" + filled.replace("<int:", "<").split("<")[0]


def flat(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from flat(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern)


def clerk() -> Client:
    made = Staff.objects.create_user(
        "marcela@generasoft.example", full_name="Marcela", role=Role.ADMINISTRATOR
    )
    return client_of(Actor.staff(made.pk))


def test_no_part_of_an_address_holds_one() -> None:
    people.policy()
    browsers = (clerk(), Client())
    addresses = sorted(set(texts_in_addresses()))
    assert len(addresses) > 5
    for url in addresses:
        for browser in browsers:
            assert browser.get(url).status_code in (302, 404), url


@pytest.mark.parametrize(
    "url",
    [
        "/cola/", "/cola/todos/", "/buscar/", "/buscar/?q=factura", "/comandos/?q=fac", "/salida/", "/entrada/",
        "/equipo/", "/conocimiento/", "/preguntar/", "/ayuda/buscar/", "/ayuda/",
        "/administracion/registro/", "/administracion/trabajos/",
    ],
)  # fmt: skip
def test_no_parameter_of_a_page_breaks_it(url: str) -> None:
    people.policy()
    browser = clerk()
    for name in PARAMETERS:
        for value in ("%00", "x%00y", "2026-01-01%00"):
            joint = "&" if "?" in url else "?"
            answer = browser.get(f"{url}{joint}{name}={value}")
            assert answer.status_code < 500, (url, name, value)


def test_no_parameter_of_a_case_breaks_it() -> None:
    case, browser = a_case(at=timezone.now() - timedelta(hours=1)), clerk()
    for noun in ("", "novedades/", "registro/", "otros/", "union/previa/", "articulos/", "union/"):
        for name in PARAMETERS:
            answer = browser.get(f"/casos/{case.folio}/{noun}?{name}=x%00y")
            assert answer.status_code < 500, (noun, name)
