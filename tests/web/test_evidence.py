"""A file leaves the house only to whom may see its case, and never to run."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk import mails, people
from tests.web.cast import client_of, url_of
from ventanilla.evidence.models import EvidenceItem
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
