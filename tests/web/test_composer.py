"""Writing an answer by the forms and by what the script sends: nothing typed is lost or sent twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk import people
from tests.web.cast import BIDI, HOSTILE, a_case, client_of, form_of, left, url_of
from ventanilla.accounts.models import Staff
from ventanilla.desk import holding, replies
from ventanilla.register.models import Case, Message
from ventanilla.workspace.models import Draft, DraftFile, ReplyTemplate

pytestmark = pytest.mark.usefixtures("desk")
SCRIPT: dict[str, Any] = {"headers": {"X-Requested-With": "fetch"}}


def now_case(**facts: str) -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1), **facts)


def page_of(browser: Client, case: Case) -> str:
    answer = browser.get(url_of(case))
    assert answer.status_code == 200
    return answer.content.decode()


def filled(browser: Client, case: Case, noun: str = "respuesta", **typed: Any) -> dict[str, Any]:
    usual = {"text": "Ya lo vemos.", "then": ""} if noun == "respuesta" else {}
    return form_of(page_of(browser, case), url_of(case, noun)) | usual | typed


def send(browser: Client, case: Case, **typed: Any) -> Any:
    return browser.post(url_of(case, "respuesta"), filled(browser, case, **typed))


def save(browser: Client, case: Case, text: str, revision: int = 0, **more: Any) -> Any:
    facts = {"kind": "reply", "text": text, "then": "", "revision": revision} | more
    return browser.post(url_of(case, "borrador"), facts, **SCRIPT)


def sent(case: Case) -> list[str]:
    rows = Message.objects.filter(case=case, direction="out", automatic=False)
    return list(rows.order_by("id").values_list("text", flat=True))


def test_what_is_typed_is_kept_and_stands_there_again() -> None:
    case, browser = now_case(), client_of(people.elena())
    first = save(browser, case, "Buen día, Ana:").json()
    assert first["revision"] == Draft.objects.get().version
    assert first["saved"].startswith("Guardado ")
    assert "pautas" in first["guidelines"]
    again = save(browser, case, "Buen día, Ana:\n\nYa", first["revision"], then="resolve").json()
    assert again["revision"] == first["revision"] + 1
    page = page_of(browser, case)
    assert "Buen día, Ana:\n\nYa</textarea>" in page
    assert '<option value="resolve" selected>' in page
    assert f'name="revision" value="{again["revision"]}"' in page
    other = page_of(client_of(people.berta()), case)
    assert "Buen día, Ana:\n\nYa" not in other, "a draft is its writer's"


def test_two_tabs_keep_both_texts_by_script_and_by_form() -> None:
    case, browser = now_case(), client_of(people.elena())
    seen = save(browser, case, "Uno", 0).json()["revision"]
    newer = save(browser, case, "Uno dos", seen).json()["revision"]
    answer = save(browser, case, "Uno tres", seen)
    assert answer.status_code == 409
    assert (answer.json()["text"], answer.json()["revision"]) == ("Uno dos", newer)
    form = {"kind": "reply", "text": "Uno tres", "revision": seen} | filled(browser, case)
    answer = browser.post(url_of(case, "borrador"), form | {"text": "Uno tres", "revision": seen})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Uno dos</textarea>" in page
    assert "Uno tres</textarea>" in page
    decided = form_of(page, url_of(case, "respuesta")) | {"text": "Uno tres"}
    assert browser.post(url_of(case, "borrador"), decided).status_code == 302
    assert Draft.objects.get().text == "Uno tres"


def test_an_empty_form_of_an_older_tab_does_not_take_the_place_of_a_text() -> None:
    case, browser = now_case(), client_of(people.elena())
    older = filled(browser, case, text="  ")
    save(browser, case, "Una respuesta larga")
    assert browser.post(url_of(case, "respuesta"), older).status_code == 422
    assert Draft.objects.get().text == "Una respuesta larga"


def test_without_a_script_a_button_saves_text_and_files() -> None:
    case, browser = now_case(), client_of(people.elena())
    file = SimpleUploadedFile("a.txt", b"hola", "text/plain")
    form = filled(browser, case, text="A medias", attachments=file)
    answer = browser.post(url_of(case, "borrador"), form, follow=True)
    page = answer.content.decode()
    assert "Borrador guardado" in page
    assert "A medias</textarea>" in page
    assert "a.txt" in page


@pytest.mark.parametrize("text", ["x" * 20_001, f"fdp{BIDI}exe"])
def test_what_cannot_be_sent_is_told_while_writing(text: str) -> None:
    answer = save(client_of(people.elena()), now_case(), text)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Draft.objects.exists()


def test_hostile_words_stay_words_in_draft_preview_and_conversation() -> None:
    case, browser = now_case(), client_of(people.elena())
    text = (
        HOSTILE.replace(BIDI, "") + "\n\n[x](javascript:alert(1)) ![p](https://otro.example/p.png)"
    )
    assert save(browser, case, text).status_code == 200
    seen = browser.post(url_of(case, "borrador", "vista"), {"text": text}, **SCRIPT)
    send(browser, case, text=text)
    left(case)
    for page in (page_of(browser, case), seen.content.decode()):
        assert "<script>alert" not in page
        assert "<img src" not in page
        assert 'href="javascript' not in page


def test_the_preview_shows_the_mail_as_it_will_be_and_no_access_code() -> None:
    case, browser = now_case(), client_of(people.elena())
    for extra in (SCRIPT, {}):
        page = browser.post(url_of(case, "borrador", "vista"), {"text": "**Ya**"}, **extra)
        assert "<strong>Ya</strong>" in page.content.decode()
        assert "salvo festivos" in page.content.decode()


def test_files_go_up_one_by_one_and_come_off_again(settings: Any) -> None:
    case, browser = now_case(), client_of(people.elena())
    url = url_of(case, "borrador", "archivos")
    file = SimpleUploadedFile("nota.pdf", b"%PDF-1.4", "application/pdf")
    assert "nota.pdf" in browser.post(url, {"file": file}, **SCRIPT).content.decode()
    settings.VENTANILLA = settings.VENTANILLA.model_copy(update={"evidence_max_file_bytes": 1024})
    big = SimpleUploadedFile("grande.bin", b"x" * 2048)
    answer = browser.post(url, {"file": big}, **SCRIPT)
    assert answer.status_code == 422
    assert "grande.bin" in answer.json()["message"]
    kept = DraftFile.objects.get()
    elsewhere = client_of(people.berta()).post(f"{url}{kept.pk}/", **SCRIPT)
    assert elsewhere.status_code == 200
    assert DraftFile.objects.filter(pk=kept.pk).exists(), "not one's own"
    assert "nota.pdf" not in browser.post(f"{url}{kept.pk}/", **SCRIPT).content.decode()
    assert not DraftFile.objects.exists()


def test_an_answer_can_be_undone_and_comes_back_whole() -> None:
    case, browser = now_case(), client_of(people.elena())
    assert send(browser, case, text="Con *fuerza*.").status_code == 302
    page = page_of(browser, case)
    assert "está saliendo" in page
    assert "Con *fuerza*.</textarea>" not in page
    draft = Draft.objects.get()
    answer = browser.post(url_of(case, "envio", str(draft.pk)), {"accion": "deshacer"}, follow=True)
    assert "Con *fuerza*.</textarea>" in answer.content.decode()
    assert sent(case) == []
    send(browser, case, text="Con *fuerza*.")
    left(case)
    page = page_of(browser, case)
    assert "<em>fuerza</em>" in page
    late = browser.post(url_of(case, "envio", str(draft.pk)), {"accion": "deshacer"}, follow=True)
    assert "ya salió" in late.content.decode()
    assert sent(case) == ["Con *fuerza*."]


def test_nobody_undoes_the_answer_of_another() -> None:
    case = now_case()
    send(client_of(people.elena()), case)
    draft, other = Draft.objects.get(), client_of(people.berta())
    page = page_of(other, case)
    assert "Elena Rojas" in page
    assert "Deshacer" not in page
    answer = other.post(url_of(case, "envio", str(draft.pk)), {"accion": "deshacer"}, follow=True)
    assert "Solo quien escribió" in answer.content.decode()
    assert Draft.objects.get().state == "sending"


def test_two_agents_at_once_the_second_decides_and_keeps_every_word() -> None:
    case, first, second = now_case(), client_of(people.elena()), client_of(people.berta())
    typed = filled(second, case, text="La mía.")
    send(first, case)
    refused = second.post(url_of(case, "respuesta"), typed)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Elena Rojas" in page
    assert "La mía.</textarea>" in page
    assert "La mía.</textarea>" in page_of(second, case), "kept on the server too"
    anyway = form_of(page, url_of(case, "respuesta")) | {"text": "La mía.", "then": ""}
    assert second.post(url_of(case, "respuesta"), anyway).status_code == 302
    left(case)
    assert sent(case) == ["Ya lo vemos.", "La mía."]


def test_files_of_a_refused_answer_are_not_lost() -> None:
    case, browser = now_case(), client_of(people.elena())
    file = SimpleUploadedFile("a.txt", b"hola", "text/plain")
    answer = send(browser, case, then="resolve", attachments=file)
    assert answer.status_code == 409, "it was not assessed yet"
    assert "<strong>No se pudo hacer</strong></p><p>" in answer.content.decode()
    assert "a.txt" in answer.content.decode()
    page = answer.content.decode()
    again = form_of(page, url_of(case, "respuesta")) | {"text": "Va.", "then": ""}
    assert browser.post(url_of(case, "respuesta"), again).status_code == 302
    left(case)
    assert Message.objects.get(case=case, text="Va.").files.count() == 1


def test_sending_later_at_a_preset_or_a_chosen_moment_and_changing_it() -> None:
    case, browser = now_case(), client_of(people.elena())
    assert send(browser, case, when="at").status_code == 422
    assert send(browser, case, when="at", when_at="2020-01-01T10:00").status_code == 409
    answer = browser.post(
        url_of(case, "respuesta"), filled(browser, case, when="tomorrow"), follow=True
    )
    assert "Respuesta programada" in answer.content.decode()
    draft = Draft.objects.get(state="sending")
    assert draft.scheduled
    local = draft.send_at.astimezone(people.BOGOTA) if draft.send_at else None
    assert local is not None
    assert (local.hour, local.minute) == (8, 30)
    url = url_of(case, "envio", str(draft.pk))
    assert "¿Cuándo debe salir?" in browser.get(url).content.decode()
    assert browser.post(url, {"accion": "cambiar", "when_at": "ayer"}).status_code == 422
    day = timezone.now().date() + timedelta(days=40)
    moved = browser.post(url, {"accion": "cambiar", "when_at": f"{day}T09:15"})
    assert moved.status_code == 302
    draft.refresh_from_db()
    assert draft.send_at is not None
    assert draft.send_at.astimezone(people.BOGOTA).strftime("%H:%M") == "09:15"
    listed = browser.get("/borradores/").content.decode()
    assert case.folio in listed
    assert "Sale " in listed


def test_what_was_held_says_why_on_the_case_and_among_the_drafts() -> None:
    case, browser = now_case(), client_of(people.elena())
    send(browser, case, when="1h")
    replies.reply(case=case, text="Yo.", acting_user=people.berta(), as_of=timezone.now())
    draft = Draft.objects.get()
    assert draft.send_at is not None
    from ventanilla.desk import sending

    assert sending.send_due(draft_id=draft.pk, as_of=draft.send_at) is None
    for page in (page_of(browser, case), browser.get("/borradores/").content.decode()):
        assert "Berta Nieto respondió este caso" in page
    browser.post(url_of(case, "envio", str(draft.pk)), {"accion": "enviar"})
    left(case)
    assert sent(case) == ["Yo.", "Ya lo vemos."]


def test_one_throws_away_ones_own_draft() -> None:
    case, browser = now_case(), client_of(people.elena())
    save(browser, case, "Nada.")
    draft = Draft.objects.get()
    client_of(people.berta()).post("/borradores/", {"draft": draft.pk})
    assert Draft.objects.exists()
    page = browser.post("/borradores/", {"draft": draft.pk}, follow=True).content.decode()
    assert "No hay borradores" in page


def test_a_note_empties_its_draft_and_a_name_calls() -> None:
    case, browser = now_case(), client_of(people.elena())
    people.berta()
    names = browser.get(url_of(case, "colegas")).json()["people"]
    assert names == ["Berta Nieto"]
    save(browser, case, "@Berta Nieto mira", kind="note")
    form = filled(browser, case, "nota", text="@Berta Nieto mira")
    assert browser.post(url_of(case, "nota"), form).status_code == 302
    assert not Draft.objects.exists()


def test_who_may_not_answer_gets_neither_drafts_nor_templates() -> None:
    case, auditor = now_case(), client_of(people.octavio())
    assert save(auditor, case, "x").status_code == 422
    assert auditor.get(url_of(case, "plantillas")).status_code == 404
    assert auditor.get("/plantillas/").status_code == 404
    outsider = client_of(people.carlos())
    assert save(outsider, case, "x").status_code == 404
    assert not Draft.objects.exists()


def test_without_session_or_token_nothing_is_kept_and_the_script_can_tell() -> None:
    case = now_case()
    gone = save(Client(), case, "x")
    assert gone.status_code == 302
    assert "/cuenta/login/" in gone.headers["Location"]
    assert save(client_of(people.elena(), checks=True), case, "x").status_code == 403
    assert not Draft.objects.exists()


def test_templates_are_written_by_leads_and_used_by_all() -> None:
    case, lead, agent = now_case(), client_of(people.elena()), client_of(people.berta())
    facts = {"name": "Devolución", "text": "Buen día, {nombre}: {folio}.", "is_active": "on",
             "then": "", "desk": "", "category": "", "assignee": "me", "priority": "", "becomes": ""}  # fmt: skip
    assert agent.get("/plantillas/nueva/").status_code == 404
    wrong = lead.post("/plantillas/nueva/", facts | {"text": "Hola {nombr}"})
    assert wrong.status_code == 409
    assert "{nombre}" in wrong.content.decode()
    assert lead.post("/plantillas/nueva/", facts | {"text": ""}).status_code == 422
    assert lead.post("/plantillas/nueva/", facts).status_code == 302
    row = ReplyTemplate.objects.get()
    assert "Devolución" in lead.get("/plantillas/").content.decode()
    assert "{nombre}" in lead.get(f"/plantillas/{row.pk}/").content.decode()
    shown = agent.get(url_of(case, "plantillas"), **SCRIPT).content.decode()
    assert f"Buen día, Ana Pérez: {case.folio}." in shown
    assert "Responsable: quien responde" in shown
    agent.post(url_of(case, "plantillas"), {"plantilla": row.pk})
    page = page_of(agent, case)
    assert f"Buen día, Ana Pérez: {case.folio}.</textarea>" in page
    assert "Al salir también se hará" in page
    send(agent, case, text="Va.")
    left(case)
    assert Case.objects.get(pk=case.pk).assignee_id == Staff.objects.get(full_name="Berta Nieto").pk
    unfilled = send(agent, case, text="Le respondemos el {vence}.")
    assert unfilled.status_code == 409
    assert "{vence}" in unfilled.content.decode()


def test_the_pages_of_writing_hold_no_inline_code() -> None:
    import re

    case, browser = now_case(), client_of(people.elena())
    ReplyTemplate.objects.create(name="Una", text="Hola", updated_at=timezone.now())
    save(browser, case, "Algo", kind="note")
    send(browser, case, when="1h")
    draft = Draft.objects.get(state="sending")
    urls = [url_of(case), url_of(case, "envio"), url_of(case, "envio", str(draft.pk)),
            url_of(case, "plantillas"), "/borradores/", "/plantillas/", "/plantillas/nueva/"]  # fmt: skip
    for url in urls:
        page = browser.get(url)
        assert page.status_code == 200, url
        assert not re.search(r"<script>|style=|\son\w+=", page.content.decode()), url


def test_the_address_in_the_mail_is_the_page() -> None:
    assert reverse("drafts") == holding.DRAFTS_PATH
