"""Following a request: how it stands, files, withdrawing, reopening, a lost code."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import mails, people
from tests.web.cast import a_case, client_of, sent
from tests.web.clock import Clock
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import portal, replies, structure
from ventanilla.desk.enclosing import Upload
from ventanilla.register import folio as folios
from ventanilla.register.models import Case, Commitment, LedgerEntry
from ventanilla.web import form_tokens

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 40

pytestmark = pytest.mark.usefixtures("desk")


def now_case(**facts: str) -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1), **facts)


def opened(case: Case) -> Client:
    browser = Client()
    browser.get(f"/seguimiento/{case.folio}/{folios.secret_of(case)}/")
    return browser


def at(case: Case, *rest: str) -> str:
    return "/".join(["/seguimiento", case.folio, *rest, ""])


def page_of(browser: Client, case: Case) -> str:
    return browser.get(at(case)).content.decode()


def token_of(page: str) -> str:
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', page)
    return str(token)


def test_of_two_that_became_one_no_promise_is_numbered() -> None:
    case, other = now_case(subject="La primera"), now_case(subject="La otra vez")
    actor, now = people.elena(), timezone.now()
    replies.reply(case=case, text="Buen día: ya lo vemos.", acting_user=actor, as_of=now)
    case.refresh_from_db()
    structure.merge(case=other, into=case, acting_user=actor, as_of=now)
    keys = set(Commitment.objects.filter(case=case).values_list("key", flat=True))
    assert any(key.endswith(":2") for key in keys), keys
    page = page_of(opened(case), case)
    assert "Respuesta" in page
    assert "(2)" not in page


def resolved(case: Case) -> Case:
    for noun, typed in (
        ("evaluacion", {"category": "billing_query", "priority": "high", "asked": "Devolver."}),
        ("resolucion", {"text": "Devuelto."}),
    ):
        answer: Any = sent(client_of(people.elena()), case, noun, **typed)
        assert answer.status_code == 302
    return Case.objects.get(pk=case.pk)


def test_the_steps_say_where_it_stands() -> None:
    case = now_case()
    browser = opened(case)
    assert re.search(
        r'class="now" aria-current="step".{0,40}Recibida', page_of(browser, case), re.DOTALL
    )
    resolved(case)
    page = page_of(browser, case)
    assert re.search(r'class="now" aria-current="step".{0,40}Resuelta', page, re.DOTALL)
    assert page.count('class="done"') == 2


def test_files_are_added_with_or_without_words_and_come_back_whole() -> None:
    case = now_case()
    browser = opened(case)
    token = token_of(page_of(browser, case))
    up: Any = browser.post(
        "/preguntar/archivos/", data=PNG, content_type="image/png",
        headers={"X-Formulario": token, "X-Archivo": "captura.png"},
    )  # fmt: skip
    form = {"formulario": token, "text": "", "archivo": up.json()["token"]}
    for _ in range(2):
        assert browser.post(at(case, "mensajes"), form).status_code == 302
    (said,) = case.messages.filter(direction="in", channel="web")
    (kept,) = said.files.all()
    answer: Any = browser.get(at(case, "archivos", str(kept.pk)))
    assert b"".join(answer.streaming_content) == PNG
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "captura.png" in page_of(browser, case)

    plain = {
        "formulario": token_of(page_of(browser, case)),
        "text": "Va otro.",
        "archivos": SimpleUploadedFile("página.html", b"<script>alert(1)</script>"),
    }
    assert browser.post(at(case, "mensajes"), plain).status_code == 302
    html = case.evidence.latest("id")
    answer = browser.get(at(case, "archivos", str(html.pk)))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_only_the_conversations_files_are_handed_out_and_only_to_who_holds_it() -> None:
    case, other = now_case(), now_case(subject="Otra cosa")
    with_file = replies.reply(
        case=case, text="Va el documento.",
        attachments=[Upload(filename="carta.pdf", content=b"%PDF-1.4 hola")],
        acting_user=people.elena(), as_of=timezone.now(),
    )  # fmt: skip
    ours = with_file.files.get()
    theirs = portal.add_message(
        case=other, text="", files=[Upload(filename="suya.txt", content=b"suya")],
        as_of=timezone.now(),
    ).files.get()  # fmt: skip
    unbound = mails.opened().pk
    assert unbound
    inside = case.evidence.create(
        case=case, blob=ours.blob, filename="interno.pdf", added_at=timezone.now()
    )
    browser = opened(case)
    assert browser.get(at(case, "archivos", str(ours.pk))).status_code == 200
    for hidden in (inside.pk, theirs.pk, 10**9):
        assert browser.get(at(case, "archivos", str(hidden))).status_code == 404
    assert Client().get(at(case, "archivos", str(ours.pk))).status_code == 302
    assert opened(other).get(at(case, "archivos", str(ours.pk))).status_code == 302


def test_withdrawing_asks_first_tells_by_mail_and_happens_once() -> None:
    case = now_case()
    browser = opened(case)
    asked = browser.get(at(case, "retiro")).content.decode()
    assert "¿Retira su solicitud?" in asked
    assert Case.objects.get(pk=case.pk).status == "registered", "looking changes nothing"
    for _ in range(2):
        answer = browser.post(at(case, "retiro"), {"reason": "Ya lo resolví <b>yo</b>."})
        assert answer.status_code == 302
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert LedgerEntry.objects.filter(case=case, kind="case_withdrawn").count() == 1
    entry = LedgerEntry.objects.get(case=case, kind="case_withdrawn")
    assert (entry.actor_kind, entry.actor_id) == ("person", case.person_id)
    (letter,) = OutboundMessage.objects.filter(case=case, kind="withdrawn")
    assert "queda cerrado" in letter.subject
    assert "Motivo: usted retiró su solicitud el " in letter.text
    assert "En sus palabras: Ya lo resolví <b>yo</b>." in letter.text
    assert "La persona" not in letter.text
    assert "Si fue un error" in letter.text
    assert "Usted retiró esta solicitud" in page_of(browser, case)
    assert not case.commitments.filter(met_at=None, cancelled_at=None, broken_at=None).exists()


def test_a_case_somebody_resolved_meanwhile_is_not_withdrawn() -> None:
    case = now_case()
    browser = opened(case)
    browser.get(at(case, "retiro"))
    resolved(case)
    answer = browser.post(at(case, "retiro"), {"reason": "Ya no."})
    assert answer.status_code == 409
    assert "Ya no." in answer.content.decode()
    assert Case.objects.get(pk=case.pk).status == "resolved"


def test_reopening_inside_the_window_needs_a_reason_and_tells_the_moment() -> None:
    case = resolved(now_case())
    browser = opened(case)
    assert "Puede reabrirla hasta el" in page_of(browser, case)
    assert browser.post(at(case, "reapertura"), {"reason": " "}).status_code == 422
    for _ in range(2):
        assert browser.post(at(case, "reapertura"), {"reason": "Sigue igual."}).status_code == 302
    assert Case.objects.get(pk=case.pk).status == "in_progress"
    assert OutboundMessage.objects.filter(case=case, kind="reopened").count() == 1


def test_outside_the_window_it_says_until_when_and_offers_a_new_one_that_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = resolved(now_case())
    until = portal.reopens_until(case)
    assert until is not None
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))
    later = until + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    browser = opened(case)
    page = page_of(browser, case)
    printed = people.pack().format_moment(until.astimezone(people.BOGOTA))
    assert f"se podía reabrir hasta el {printed}" in page
    assert browser.post(at(case, "reapertura"), {"reason": "Otra vez."}).status_code == 409
    (link,) = set(re.findall(r'href="(/preguntar/\?sigue=[^"]+)"', page))
    (follows,) = set(re.findall(r"sigue=([^\"]+)", browser.get(link).content.decode())) - {""}
    form = browser.get(f"/preguntar/otra-pregunta-para-atencion-al-cliente/?sigue={follows}")
    (kept,) = re.findall(r'name="sigue" value="([^"]+)"', form.content.decode())
    typed = {
        "formulario": token_of(form.content.decode()), "sigue": kept, "name": "Ana",
        "email": "ana@cliente.example", "subject": "Volvió a pasar", "text": "Otra vez.",
    }  # fmt: skip
    assert (
        browser.post("/preguntar/otra-pregunta-para-atencion-al-cliente/", typed).status_code == 302
    )
    assert Case.objects.latest("id").follows_id == case.pk
    forged = typed | {"sigue": f"{case.folio}~1:x:y", "text": "Forjada."}
    browser.post("/preguntar/otra-pregunta-para-atencion-al-cliente/", forged)
    assert Case.objects.latest("id").follows_id is None


def test_a_lost_code_is_sent_to_the_address_of_the_case_and_the_page_says_the_same() -> None:
    case = now_case()
    pages = []
    for address in ("ana@cliente.example", "otra@cliente.example"):
        answer = Client().post("/seguimiento/enlace/", {"folio": case.folio, "email": address})
        assert answer.status_code == 200
        page = answer.content.decode().replace(address, "…")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    (letter,) = OutboundMessage.objects.filter(kind="access_link")
    assert letter.to == ["ana@cliente.example"]
    assert folios.secret_of(case) in letter.text
    assert folios.secret_of(case) not in pages[0]


def test_a_message_that_goes_back_keeps_the_moment_it_was_begun(clock: Clock) -> None:
    case = now_case()
    browser = opened(case)
    token = token_of(page_of(browser, case))
    clock.forward(timedelta(seconds=30))
    back = browser.post(at(case, "mensajes"), {"formulario": token, "text": ""})
    assert back.status_code == 422
    assert token_of(back.content.decode()) == token


def test_asking_for_the_link_is_slowed_down_and_sends_one_an_hour() -> None:
    case = now_case()
    right = {"folio": case.folio, "email": "ana@cliente.example"}
    statuses = [Client().post("/seguimiento/enlace/", right).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert OutboundMessage.objects.filter(kind="access_link").count() == 1


def test_who_asks_for_it_with_other_mailboxes_takes_nothing_from_its_owner() -> None:
    case = now_case()
    for number in range(5):
        wrong = {"folio": case.folio, "email": f"otra{number}@cliente.example"}
        assert Client().post("/seguimiento/enlace/", wrong).status_code == 200
    right = {"folio": case.folio, "email": "ana@cliente.example"}
    answer = Client().post("/seguimiento/enlace/", right, REMOTE_ADDR="192.0.2.77")
    assert answer.status_code == 200
    assert OutboundMessage.objects.filter(kind="access_link").count() == 1


@pytest.mark.parametrize("hostile", ["x" * 5000, "<script>", "\u202e", "a\0b", "", "' OR 1=1 --"])
def test_hostile_values_get_a_clear_page(hostile: str) -> None:
    case = now_case()
    browser = opened(case)
    for url, field in (
        ("/seguimiento/", "folio"),
        ("/seguimiento/enlace/", "email"),
        (at(case, "mensajes"), "text"),
        (at(case, "reapertura"), "reason"),
    ):
        form = {
            "folio": case.folio, "secret": "X", "email": "a@b.example",
            "formulario": token_of(page_of(browser, case)), field: hostile,
        }  # fmt: skip
        answer = browser.post(url, form)
        assert answer.status_code in (200, 302, 409, 422), (url, answer.status_code)
        assert "<script>alert" not in answer.content.decode()
        assert "<script></" not in answer.content.decode()


def test_without_the_secret_nothing_is_done() -> None:
    case = now_case()
    for noun in ("retiro", "reapertura"):
        answer = Client().post(at(case, noun), {"reason": "x", "text": "x"})
        assert answer.headers["Location"] == "/seguimiento/"
    answer = Client().post(at(case, "mensajes"), {"text": "x"})
    assert answer.status_code == 403
    assert "Cobro repetido" not in answer.content.decode()
    assert not case.messages.filter(channel="web").exists()
    assert Case.objects.get(pk=case.pk).status == "registered"
