"""Everything a person does to a case: done once, refused kindly, nothing typed lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk import people
from tests.web.cast import BIDI, a_case, client_of, form_of, left, sent, url_of
from ventanilla.accounts.models import Staff
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.actors import Actor
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register.models import Case, Message
from ventanilla.web.actions import ACTIONS
from ventanilla.workspace.models import Mention

ASSESSED: dict[str, Any] = {
    "category": "billing_query",
    "priority": "high",
    "asked": "Que devuelvan el cobro.",
}


def now_case(**facts: str) -> Case:
    """A case that came an hour ago: its reopening window and its promises are of today."""
    return a_case(at=timezone.now() - timedelta(hours=1), **facts)


def worked() -> Case:
    """A case that was assessed."""
    case = now_case()
    done(case, "evaluacion", **ASSESSED)
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def done(case: Case, noun: str, **typed: object) -> Any:
    """Sent by the lead, and taken."""
    answer: Any = sent(client_of(people.elena()), case, noun, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def refused(case: Case, noun: str, code: int = 422, **typed: Any) -> str:
    """Sent by the lead, and not taken."""
    before = fresh(case).ledger_seq
    answer: Any = sent(client_of(people.elena()), case, noun, **typed)
    assert answer.status_code == code, answer.status_code
    assert fresh(case).ledger_seq == before
    page: str = answer.content.decode()
    return page


@pytest.mark.usefixtures("desk")
def test_assessment_confirms_and_refuses_what_is_empty() -> None:
    case = now_case()
    page = refused(case, "evaluacion", **(ASSESSED | {"asked": " \u200b "}))
    assert "Falta el texto" in page
    assert "sigue aquí" in page
    done(case, "evaluacion", **ASSESSED)
    assert fresh(case).assessed_at is not None


@pytest.mark.usefixtures("desk")
def test_reply_goes_out_once_with_its_file_however_often_it_is_clicked() -> None:
    case = worked()
    browser = client_of(people.elena())
    url = url_of(case, "respuesta")
    typed = form_of(browser.get(url_of(case)).content.decode(), url)
    for _ in range(2):
        file = SimpleUploadedFile("extracto.txt", b"dos cobros", "text/plain")
        answer = browser.post(
            url, typed | {"text": "Ya lo vemos.", "then": "", "attachments": file}, follow=True
        )
        assert "Respuesta registrada" in answer.content.decode()
    left(case)
    answer = browser.get(url_of(case))
    replies = Message.objects.filter(case=case, direction="out", automatic=False)
    assert [each.text for each in replies] == ["Ya lo vemos."]
    assert EvidenceItem.objects.filter(case=case).count() == 1
    assert "extracto.txt" in answer.content.decode()


@pytest.mark.usefixtures("desk")
def test_a_reply_to_a_case_that_moved_keeps_every_word_and_says_what_changed() -> None:
    case = worked()
    browser = client_of(people.elena())
    url = url_of(case, "respuesta")
    typed = form_of(browser.get(url_of(case)).content.decode(), url)
    answer: Any = sent(client_of(people.berta()), case, "nota", text="La miro yo.")
    assert answer.status_code == 302
    words = "Buenas tardes, Ana. <Confirmamos> la devolución."
    moved = browser.post(url, typed | {"text": words, "then": ""})
    assert moved.status_code == 409
    page = moved.content.decode()
    assert "Berta Nieto" in page
    assert "Buenas tardes, Ana. &lt;Confirmamos&gt; la devolución." in page
    again = browser.post(url, form_of(page, url) | {"text": words, "then": ""})
    assert again.status_code == 302


@pytest.mark.usefixtures("desk")
def test_a_form_sent_back_for_a_mistake_still_tells_what_moved_meanwhile() -> None:
    case, browser = worked(), client_of(people.elena())
    url = url_of(case, "resolucion")
    typed = form_of(browser.get(url).content.decode(), url)
    sent(client_of(people.berta()), case, "nota", text="Falta un dato.")
    back = browser.post(url, typed | {"text": ""})
    assert back.status_code == 422
    told = browser.post(url, form_of(back.content.decode(), url) | {"text": "Se devolvió."})
    assert told.status_code == 409
    assert "Berta Nieto" in told.content.decode()
    decided = form_of(told.content.decode(), url) | {"text": "Se devolvió."}
    assert browser.post(url, decided).status_code == 302


@pytest.mark.usefixtures("desk")
def test_notes_stay_inside_and_reordering_characters_are_told() -> None:
    case = now_case()
    page = refused(case, "nota", text=f"factura{BIDI}fdp.exe")
    assert "orden en que se lee" in page
    refused(case, "nota", text="x" * 20_001)
    outbound = OutboundMessage.objects.count()
    done(case, "nota", text="Llamar a cartera.")
    assert OutboundMessage.objects.count() == outbound


@pytest.mark.usefixtures("desk")
def test_assignment_takes_and_gives_back() -> None:
    case = now_case()
    refused(case, "asignacion", assignee="999999")
    done(case, "asignacion", assignee=str(people.berta().id))
    assert fresh(case).assignee_id == people.berta().id
    done(case, "asignacion", assignee="0")
    assert fresh(case).assignee_id is None


@pytest.mark.usefixtures("desk")
def test_category_and_priority_change_with_a_reason() -> None:
    case = worked()
    refused(case, "categoria", category="general_information", reason="")
    done(case, "categoria", category="general_information", reason="Solo pregunta.")
    done(case, "prioridad", priority="low", reason="Sin prisa.")
    case = fresh(case)
    assert (case.category, case.priority) == ("general_information", "low")


@pytest.mark.usefixtures("desk")
def test_committed_date_is_read_in_the_zone_of_the_pack() -> None:
    case = worked()
    refused(case, "fecha-comprometida", code=409, committed_at="2020-01-01T10:00", reason="Ya.")
    refused(case, "fecha-comprometida", committed_at="mañana", reason="Ya.")
    refused(case, "fecha-comprometida", code=409, committed_at="2140-05-07T16:00", reason="Ya.")
    day = datetime.now(UTC).date() + timedelta(days=30)
    done(case, "fecha-comprometida", committed_at=f"{day}T16:00", reason="Viene la pieza.")
    assert fresh(case).committed_at == datetime(day.year, day.month, day.day, 21, 0, tzinfo=UTC)


@pytest.mark.usefixtures("desk")
def test_complex_cases_get_notices() -> None:
    case = worked()
    refused(case, "complejidad", reason="")
    done(case, "complejidad", reason="Depende del banco.")
    done(case, "avance", text="El banco ya respondió.")
    assert fresh(case).complex_since is not None


@pytest.mark.usefixtures("desk")
def test_waiting_stops_and_resuming_goes_on() -> None:
    case = worked()
    refused(case, "espera", status="closed", reason="Falta el extracto.")
    done(case, "espera", status="waiting_customer", reason="Falta el extracto.")
    page = client_of(people.elena()).get(url_of(case)).content.decode()
    assert "en pausa" in page
    done(case, "reanudacion")
    assert fresh(case).status == "in_progress"


@pytest.mark.usefixtures("desk")
def test_the_end_of_a_case_and_its_return() -> None:
    case = worked()
    refused(case, "resolucion", text="")
    done(case, "resolucion", text="Se devolvió el cobro.")
    done(case, "cierre")
    assert fresh(case).status == "closed"
    done(case, "reapertura", reason="Volvió a pasar.")
    assert fresh(case).status == "in_progress"
    done(case, "desistimiento", reason="Lo resolvió con el banco.")
    assert fresh(case).status == "withdrawn"


@pytest.mark.usefixtures("desk")
def test_merging_leads_on_and_can_be_undone() -> None:
    case, other = worked(), now_case(subject="Otra vez el cobro")
    wrong = "2" if other.folio[-1] != "2" else "3"
    assert "carácter de control" in refused(case, "union", into=other.folio[:-1] + wrong)
    assert "consigo mismo" in refused(case, "union", into=case.folio)
    done(case, "union", into=other.folio.lower())
    assert fresh(case).merged_into_id == other.pk
    assert other.folio in client_of(people.elena()).get(url_of(case)).content.decode()
    done(case, "desunion")
    assert fresh(case).merged_into_id is None


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("who", "may_undo"), [(people.berta, False), (people.elena, True)])
def test_only_who_may_undo_a_merge_is_told_that_they_may(
    who: Callable[[], Actor], may_undo: bool
) -> None:
    case, other = worked(), now_case(subject="Otra vez el cobro")
    browser, url = client_of(who()), url_of(case, "union")
    before = browser.get(url).content.decode()
    typed = form_of(before, url) | {"into": other.folio}
    after = browser.post(url, typed, follow=True).content.decode()
    assert "El caso anterior se unió a este" in after
    for page in (before, after):
        assert ("Se puede deshacer" in page) is may_undo
        assert ("Si fue un error, su líder puede deshacerlo." in page) is not may_undo
    assert (f'Se puede deshacer en <a href="{url_of(case)}">{case.folio}</a>.' in after) is may_undo


@pytest.mark.usefixtures("desk")
def test_a_call_that_reaches_nobody_is_told() -> None:
    case = now_case()
    people.berta(), people.carlos()  # Carlos does not attend this desk
    nobody = "Nadie con el nombre «@%s» puede ver este caso: no se avisó a nadie."
    said = {"text": f"@die y @{named(people.carlos())}, ¿lo ven? @{named(people.berta())} también."}
    browser, url = client_of(people.elena()), url_of(case, "nota")
    typed = form_of(browser.get(url_of(case)).content.decode(), url)
    page = browser.post(url, typed | said, follow=True).content.decode()
    assert "Nota guardada." in page
    assert nobody % "die" in page
    assert nobody % named(people.carlos()) in page
    assert page.count("no se avisó") == 2
    assert [each.staff_id for each in Mention.objects.all()] == [people.berta().id]


def named(who: Actor) -> str:
    return str(Staff.objects.get(pk=who.id or 0))


@pytest.mark.usefixtures("desk")
def test_splitting_opens_another_case() -> None:
    case = worked()
    first = case.messages.filter(direction="in").earliest("id")
    typed: dict[str, Any] = {"subject": "Otro asunto", "category": "general_information"}
    assert "al menos un mensaje" in refused(case, "division", **typed)
    done(case, "division", messages=[str(first.pk)], **typed)
    assert Case.objects.filter(split_from=case).count() == 1


@pytest.mark.usefixtures("desk")
def test_auditors_look_and_touch_nothing() -> None:
    case = now_case()
    auditor = client_of(people.octavio())
    page = auditor.get(url_of(case)).content.decode()
    assert "responder" not in page
    for noun in ACTIONS:
        assert auditor.get(url_of(case, noun)).status_code == 302
    typed = form_of(
        client_of(people.elena()).get(url_of(case)).content.decode(), url_of(case, "nota")
    )
    answer = auditor.post(url_of(case, "nota"), typed | {"text": "Hola."})
    assert answer.status_code == 409
    assert "no lo permite" in answer.content.decode()


@pytest.mark.usefixtures("desk")
def test_without_the_token_nothing_is_done() -> None:
    case = now_case()
    browser = client_of(people.elena(), checks=True)
    for noun in ACTIONS:
        assert browser.post(url_of(case, noun), {"text": "Hola."}).status_code == 403
    assert fresh(case).ledger_seq == case.ledger_seq


@pytest.mark.usefixtures("desk")
def test_news_are_announced_and_wait() -> None:
    case = now_case()
    browser = client_of(people.elena())
    since = {"desde": str(case.ledger_seq)}
    quiet = browser.get(url_of(case, "novedades"), since)
    assert "Mostrar" not in quiet.content.decode()
    done(case, "nota", text="Algo nuevo.")
    loud = browser.get(url_of(case, "novedades"), since).content.decode()
    assert "1 mensaje nuevo" in loud
    assert "Algo nuevo." not in loud
    shown = browser.get(url_of(case, "novedades"), since | {"mostrar": "1"})
    lines = shown.content.decode()
    assert "Algo nuevo." in lines
    assert lines.count("<article") == 1
    assert 'hx-swap-oob="true"' in lines
    told = json.loads(shown.headers["HX-Trigger-After-Settle"])["live:shown"]
    assert told == {"seq": fresh(case).ledger_seq, "first": f"nuevo-{case.ledger_seq}"}
    assert f'id="{told["first"]}"' in lines
