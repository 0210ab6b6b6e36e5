"""The company's account, against a provider that answers on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from tests.web.doors import member
from ventanilla.accounts.models import Staff
from ventanilla.project.sign_in import providers_of

WAIT = 5
OURS = "/cuenta/oidc/empresa/login/"


@pytest.fixture
def issuer(settings: Settings) -> Iterator[str]:
    """A provider of the house, and the settings that name it."""
    with run_server_in_thread(require_nonce=False) as server:
        url = f"http://localhost:{server.server_port}"
        configure(settings, url)
        yield url


def configure(settings: Settings, url: str) -> None:
    values = {
        "oidc_issuer": url,
        "oidc_client_id": "ventanilla",
        "oidc_client_secret": "un-secreto",
        "oidc_name": "la cuenta de Ejemplo",
    }
    settings.VENTANILLA = settings.VENTANILLA.model_copy(update=values)
    settings.SOCIALACCOUNT_PROVIDERS = providers_of(settings.VENTANILLA)


def came_back(issuer: str, browser: Client, going: str = "", **claims: Any) -> Any:
    """Go to the provider, be whom the claims say, come back."""
    requests.put(f"{issuer}/users/sub-1", json=claims, timeout=WAIT).raise_for_status()
    out = browser.get(OURS, {"next": going} if going else {})
    assert out.status_code == 302
    asked = parse_qs(urlsplit(out.headers["Location"]).query)
    assert out.headers["Location"].startswith(issuer)
    assert asked["code_challenge_method"] == ["S256"]
    answer = requests.post(
        out.headers["Location"], data={"sub": "sub-1"}, allow_redirects=False, timeout=WAIT
    )
    back = urlsplit(answer.headers["Location"])
    assert back.path == f"{OURS}callback/"
    return browser.get(f"{back.path}?{back.query}")


@pytest.mark.usefixtures("desk")
def test_a_verified_address_of_an_active_member_comes_in(issuer: str) -> None:
    staff = member()
    browser = Client()
    assert "Entrar con la cuenta de Ejemplo" in browser.get("/cuenta/login/").content.decode()
    claims = {"email": staff.email.upper(), "email_verified": True}
    back = came_back(issuer, browser, going="/cola/todos/", **claims)
    assert back.headers["Location"] == "/cola/todos/"
    assert browser.get("/cola/todos/").status_code == 200
    staff.refresh_from_db()
    assert staff.has_usable_password()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "claims",
    [
        {"email": "sara@empresa.example", "email_verified": False},
        {"email": "sara@empresa.example", "email_verified": "false"},
        {"email": "sara@empresa.example"},
        {"email": "nadie@empresa.example", "email_verified": True},
        {},
    ],
)
def test_nobody_else_does(issuer: str, claims: dict[str, Any]) -> None:
    member()
    browser = Client()
    refused = came_back(issuer, browser, **claims)
    assert refused.status_code == 403
    assert "verificada por la empresa" in refused.content.decode()
    assert browser.get("/cola/todos/").status_code == 302
    assert Staff.objects.count() == len(set(Staff.objects.values_list("email", flat=True)))
    assert not Staff.objects.filter(email="nadie@empresa.example").exists()


@pytest.mark.usefixtures("desk")
def test_a_deactivated_member_does_not_come_in_this_way_either(issuer: str) -> None:
    staff = member()
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    refused = came_back(issuer, Client(), email=staff.email, email_verified=True)
    assert refused.status_code == 403


@pytest.mark.usefixtures("desk")
def test_an_answer_that_nobody_asked_for_is_refused(issuer: str) -> None:
    staff = member()
    requests.put(
        f"{issuer}/users/sub-1", json={"email": staff.email, "email_verified": True}, timeout=WAIT
    )
    victim = Client()
    forged = victim.get(f"{OURS}callback/", {"code": "robado", "state": "inventado"})
    assert "No se pudo entrar" in forged.content.decode()
    assert victim.get("/cola/todos/").status_code == 302


@pytest.mark.usefixtures("desk")
def test_a_provider_that_does_not_answer_leads_back_to_the_door(settings: Settings) -> None:
    configure(settings, "http://localhost:9")
    away = Client().get(OURS)
    assert away.status_code == 502
    assert "No se pudo entrar" in away.content.decode()


@pytest.mark.usefixtures("desk")
def test_without_a_provider_there_is_no_such_way() -> None:
    assert "Entrar con" not in Client().get("/cuenta/login/").content.decode().replace(
        "Entrar con una llave", ""
    )
    assert Client().get(OURS).status_code == 404
