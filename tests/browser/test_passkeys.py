"""Passkeys and second factors in a real browser, with an authenticator that the debugger plays."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.accessible import violations
from tests.browser.browsing import Visitor, Visitors
from tests.browser.house import PASSWORD, address_of
from tests.web.doors import code_of

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
WHO = "auditoria"


def with_authenticator(visitor: Visitor) -> None:
    """A phone's fingerprint, as the debugger plays it."""
    debugger = visitor.context.new_cdp_session(visitor.page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def confirm_password(page: Page) -> None:
    """Say again who one is, where the page asks."""
    page.get_by_role("heading", name="Confirme que es usted").wait_for()
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Confirmar").click()


def leave(person: Visitor) -> None:
    """Sign out, as the menu would."""
    person.go("/cuenta/logout/")
    person.page.get_by_role("main").get_by_role("button", name="Salir").click()
    person.page.wait_for_url("**/cuenta/login/**")


def test_a_passkey_enters_without_password_and_as_second_factor(visitors: Visitors) -> None:
    person = visitors(traced=False, reduced_motion="reduce")
    page = person.page
    with_authenticator(person)
    person.go("/cuenta/login/")
    page.get_by_label("Correo").fill(address_of(WHO))
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url("**/cola/**")

    person.go("/cuenta/")
    page.get_by_role("link", name="Añadir una llave de acceso").click()
    confirm_password(page)
    page.get_by_label("Nombre").fill("Teléfono")
    assert violations(page) == []
    page.get_by_role("button", name="Crear la llave").click()
    page.get_by_role("heading", name="Códigos de recuperación").wait_for()
    assert page.locator(".codes li").count() == 10
    assert violations(page) == []
    page.get_by_role("link", name="Ya los guardé").click()
    page.get_by_text("entra sin contraseña").wait_for()
    assert violations(page) == []

    leave(person)
    person.go("/cuenta/login/?next=/politica/")
    page.get_by_role("button", name="Entrar con una llave de acceso").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/politica/")

    leave(person)
    person.go("/cuenta/login/")
    page.get_by_label("Correo").fill(address_of(WHO))
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.get_by_role("heading", name="Segundo paso").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Usar una llave de acceso").click()
    page.wait_for_url("**/cola/**")

    person.go("/cuenta/")
    page.get_by_role("link", name=re.compile("^Quitar · Teléfono")).click()
    page.get_by_role("button", name="Usar una llave de acceso").or_(
        page.get_by_role("button", name="Confirmar")
    ).first.wait_for()
    confirm_password(page)
    assert violations(page) == []
    page.get_by_role("main").get_by_role("button", name="Quitar").click()
    page.get_by_role("heading", name="Mi cuenta").wait_for()
    assert page.get_by_text("entra sin contraseña").count() == 0


def test_an_app_of_codes_from_the_page_to_the_door(visitors: Visitors) -> None:
    person = visitors(WHO, device="phone", traced=False, reduced_motion="reduce")
    page = person.page
    person.go("/cuenta/factor/aplicacion/")
    confirm_password(page)
    secret = page.locator("code.secret").inner_text()
    assert violations(page) == []
    page.get_by_label("Código", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Activar").click()
    page.get_by_role("heading", name="Códigos de recuperación").wait_for()
    recovery = page.locator(".codes li").first.inner_text()

    stranger = visitors(traced=False, reduced_motion="reduce")
    stranger.go("/cuenta/login/")
    stranger.page.get_by_label("Correo").fill(address_of(WHO))
    stranger.page.get_by_label("Contraseña").fill(PASSWORD)
    stranger.page.get_by_role("button", name="Entrar", exact=True).click()
    stranger.page.get_by_label("Código").fill(recovery)
    stranger.page.get_by_role("button", name="Entrar", exact=True).click()
    stranger.page.wait_for_url("**/cola/**")

    person.go("/cuenta/factor/aplicacion/retiro/")
    assert violations(page) == []
    page.get_by_role("main").get_by_role("button", name="Quitar").click()
    page.get_by_role("link", name="Añadir una aplicación de códigos").wait_for()
    person.go("/cuenta/")
    page.get_by_role("button", name="Cerrar las demás sesiones").click()
    page.get_by_role("heading", name="Sesiones abiertas").wait_for()
    stranger.go("/cola/todos/")
    assert stranger.path == "/cuenta/login/"
