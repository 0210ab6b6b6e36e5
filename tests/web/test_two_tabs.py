"""Two tabs of one person: nothing leaves that its page did not show, and no text takes another's place.

All by plain forms, as a browser without scripts sends them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of, left, url_of
from ventanilla.intranet import operations
from ventanilla.intranet.models import ArticleVersion
from ventanilla.intranet.operations import Content
from ventanilla.register.models import Case, LedgerEntry, Message
from ventanilla.workspace.models import Draft, ReplyTemplate

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def case(desk: None) -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def browser(case: Case) -> Client:
    return client_of(people.elena())


def form(browser: Client, case: Case, noun: str = "respuesta", **typed: Any) -> dict[str, Any]:
    page = browser.get(url_of(case)).content.decode()
    return again(page, case, noun, **typed)


def again(page: str, case: Case, noun: str = "respuesta", **typed: Any) -> dict[str, Any]:
    usual = {"text": "Ya lo vemos."} | ({"then": ""} if noun == "respuesta" else {})
    return form_of(page, url_of(case, noun)) | usual | typed


def send(browser: Client, case: Case, fields: dict[str, Any], noun: str = "respuesta") -> Any:
    return browser.post(url_of(case, noun), fields)


def save(browser: Client, case: Case, fields: dict[str, Any], text: str) -> None:
    answer = browser.post(url_of(case, "borrador"), fields | {"text": text})
    assert answer.status_code == 302


def upload(browser: Client, case: Case, name: str) -> None:
    file = SimpleUploadedFile(name, b"hola", "text/plain")
    answer = browser.post(
        url_of(case, "borrador", "archivos"), {"file": file}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 200


def refused(answer: Any, *words: str) -> str:
    assert answer.status_code == 409
    page: str = answer.content.decode()
    for each in words:
        assert each in page
    assert not Draft.objects.filter(state="sending").exists()
    return page


def sent(case: Case) -> list[str]:
    rows = Message.objects.filter(case=case, direction="out", automatic=False)
    return list(rows.order_by("id").values_list("text", flat=True))


def files_sent(case: Case) -> list[str]:
    left(case)
    message = Message.objects.get(case=case, direction="out", automatic=False)
    return list(message.files.order_by("id").values_list("filename", flat=True))


def published() -> ArticleVersion:
    doing: dict[str, Any] = {
        "pack": people.pack(), "acting_user": people.elena(), "as_of": timezone.now(),
    }  # fmt: skip
    content = Content(title="La garantía", body="Dura un año.", kind="guide", audience="public")
    row = operations.create_article(content=content, **doing)
    return operations.publish_article(article=row, expected_revision=1, **doing)


def test_a_file_of_another_tab_leaves_only_after_it_was_seen(browser: Client, case: Case) -> None:
    older = form(browser, case)
    upload(browser, case, "secreto.txt")
    page = refused(send(browser, case, older), "se añadió el archivo «secreto.txt»", "Ya lo vemos.")
    assert send(browser, case, again(page, case)).status_code == 302
    assert files_sent(case) == ["secreto.txt"]


def test_a_file_taken_off_in_another_tab_is_told_too(browser: Client, case: Case) -> None:
    for name in ("a.txt", "b.txt"):
        upload(browser, case, name)
    older = form(browser, case)
    first = Draft.objects.get().files.order_by("id")[0]
    browser.post(url_of(case, "borrador", "archivos", str(first.pk)), older)
    page = refused(send(browser, case, older), "se quitó un archivo")
    assert send(browser, case, again(page, case)).status_code == 302
    assert files_sent(case) == ["b.txt"]


def test_steps_of_a_macro_chosen_in_another_tab_are_told(browser: Client, case: Case) -> None:
    deeds = [{"noun": "prioridad", "priority": "low"}]
    row = ReplyTemplate.objects.create(
        name="Baja", text="", deeds=deeds, updated_at=timezone.now(), is_active=True
    )
    older = form(browser, case)
    browser.post(url_of(case, "plantillas"), {"plantilla": row.pk})
    page = refused(send(browser, case, older), "cambiaron los pasos", "Prioridad: ")
    assert send(browser, case, again(page, case)).status_code == 302
    left(case)
    case.refresh_from_db()
    assert case.priority == "low"


def test_articles_cited_in_another_tab_are_told(browser: Client, case: Case) -> None:
    version = published()
    older = form(browser, case)
    url = url_of(case, "articulos")
    part = browser.post(url, {"version": version.pk}, headers={"HX-Request": "true"})
    assert f'name="articles_shown" value="{version.pk},"' in part.content.decode()
    page = refused(send(browser, case, older), "cambiaron los artículos", "La garantía, versión 1")
    assert send(browser, case, again(page, case)).status_code == 302
    left(case)
    assert LedgerEntry.objects.filter(case=case, kind="articles_used").exists()


def test_a_text_of_another_tab_is_shown_and_not_lost(browser: Client, case: Case) -> None:
    older = form(browser, case)
    save(browser, case, form(browser, case), "La otra, mucho más larga.")
    page = refused(
        send(browser, case, older | {"text": "La mía."}),
        "La otra, mucho más larga.</textarea>",
        "La mía.</textarea>",
    )
    assert Draft.objects.get().text == "La otra, mucho más larga."
    assert send(browser, case, again(page, case, text="La mía.")).status_code == 302
    left(case)
    assert Message.objects.get(case=case, direction="out", automatic=False).text == "La mía."


@pytest.mark.parametrize("noun", ["respuesta", "nota"])
def test_what_is_refused_for_another_reason_does_not_take_the_place_of_a_newer_text(
    browser: Client, case: Case, noun: str
) -> None:
    older = form(browser, case, noun)
    save(browser, case, form(browser, case, noun), "La otra.")
    wrong = {"when": "at"} if noun == "respuesta" else {"expected_seq": "nada"}
    answer = send(browser, case, older | {"text": "La mía."} | wrong, noun)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "La otra.</textarea>" in page
    assert "La mía.</textarea>" in page
    assert Draft.objects.get().text == "La otra."
    decided = again(page, case, noun, text="La mía.", expected_seq=str(case.ledger_seq))
    assert send(browser, case, decided, noun).status_code == 302


def test_a_note_does_not_throw_away_the_text_of_another_tab(browser: Client, case: Case) -> None:
    older = form(browser, case, "nota")
    save(browser, case, form(browser, case, "nota"), "La otra nota.")
    page = refused(send(browser, case, older, "nota"), "La otra nota.</textarea>")
    assert Draft.objects.get().text == "La otra nota."
    assert send(browser, case, again(page, case, "nota"), "nota").status_code == 302
    assert not Draft.objects.exists()


def test_what_left_in_another_tab_is_not_sent_a_second_time_unawares(
    browser: Client, case: Case
) -> None:
    save(browser, case, form(browser, case), "Va.")
    first, second = form(browser, case, text="Va."), form(browser, case, text="Va.")
    assert send(browser, case, first).status_code == 302
    answer = send(browser, case, second)
    assert answer.status_code == 409
    assert "Otra respuesta suya a este caso todavía está por salir." in answer.content.decode()
    left(case)
    assert sent(case) == ["Va."]


def test_a_text_thrown_away_in_another_tab_is_told_before_it_leaves(
    browser: Client, case: Case
) -> None:
    save(browser, case, form(browser, case), "Va.")
    older = form(browser, case, text="Va.")
    browser.post("/borradores/", {"draft": Draft.objects.get().pk})
    page = refused(send(browser, case, older), "se envió o se descartó", "Va.</textarea>")
    assert send(browser, case, again(page, case, text="Va.")).status_code == 302
    left(case)
    assert sent(case) == ["Va."]


def test_a_letter_more_in_another_tab_does_not_send_it_again(browser: Client, case: Case) -> None:
    save(browser, case, form(browser, case), "Va.")
    first, second = form(browser, case, text="Va."), form(browser, case, text="Va..")
    assert send(browser, case, first).status_code == 302
    by_script = browser.post(
        url_of(case, "borrador"), second, headers={"X-Requested-With": "fetch"}
    )
    assert by_script.status_code == 410
    assert "se envió o se descartó" in by_script.json()["message"]
    assert not Draft.objects.filter(state="writing").exists()
    page = browser.post(url_of(case, "borrador"), second)
    assert page.status_code == 409
    anew = again(page.content.decode(), case, text="Va..")
    assert anew["revision"] == "0"
    assert anew["request_key"] != second["request_key"]
    answer = send(browser, case, anew)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Otra respuesta suya a este caso todavía está por salir." in told
    assert "Va..</textarea>" in told
    left(case)
    assert sent(case) == ["Va."]


def test_a_form_sent_before_any_save_is_not_saved_after_it(browser: Client, case: Case) -> None:
    sent_form = form(browser, case, text="Va.")
    assert sent_form["revision"] == "0"
    assert send(browser, case, sent_form).status_code == 302
    late = browser.post(
        url_of(case, "borrador"),
        {key: sent_form[key] for key in ("kind", "revision", "request_key")} | {"text": "Va.!"},
        headers={"X-Requested-With": "fetch"},
    )
    assert late.status_code == 410
    assert not Draft.objects.filter(state="writing").exists()


def test_a_second_answer_of_ones_own_leaves_once_its_writer_knows(
    browser: Client, case: Case
) -> None:
    assert send(browser, case, form(browser, case, text="Va.")).status_code == 302
    answer = send(browser, case, form(browser, case, text="Y otra cosa."))
    assert answer.status_code == 409
    known = again(answer.content.decode(), case, text="Y otra cosa.")
    assert send(browser, case, known).status_code == 302
    left(case)
    assert sorted(sent(case)) == ["Va.", "Y otra cosa."]


@pytest.mark.parametrize("noun", ["avance", "resolucion"])
def test_a_kept_form_of_its_own_page_is_saved_anew_only_by_its_writer(
    browser: Client, case: Case, noun: str
) -> None:
    kind = {"avance": "progress", "resolucion": "resolve"}[noun]
    facts = {"kind": kind, "text": "A medias.", "revision": "0"}
    browser.post(url_of(case, "borrador"), facts)
    older = facts | {"revision": str(Draft.objects.get().version), "text": "A medias, ya."}
    browser.post("/borradores/", {"draft": Draft.objects.get().pk})
    page = browser.post(url_of(case, "borrador"), older)
    assert page.status_code == 409
    assert "A medias, ya.</textarea>" in page.content.decode()
    found = form_of(page.content.decode(), url_of(case, noun))
    assert found["revision"] == "0"
    assert browser.post(url_of(case, "borrador"), older | found).status_code == 302
    assert Draft.objects.get().text == "A medias, ya."


def test_a_tab_that_saw_it_all_is_not_troubled(browser: Client, case: Case) -> None:
    upload(browser, case, "a.txt")
    save(browser, case, form(browser, case), "A medias\r\n")
    assert send(browser, case, form(browser, case, text="A medias, ya.")).status_code == 302
    assert files_sent(case) == ["a.txt"]
