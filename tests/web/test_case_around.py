"""What stands around a case on its page: people, other cases, files; and how they are brought together."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import mails, people
from tests.web.cast import HOSTILE, a_case, client_of, form_of, url_of
from ventanilla.crm.models import Person
from ventanilla.desk import structure
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register.models import Case, LedgerEntry

pytestmark = pytest.mark.usefixtures("desk")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "60606000000005000157a2bb1d0000000049454e44ae426082"
)
MOST_QUERIES = 11
"""Session, member, case, promises, entries and messages, files, deliveries; who and what is around;
the draft; and the note that it was opened."""


def shown(browser: Client, case: Case, *rest: str, **asked: Any) -> str:
    answer = browser.get(url_of(case, *rest), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(browser: Client, case: Case, noun: str, **typed: Any) -> Any:
    url = url_of(case, noun)
    return browser.post(url, form_of(shown(browser, case, noun), url) | typed, follow=True)


def test_a_person_without_a_name_is_called_by_the_address() -> None:
    case = a_case()
    Person.objects.filter(pk=case.person_id).update(name="")
    page = shown(client_of(people.berta()), case)
    assert f"Persona {case.person_id}" not in page
    assert page.count(people.ANA_ADDRESS) > 1


def test_the_page_names_who_takes_part_and_the_other_cases_of_the_person() -> None:
    case = mails.opened(mails.mail(Cc="Luis Gil <luis@cliente.example>"))
    other = a_case(subject=f"Otra cosa {HOSTILE}", text="Otra consulta")
    page = shown(client_of(people.berta()), case)
    assert "Luis Gil · luis@cliente.example" in page
    assert "en copia" in page
    assert url_of(other) in page
    assert "<script>alert" not in page
    structure.merge(case=other, into=case, acting_user=people.elena(), as_of=case.opened_at)
    page = shown(client_of(people.berta()), case)
    assert "Se unió aquí" in page
    gone = shown(client_of(people.berta()), other)
    assert "se sigue allí" in gone
    assert url_of(case) in gone


def test_two_cases_are_related_and_parted_again() -> None:
    case, other = (
        a_case(),
        a_case(subject="Otra", sender="Zoe <zoe@otra.example>", text="Otra cosa"),
    )
    browser = client_of(people.berta())
    page = sent(browser, case, "relacion", **{"into-escrito": other.folio.lower()})
    assert "quedaron relacionados" in page.content.decode()
    for one, two in ((case, other), (other, case)):
        around = shown(browser, one)
        assert "Relacionado · " in around
        assert url_of(two) in around
        assert LedgerEntry.objects.filter(case=one, kind="case_linked").count() == 1
    again = sent(browser, case, "relacion", **{"into-escrito": other.folio})
    assert again.status_code == 409
    assert "ya está relacionado" in again.content.decode()
    parted = sent(browser, case, "separacion", other=other.folio)
    assert "ya no están relacionados" in parted.content.decode()
    assert Case.objects.get(pk=other.pk).linked_ids == []


def test_the_other_case_is_chosen_among_the_likely_ones_or_searched() -> None:
    case, likely = a_case(), a_case(subject="De la misma persona", text="Otra consulta")
    other = a_case(subject="La impresora", sender="Zoe <zoe@otra.example>", text="No imprime nada")
    browser = client_of(people.berta())
    form = shown(browser, case, "union")
    assert f'value="{likely.folio}"' in form
    assert f'value="{other.folio}"' not in form
    for typed in ("imprime", other.folio.lower(), str(int(other.folio.split("-")[2]))):
        region = shown(browser, case, "otros", **{"into-escrito": typed, "prever": "1"})
        assert "<html" not in region
        assert f'value="{other.folio}"' in region, typed
    assert f'value="{case.folio}"' not in shown(
        browser, case, "otros", **{"into-escrito": "factura"}
    )
    hidden = client_of(people.carlos()).get(url_of(case, "otros"), {"into-escrito": "imprime"})
    assert hidden.status_code == 404
    chosen = sent(browser, case, "union", into=likely.folio, **{"into-escrito": "impresora"})
    assert chosen.redirect_chain[-1][0] == url_of(likely)
    assert "se unió a este" in chosen.content.decode()


def test_what_uniting_would_do_is_told_before_and_is_what_happens() -> None:
    case = a_case()
    into = a_case(subject="Otra", text="Otra consulta")
    browser = client_of(people.berta())
    told = shown(browser, case, "union", "previa", into=into.folio)
    assert "Dejan de correr aquí: «" in told
    assert "<html" not in told
    before = {each.key: each.due_at for each in into.commitments.all()}
    structure.merge(case=case, into=into, acting_user=people.elena(), as_of=people.FRIDAY_3PM)
    after = {each.key: each.due_at for each in into.commitments.all()}
    changed = {key for key in after if after[key] != before.get(key)}
    assert ("no cambian" in told) == (not changed)
    for wrong in ("", case.folio, "GS-2026-000001-X", "nada"):
        assert browser.get(url_of(case, "union", "previa"), {"into": wrong}).status_code == 404


def test_splitting_lands_on_the_new_case_with_a_word_about_it() -> None:
    case = a_case()
    mails.arrived(mails.mail(subject=f"Re: {case.folio}", text="Además, la otra factura."))
    second = case.messages.filter(direction="in").latest("id")
    browser = client_of(people.berta())
    answer = sent(
        browser, case, "division", messages=[str(second.pk)], subject="Otra", category=case.category
    )
    new = Case.objects.get(split_from=case)
    assert answer.redirect_chain[-1][0] == url_of(new)
    assert f"caso nuevo, {new.folio}" in answer.content.decode()
    assert "Viene de dividir" in answer.content.decode()


def test_files_are_added_once_and_pictures_are_small_only_when_safe() -> None:
    case = a_case()
    browser = client_of(people.berta())

    def put(name: str, content: bytes, kind: str) -> Any:
        return sent(browser, case, "archivos", evidence=SimpleUploadedFile(name, content, kind))

    assert "Archivos guardados" in put("foto.png", PIXEL, "image/png").content.decode()
    put("foto.png", PIXEL, "image/png")
    put("falsa.png", b"<script>alert(1)</script>", "image/png")
    assert EvidenceItem.objects.filter(case=case).count() == 2
    assert LedgerEntry.objects.filter(case=case, kind="evidence_added").count() == 2
    page = shown(browser, case)
    real, fake = EvidenceItem.objects.filter(case=case).order_by("id")
    assert f'<img src="{url_of(case, "evidencias", str(real.pk))}"' in page
    assert f'<img src="{url_of(case, "evidencias", str(fake.pk))}"' not in page
    assert "añadido por el equipo" in page
    nothing = browser.post(
        url_of(case, "archivos"),
        form_of(shown(browser, case, "archivos"), url_of(case, "archivos")),
    )
    assert nothing.status_code == 422
    assert "Elija al menos un archivo" in nothing.content.decode()


def test_a_file_of_a_merged_case_is_fetched_under_its_own_folio() -> None:
    case, gone = a_case(), a_case(subject="Otra", text="Otra consulta")
    browser = client_of(people.berta())
    sent(browser, gone, "archivos", evidence=SimpleUploadedFile("foto.png", PIXEL, "image/png"))
    structure.merge(case=gone, into=case, acting_user=people.elena(), as_of=people.FRIDAY_3PM)
    item = EvidenceItem.objects.get(case=gone, filename="foto.png")
    assert url_of(gone, "evidencias", str(item.pk)) in shown(browser, case)


def test_what_was_closed_meanwhile_is_said_and_what_was_typed_stays() -> None:
    case, into = a_case(), a_case(subject="Otra", text="Otra consulta")
    browser = client_of(people.berta())
    url = url_of(case, "relacion")
    form = form_of(shown(browser, case, "relacion"), url)
    structure.merge(case=case, into=into, acting_user=people.elena(), as_of=people.FRIDAY_3PM)
    answer = browser.post(url, form | {"into-escrito": into.folio})
    assert answer.status_code == 409
    assert into.folio in answer.content.decode()
    assert (
        "está unido a otro" in answer.content.decode()
        or "cambió el caso" in answer.content.decode()
    )
    late = browser.get(url_of(case, "resolucion"), follow=True)
    assert "ya no aplica" in late.content.decode()


def test_a_page_costs_no_more_with_much_around_it() -> None:
    case = a_case()
    for number in range(4):
        other = a_case(subject=f"Otra {number}", text=f"Otra consulta {number}")
        structure.link(case=case, other=other, acting_user=people.elena(), as_of=case.opened_at)
    browser = client_of(people.elena())
    shown(browser, case)
    with CaptureQueriesContext(connection) as queries:
        shown(browser, case)
    assert len(queries) <= MOST_QUERIES, "\n".join(each["sql"][:200] for each in queries)
