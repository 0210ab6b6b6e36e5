"""Second factors: real codes, each once; recovery; roles that must have one."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from tests.web.doors import PASSWORD, code_of, enter, member
from ventanilla.accounts.access import factors_of, has_second_factor
from ventanilla.accounts.models import Staff
from ventanilla.channels.models import OutboundMessage

SECRET = re.compile(r'<code class="mono secret">([A-Z2-7]+)</code>')
RECOVERY = re.compile(r"<li>(\d{8})</li>")


def confirmed(browser: Client, url: str) -> Any:
    """Open a page that asks for the password again, and give it."""
    asked = browser.get(url, follow=True)
    where, _ = asked.redirect_chain[-1]
    assert where.startswith("/cuenta/confirmacion/"), where
    return browser.post("/cuenta/confirmacion/", {"password": PASSWORD, "next": url}, follow=True)


def protected(staff: Staff) -> tuple[str, list[str]]:
    """Add an app to an account; its secret and the recovery codes."""
    browser = Client()
    enter(browser, staff)
    page = confirmed(browser, "/cuenta/factor/aplicacion/").content.decode()
    secret = SECRET.search(page)
    assert secret, page
    wrong = browser.post("/cuenta/factor/aplicacion/", {"code": "000000"}).content.decode()
    assert "El código no es correcto" in wrong
    # The code of the step before: the present one stays for the test, each is good once.
    done = browser.post(
        "/cuenta/factor/aplicacion/", {"code": code_of(secret[1])}, follow=True
    ).content.decode()
    codes = RECOVERY.findall(done)
    assert len(codes) == 10, done
    assert "no se vuelven a mostrar" in done
    assert not RECOVERY.findall(browser.get("/cuenta/factor/codigos/").content.decode())
    return secret[1], codes


@pytest.mark.usefixtures("desk")
def test_an_app_protects_the_account_and_each_code_is_good_once() -> None:
    staff = member()
    secret, _ = protected(staff)
    assert has_second_factor(staff)
    browser = Client()
    assert (
        enter(browser, staff, next="/cola/todos/")
        .headers["Location"]
        .startswith("/cuenta/factor/entrada/")
    )
    assert browser.get("/cola/todos/").status_code == 302
    wrong = browser.post("/cuenta/factor/entrada/", {"code": code_of(secret, time.time() - 3600)})
    assert "El código no es correcto" in wrong.content.decode()
    code = code_of(secret)
    assert browser.post("/cuenta/factor/entrada/", {"code": code}).headers["Location"] == (
        "/cola/todos/"
    )
    assert browser.get("/cola/todos/").status_code == 200
    again = Client()
    enter(again, staff)
    if code == code_of(secret):  # still the same half minute
        used = again.post("/cuenta/factor/entrada/", {"code": code})
        assert "El código no es correcto" in used.content.decode()
    told = OutboundMessage.objects.filter(kind="account", text__contains="aplicación de códigos")
    assert told.count() == 1


@pytest.mark.usefixtures("desk")
def test_a_recovery_code_stands_in_once() -> None:
    staff = member()
    _, codes = protected(staff)
    first = Client()
    enter(first, staff)
    assert first.post("/cuenta/factor/entrada/", {"code": codes[0]}).status_code == 302
    assert first.get("/cola/todos/").status_code == 200
    assert factors_of(staff).codes_left == 9
    second = Client()
    enter(second, staff)
    assert second.post("/cuenta/factor/entrada/", {"code": codes[0]}).status_code == 200


@pytest.mark.usefixtures("desk")
def test_guessing_codes_is_throttled() -> None:
    staff = member()
    secret, _ = protected(staff)
    browser = Client()
    enter(browser, staff)
    for _ in range(5):
        browser.post("/cuenta/factor/entrada/", {"code": "000000"})
    locked = browser.post("/cuenta/factor/entrada/", {"code": code_of(secret)})
    assert "Espere 5 minutos" in locked.content.decode()


@pytest.mark.usefixtures("desk")
def test_secrets_lie_encrypted() -> None:
    staff = member()
    secret, codes = protected(staff)
    stored = [str(each.data) for each in Authenticator.objects.filter(user=staff)]
    assert len(stored) == 2
    assert not [each for each in stored if secret in each or codes[0] in each]


@pytest.mark.usefixtures("desk")
def test_a_role_that_must_have_one_sees_only_its_account_until_it_has(
    settings: Settings,
) -> None:
    settings.VENTANILLA = settings.VENTANILLA.model_copy(update={"second_factor_roles": ("lead",)})
    lead, agent = member("lider@empresa.example", role="lead"), member()
    browser, other = Client(), Client()
    enter(browser, lead)
    enter(other, agent)
    assert other.get("/cola/todos/").status_code == 200
    turned = browser.get("/cola/todos/", follow=True)
    assert turned.redirect_chain[-1][0] == "/cuenta/#factor"
    assert "Su función exige un segundo factor" in turned.content.decode()
    protected(lead)
    assert browser.get("/cola/todos/").status_code == 200
    assert browser.session["has_second_factor"] is True
    Authenticator.objects.filter(user=lead).delete()
    browser.post("/cuenta/sesiones/")  # any change of the account asks anew
    assert browser.get("/cola/todos/").headers["Location"] == "/cuenta/factor/"
