"""A file leaves the house only to whom may see its case, and never to run."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk import mails, people
from tests.web.cast import client_of, url_of
from ventanilla.desk import asking, portal
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.intake.submission import OWN, STRUCTURED, Answer
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register import folio as folios
from ventanilla.register.models import Case

EXECUTABLE = b"MZ\x90\x00" + b"x" * 200


def case_with_files() -> Case:
    """A mail with a table and with a program that calls itself a document."""
    message = mails.mail(subject="Cobro repetido")
    message.add_attachment(
        b"fecha;valor\n", maintype="text", subtype="csv", filename="extracto.csv"
    )
    message.add_attachment(
        EXECUTABLE, maintype="application", subtype="pdf", filename="factura.pdf.exe"
    )
    case = mails.arrived(message).case
    assert case is not None
    return case


def item_of(case: Case, name: str) -> str:
    item = EvidenceItem.objects.get(case=case, filename=name)
    return url_of(case, "evidencias", str(item.pk))


@pytest.mark.usefixtures("desk")
def test_a_plain_file_is_handed_out_as_a_download_that_runs_nowhere() -> None:
    case = case_with_files()
    answer = client_of(people.berta()).get(item_of(case, "extracto.csv"))
    assert b"".join(answer.streaming_content) == b"fecha;valor\n"  # type: ignore[attr-defined]  # a file
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("desk")
def test_a_suspicious_file_is_asked_about_first() -> None:
    case = case_with_files()
    browser = client_of(people.berta())
    url = item_of(case, "factura.pdf.exe")
    assert "revise antes de abrir" in browser.get(url_of(case)).content.decode()
    asked = browser.get(url)
    assert asked.headers["Content-Type"].startswith("text/html")
    page = asked.content.decode()
    assert "parece peligroso" in page
    assert f'href="{url}?confirmado=1"' in page
    given = browser.get(url, {"confirmado": "1"})
    assert b"".join(given.streaming_content) == EXECUTABLE  # type: ignore[attr-defined]  # a file
    assert given.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.usefixtures("desk")
def test_files_of_other_desks_and_other_cases_are_not_found() -> None:
    case, other = case_with_files(), mails.arrived(mails.mail(subject="Otra cosa")).case
    assert other is not None
    url = item_of(case, "extracto.csv")
    assert client_of(people.carlos()).get(url).status_code == 404
    berta = client_of(people.berta())
    assert berta.get(url.replace(case.folio, other.folio)).status_code == 404
    assert berta.get(url_of(case, "evidencias", "999999")).status_code == 404
    assert Client().get(url).headers["Location"].startswith("/cuenta/login/")


IN_WORDS = "Lo que se llenó en el formulario"
THEIRS = Upload(filename=STRUCTURED, content=b"[1]", declared_type="application/json")


def case_asked(*files: Upload, answers: bool = True) -> Case:
    """A request of the portal, with the answer to a field of its category."""
    need = Answer(key="need", label="¿Qué necesita?", value="Otra cosa", shown="Otra cosa")
    asked = asking.ask(
        category="billing_query",
        name="Ana Pérez",
        email="ana@cliente.example",
        subject="Cobro repetido",
        text="Me cobraron dos veces.",
        answers=[need] if answers else [],
        files=files,
        request_key="f1",
        as_of=timezone.now(),
    )
    assert asked.case is not None
    return asked.case


def named_in(page: str, links: str) -> list[str]:
    """The names of files that a page links to in a list of this class, in its order."""
    lists = re.findall(rf'<ul class="{links}">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<bdi>([^<]*)</bdi>", "".join(lists))


@pytest.mark.usefixtures("desk")
def test_the_answers_of_a_form_are_read_in_the_message_and_kept_last() -> None:
    case = case_asked(Upload(filename="recibo.txt", content=b"recibo"))
    browser = client_of(people.berta())
    page = browser.get(url_of(case)).content.decode()
    assert "¿Qué necesita? Otra cosa" in page
    assert STRUCTURED not in page
    assert named_in(page, "files") == ["recibo.txt"]
    assert named_in(page, "evidence") == ["recibo.txt", IN_WORDS]
    news = browser.get(url_of(case, "novedades"), {"desde": "0", "mostrar": "1"}).content.decode()
    assert STRUCTURED not in news
    given = browser.get(item_of(case, STRUCTURED))
    assert json.loads(b"".join(given.streaming_content))["category"] == "billing_query"  # type: ignore[attr-defined]  # a file
    assert STRUCTURED in given.headers["Content-Disposition"]


@pytest.mark.usefixtures("desk")
def test_who_asked_finds_their_own_files_and_never_ours() -> None:
    case = case_asked(THEIRS)
    portal.add_message(case=case, text="Otro.", files=[THEIRS], as_of=timezone.now())
    browser = Client()
    browser.get(f"/seguimiento/{case.folio}/{folios.secret_of(case)}/")
    page = browser.get(f"/seguimiento/{case.folio}/").content.decode()
    assert named_in(page, "files") == [OWN, OWN]
    assert STRUCTURED not in page
    ours = EvidenceItem.objects.get(case=case, filename=STRUCTURED)
    theirs = EvidenceItem.objects.filter(case=case, filename=OWN).earliest("id")
    for item, status in ((ours, 404), (theirs, 200)):
        answer = browser.get(f"/seguimiento/{case.folio}/archivos/{item.pk}/")
        assert answer.status_code == status


@pytest.mark.usefixtures("desk")
def test_a_file_of_that_name_from_elsewhere_is_a_file_like_any_other() -> None:
    message = mails.mail(subject="Cobro repetido")
    message.add_attachment(b"{}", maintype="application", subtype="json", filename=STRUCTURED)
    mailed = mails.arrived(message).case
    assert mailed is not None
    for case, name in ((mailed, STRUCTURED), (case_asked(THEIRS, answers=False), OWN)):
        page = client_of(people.berta()).get(url_of(case)).content.decode()
        assert named_in(page, "files") == named_in(page, "evidence") == [name]
        assert IN_WORDS not in page
