"""Versions of the policy on screen: seen, compared, published, gone back to, never changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import HOSTILE, a_case, client_of, form_of
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.register.models import PolicyVersion

pytestmark = pytest.mark.usefixtures("desk")
PUBLISH = "/administracion/politica/publicar/"


def director() -> Client:
    made = Staff.objects.create_user(
        "diana@generasoft.example", full_name="Diana Vega", role=Role.DIRECTOR
    )
    return client_of(Actor.staff(made.pk))


def document() -> dict[str, Any]:
    return people.pack().to_document()


def written(content: dict[str, Any]) -> str:
    """JSON is YAML, too."""
    return json.dumps(content, ensure_ascii=False, indent=1)


def upload(browser: Client, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(PUBLISH, {"file": SimpleUploadedFile("p.yaml", content)})


def faster() -> dict[str, Any]:
    """First response to billing queries in 8 instead of 12 hours."""
    changed = document()
    billing = next(each for each in changed["categories"] if each["key"] == "billing_query")
    first = next(each for each in billing["commitments"] if each["key"] == "first_response")
    first["target"]["amount"] = 8
    return changed


def publish(browser: Client, content: dict[str, Any], **typed: str) -> Any:
    since = (timezone.now() + timedelta(minutes=2)).astimezone(people.BOGOTA)
    sent = {"text": written(content), "effective_from": since.strftime("%Y-%m-%dT%H:%M")}
    return browser.post(PUBLISH, sent | typed)


def test_a_file_is_reviewed_first_and_then_published_from_a_moment_on() -> None:
    browser, case = director(), a_case()
    page = upload(browser, written(faster())).content.decode()
    assert PolicyVersion.objects.count() == 1, "reading publishes nothing"
    for words in (
        "12 horas",
        "8 horas",
        "Los casos en curso no cambian",
        "Consulta de facturación",
    ):
        assert words in page
    assert "text" in form_of(page, "")
    answer = publish(browser, faster())
    assert answer.headers["Location"] == "/administracion/politica/"
    version = PolicyVersion.objects.latest("number")
    assert version.number == 2
    assert version.effective_from > timezone.now()
    assert entries()[0].kind == Act.POLICY_PUBLISHED
    case.refresh_from_db()
    assert case.policy_version.number == 1
    listing = browser.get("/administracion/politica/").content.decode()
    assert "por empezar" in listing
    assert "en vigor" in listing


def test_two_versions_are_compared_in_words() -> None:
    browser = director()
    publish(browser, faster())
    page = browser.get("/administracion/politica/comparar/?de=1&a=2").content.decode()
    assert "plazo › duración" in page
    assert "<del" in page
    same = browser.get("/administracion/politica/comparar/?de=1&a=1").content.decode()
    assert "No hay ninguna diferencia" in same
    for wrong in ("?de=1&a=9", "?de=x&a=1", "", "?de=1&a=99999999999"):
        assert browser.get(f"/administracion/politica/comparar/{wrong}").status_code == 404


def test_going_back_publishes_the_earlier_document_anew() -> None:
    browser = director()
    publish(browser, faster())
    url = "/administracion/politica/1/regreso/"
    page = browser.get(url).content.decode()
    assert "Hay versiones por empezar" in page
    since = (timezone.now() + timedelta(minutes=5)).astimezone(people.BOGOTA)
    answer = browser.post(url, {"effective_from": since.strftime("%Y-%m-%dT%H:%M")})
    assert answer.status_code == 302
    numbers = dict(PolicyVersion.objects.values_list("number", "digest"))
    assert numbers[3] == numbers[1] != numbers[2]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"x" * (1024 * 1024 + 1),
        b"key: [",
        b"key: generasoft",
        f"key: {HOSTILE}".encode(),
        b"a: &a [x, x]\nb: [*a, *a]",
        b"!!python/object/apply:os.system ['true']",
    ],
)
def test_what_is_no_policy_is_told_and_publishes_nothing(content: bytes) -> None:
    answer = upload(director(), content)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert PolicyVersion.objects.count() == 1


def test_errors_of_a_policy_are_shown_with_their_place_and_keep_it_out() -> None:
    browser, wrong = director(), document()
    wrong["desks"][0]["default_category"] = "no_hay"
    page = upload(browser, written(wrong)).content.decode()
    assert "Así no se puede publicar" in page
    assert "desks[0]" in page
    assert publish(browser, wrong).status_code == 409
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    "since", ["2020-01-01T00:00", "", "mañana", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_date_that_cannot_be_is_told_and_the_text_is_kept(since: str) -> None:
    answer = publish(director(), faster(), effective_from=since)
    assert answer.status_code in (409, 422)
    assert "generasoft" in form_of(answer.content.decode(), "")["text"]
    assert PolicyVersion.objects.count() == 1


def test_the_policy_of_another_house_is_refused() -> None:
    from ventanilla.policy import packs

    answer = publish(director(), packs.load("sion").to_document())
    assert answer.status_code == 409
    assert PolicyVersion.objects.count() == 1


def test_the_newest_document_is_not_published_twice() -> None:
    browser = director()
    for _ in range(2):
        publish(browser, faster())
    assert PolicyVersion.objects.count() == 2
    assert "idéntica" in upload(browser, written(faster())).content.decode()


def test_who_may_not_publish_finds_no_page() -> None:
    for actor, expected in ((people.octavio(), 200), (people.elena(), 404), (people.berta(), 404)):
        browser = client_of(actor)
        assert browser.get("/administracion/politica/").status_code == expected
        assert browser.get("/administracion/politica/1/").status_code == expected
        assert browser.get(PUBLISH).status_code == 404
        assert publish(browser, faster()).status_code == 404
    assert PolicyVersion.objects.count() == 1


def test_a_version_and_the_templates_are_shown() -> None:
    browser = director()
    assert "Política, versión 1" in browser.get("/administracion/politica/1/").content.decode()
    page = browser.get("/administracion/plantillas/").content.decode()
    assert "GS-2026-000417-K" in page
    assert "{folio}" not in page
