"""Progress notices and resolutions are kept on the server while they are written, like answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of, url_of
from ventanilla.desk import assessment, progress
from ventanilla.register.models import Case, Message
from ventanilla.workspace.models import Draft

pytestmark = pytest.mark.usefixtures("desk")
SCRIPT: dict[str, Any] = {"headers": {"X-Requested-With": "fetch"}}
NOUNS = [("avance", "progress"), ("resolucion", "resolve")]


@pytest.fixture
def case(desk: None) -> Case:
    """Assessed and complex: both forms are offered."""
    found, at = a_case(at=timezone.now() - timedelta(hours=1)), timezone.now()
    assessment.assess(
        case=found, category=found.category, priority="high", asked="Devolver",
        acting_user=people.elena(), as_of=at,
    )  # fmt: skip
    progress.mark_complex(case=found, reason="Hay que mirar.", acting_user=people.elena(), as_of=at)
    return Case.objects.get(pk=found.pk)


@pytest.fixture
def browser(case: Case) -> Client:
    return client_of(people.elena())


def page_of(browser: Client, case: Case, noun: str) -> str:
    answer = browser.get(url_of(case, noun))
    assert answer.status_code == 200
    return answer.content.decode()


def form(browser: Client, case: Case, noun: str, **typed: str) -> dict[str, str]:
    return form_of(page_of(browser, case, noun), url_of(case, noun)) | typed


@pytest.mark.parametrize(("noun", "kind"), NOUNS)
def test_what_is_typed_stands_there_again_and_goes_when_it_is_sent(
    browser: Client, case: Case, noun: str, kind: str
) -> None:
    saved = browser.post(
        url_of(case, "borrador"), {"kind": kind, "text": "A medias", "revision": "0"}, **SCRIPT
    )
    assert saved.json()["revision"] == Draft.objects.get().version
    page = page_of(browser, case, noun)
    assert "A medias</textarea>" in page
    assert f'data-kind="{kind}"' in page
    assert "A medias" not in page_of(client_of(people.berta()), case, noun)
    listed = browser.get("/borradores/").content.decode()
    assert url_of(case, noun) in listed
    done = browser.post(url_of(case, noun), form(browser, case, noun, text="Entero."))
    assert done.status_code == 302
    assert not Draft.objects.exists()
    assert Message.objects.filter(case=case, text__contains="Entero.").exists()


@pytest.mark.parametrize(("noun", "kind"), NOUNS)
def test_without_a_script_a_button_saves_and_comes_back_to_the_form(
    browser: Client, case: Case, noun: str, kind: str
) -> None:
    fields = form(browser, case, noun, text="A medias")
    answer = browser.post(url_of(case, "borrador"), fields, follow=True)
    assert answer.redirect_chain[-1][0] == url_of(case, noun)
    assert "A medias</textarea>" in answer.content.decode()
    assert Draft.objects.get().kind == kind


@pytest.mark.parametrize("where", ["borrador", "send", "refused"])
@pytest.mark.parametrize(("noun", "kind"), NOUNS)
def test_two_tabs_lose_neither_text(
    browser: Client, case: Case, noun: str, kind: str, where: str
) -> None:
    older = form(browser, case, noun, text="La mía.")
    browser.post(url_of(case, "borrador"), older | {"text": "La otra."})
    if where == "refused":
        older["expected_seq"] = "nada"
    url = url_of(case, "borrador" if where == "borrador" else noun)
    answer = browser.post(url, older)
    assert answer.status_code == (422 if where == "refused" else 409)
    page = answer.content.decode()
    assert "La otra.</textarea>" in page
    assert "La mía.</textarea>" in page
    assert Draft.objects.get().text == "La otra."
    again = form_of(page, url_of(case, noun)) | {"text": "La mía."}
    again["expected_seq"] = str(Case.objects.get(pk=case.pk).ledger_seq)
    assert browser.post(url_of(case, noun), again).status_code == 302
    assert not Draft.objects.filter(kind=kind).exists()


def test_a_refused_form_is_kept_and_can_be_corrected_and_sent(browser: Client, case: Case) -> None:
    fields = form(browser, case, "resolucion", text="Uno.", expected_seq="0")
    refused = browser.post(url_of(case, "resolucion"), fields)
    assert refused.status_code == 409
    assert Draft.objects.get().text == "Uno."
    again = form_of(refused.content.decode(), url_of(case, "resolucion")) | {"text": "Uno y dos."}
    assert browser.post(url_of(case, "resolucion"), again).status_code == 302
    assert not Draft.objects.exists()


def test_a_text_whose_form_is_gone_can_still_be_read(browser: Client, case: Case) -> None:
    long = "Todo lo que se hizo. " * 20
    browser.post(url_of(case, "borrador"), {"kind": "resolve", "text": long}, **SCRIPT)
    Case.objects.filter(pk=case.pk).update(status="closed")
    assert long.strip() in browser.get("/borradores/").content.decode()
