"""A case that somebody just closed: every form on it is refused in words, and keeps its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import a_case, client_of, form_of, url_of
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import assessment, portal, progress, resolution, structure
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register import folio as folios
from ventanilla.register.models import Case, LedgerEntry, Message
from ventanilla.web import form_tokens
from ventanilla.web.actions import ACTIONS
from ventanilla.workspace.models import BulkDeed, Draft

pytestmark = pytest.mark.usefixtures("desk")

WORDS = "Esto costó <media hora> de escribir."
Making = Callable[[], Case]
Between = Callable[[Case], object]


def by_elena() -> dict[str, Any]:
    return {"acting_user": people.elena(), "as_of": timezone.now()}


def new() -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1))


def another() -> Case:
    return a_case(at=timezone.now() - timedelta(hours=1), subject="Otra vez el cobro")


def assessed() -> Case:
    return assessment.assess(
        case=new(), category="billing_query", priority="high", asked="El cobro.", **by_elena()
    )


def waiting() -> Case:
    return resolution.wait(
        case=assessed(), status="waiting_customer", reason="Falta el extracto.", **by_elena()
    )


def complicated() -> Case:
    return progress.mark_complex(case=assessed(), reason="Depende del banco.", **by_elena())


def resolved() -> Case:
    return resolution.resolve(case=assessed(), text="Se devolvió el cobro.", **by_elena())


def linked() -> Case:
    return structure.link(case=assessed(), other=another(), **by_elena())


def merged() -> Case:
    return structure.merge(case=assessed(), into=another(), **by_elena())


def close(case: Case) -> Case:
    """Resolved if it was not, and closed, by somebody else."""
    if case.status == "registered":
        return resolution.withdraw(case=case, reason="Ya no lo quiere.", **by_elena())
    if case.status.startswith("waiting"):
        case = resolution.resume(case=case, **by_elena())
    if case.status != "resolved":
        case = resolution.resolve(case=case, text="Ya quedó.", **by_elena())
    return resolution.close(case=case, **by_elena())


def reopen(case: Case) -> Case:
    return resolution.reopen(case=case, reason="Volvió a pasar.", **by_elena())


def unmerge(case: Case) -> Case:
    return structure.unmerge(case=case, **by_elena())


@dataclass(frozen=True)
class Sent:
    """A form on a case in the state it is for, and what is typed into it.

    ``between`` is what somebody else does while it is open: where a form is for what has ended,
    the opposite of closing.
    """

    make: Making
    typed: dict[str, Any]
    between: Between = close
    told: str = "Elena Rojas cambió el caso"


FORMS = {
    "respuesta": Sent(assessed, {"text": WORDS, "then": ""}),
    "nota": Sent(assessed, {"text": WORDS}),
    "avance": Sent(complicated, {"text": WORDS}),
    "evaluacion": Sent(new, {"category": "billing_query", "priority": "high", "asked": WORDS}),
    "trabajo": Sent(assessed, {}),
    "asignacion": Sent(assessed, {"assignee": "0"}),
    "espera": Sent(assessed, {"status": "waiting_customer", "reason": WORDS}),
    "reanudacion": Sent(waiting, {}),
    "fecha-comprometida": Sent(assessed, {"committed_at": "2031-05-07T16:00", "reason": WORDS}),
    "categoria": Sent(assessed, {"category": "general_information", "reason": WORDS}),
    "prioridad": Sent(assessed, {"priority": "low", "reason": WORDS}),
    "complejidad": Sent(assessed, {"reason": WORDS}),
    "resolucion": Sent(assessed, {"text": WORDS}),
    "cierre": Sent(resolved, {}),
    "reapertura": Sent(resolved, {"reason": WORDS}, reopen),
    "desistimiento": Sent(assessed, {"reason": WORDS}),
    "archivos": Sent(assessed, {}),
    "division": Sent(assessed, {"subject": WORDS, "category": "general_information"}),
    "relacion": Sent(assessed, {}),
    "separacion": Sent(linked, {}),
    "union": Sent(assessed, {}),
    "desunion": Sent(merged, {}, unmerge, "no está unido a ninguno"),
}


def opened(browser: Client, case: Case, noun: str) -> dict[str, Any]:
    """The hidden fields of the form, from its own page or that of the case."""
    url = url_of(case, noun)
    page = browser.get(url)
    if page.status_code != 200:
        page = browser.get(url_of(case))
    return dict(form_of(page.content.decode(), url))


def also(case: Case, noun: str) -> dict[str, Any]:
    """What depends on the case."""
    if noun == "division":
        return {"messages": [str(case.messages.filter(direction="in").earliest("id").pk)]}
    if noun in ("relacion", "union"):
        return {"into": another().folio}
    if noun == "separacion":
        return {"other": Case.objects.get(pk=case.linked_ids[0]).folio}
    if noun == "archivos":
        return {"evidence": SimpleUploadedFile("nota.txt", b"hola", "text/plain")}
    return {}


def written() -> tuple[int, ...]:
    """How much there is of all that a form may write."""
    kinds = (Case, LedgerEntry, Message, OutboundMessage, EvidenceItem)
    return tuple(each.objects.count() for each in kinds)


def alert_of(page: str) -> str:
    """What the notice of a refusal tells, without its markup."""
    found = re.search(r'<div class="notice refused" role="alert".*?</div>', page, re.DOTALL)
    assert found, "the page says why"
    return re.sub(r"<[^>]+>", " ", found[0])


def test_every_action_is_tried() -> None:
    assert set(FORMS) == set(ACTIONS)


def test_a_form_on_a_case_that_somebody_closed_is_refused_with_its_words() -> None:
    # One test for all of them: emptying the database takes longer than trying a form.
    for noun, sent in FORMS.items():
        if noun == "archivos":
            continue
        case, browser = sent.make(), client_of(people.berta())
        if noun == "desunion":
            browser = client_of(people.elena())
        typed = opened(browser, case, noun) | sent.typed | also(case, noun)
        sent.between(Case.objects.get(pk=case.pk))
        before = written()
        answer = browser.post(url_of(case, noun), typed)
        assert (noun, answer.status_code) == (noun, 409)
        assert written() == before, noun
        page = answer.content.decode()
        told = alert_of(page)
        assert sent.told in told, (noun, told)
        assert "Lo que escribió sigue aquí; no se cambió nada." in told, noun
        for value in sent.typed.values():
            assert escape(value) in page, (noun, value)
    assert not Draft.objects.filter(state=Draft.State.SENDING).exists()


def test_files_are_added_to_a_case_that_somebody_closed() -> None:
    case, browser = assessed(), client_of(people.berta())
    typed = opened(browser, case, "archivos") | also(case, "archivos")
    close(case)
    page = browser.post(url_of(case, "archivos"), typed, follow=True).content.decode()
    assert "Archivos guardados." in page
    assert EvidenceItem.objects.filter(case=case, filename="nota.txt").exists()


def test_the_case_to_join_was_joined_to_another_in_between() -> None:
    case, other, browser = assessed(), another(), client_of(people.berta())
    typed = opened(browser, case, "union") | {"into": other.folio}
    structure.merge(case=other, into=another(), **by_elena())
    before = written()
    answer = browser.post(url_of(case, "union"), typed)
    page = answer.content.decode()
    assert answer.status_code == 409, page
    assert written() == before
    assert other.folio in alert_of(page)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are taken at once."""
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))


def following(case: Case, *rest: str) -> str:
    return "/".join(["/seguimiento", case.folio, *rest, ""])


def holder(case: Case) -> Client:
    """A browser of the person served."""
    browser = Client()
    browser.get(following(case, folios.secret_of(case)))
    return browser


def message(browser: Client, case: Case) -> dict[str, str]:
    """The form for a message, as the page of the case shows it."""
    page = browser.get(following(case)).content.decode()
    return form_of(page, following(case, "mensajes")) | {"text": WORDS}


def kept_with_its_words(browser: Client, url: str, typed: dict[str, str]) -> None:
    """Sent, and refused in words; nothing is written, and what was typed stands in the answer."""
    before = written()
    answer = browser.post(url, typed)
    assert answer.status_code == 409, answer.status_code
    assert written() == before
    page = answer.content.decode()
    assert escape(WORDS) in page
    assert "Lo que escribió sigue aquí" in alert_of(page)


def merge(case: Case) -> Case:
    return structure.merge(case=case, into=another(), **by_elena())


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("between", [close, merge])
def test_a_customers_message_to_a_case_closed_or_merged_meanwhile_arrives(between: Between) -> None:
    case = assessed()
    browser = holder(case)
    typed = message(browser, case)
    between(case)
    answer = browser.post(following(case, "mensajes"), typed)
    assert answer.status_code == 302, answer.content.decode()
    kept = Message.objects.get(text=WORDS)
    assert kept.case_id == (Case.objects.get(pk=case.pk).merged_into_id or case.pk)
    assert kept.case.status not in ("resolved", "closed")


@pytest.mark.usefixtures("unhurried")
def test_a_customers_message_that_comes_after_the_window_keeps_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = assessed()
    browser = holder(case)
    typed = message(browser, case)
    until = portal.reopens_until(close(case))
    assert until is not None
    later = until + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(form_tokens, "LONGEST", timedelta(days=400))
    browser = holder(case)
    kept_with_its_words(browser, following(case, "mensajes"), typed)


def test_a_customer_withdraws_what_was_closed_meanwhile() -> None:
    case = assessed()
    browser = holder(case)
    assert browser.get(following(case, "retiro")).status_code == 200
    close(case)
    kept_with_its_words(browser, following(case, "retiro"), {"reason": WORDS})


@pytest.mark.parametrize("between", [reopen, merge])
def test_a_customer_reopens_what_was_reopened_or_merged_meanwhile(between: Between) -> None:
    case = resolved()
    browser = holder(case)
    assert browser.get(following(case, "reapertura")).status_code == 200
    between(case)
    kept_with_its_words(browser, following(case, "reapertura"), {"reason": WORDS})


def test_many_at_once_leave_the_one_that_somebody_closed() -> None:
    case, gone, browser = assessed(), assessed(), client_of(people.berta())
    form = form_of(browser.get("/cola/todos/").content.decode(), "/lote/")
    rows = [f"{each.pk}.{each.ledger_seq}" for each in (case, gone)]
    typed = form | {"hacer": "prioridad", "caso": rows, "priority": "low", "reason": WORDS}
    close(gone)
    seq = Case.objects.get(pk=gone.pk).ledger_seq
    page = browser.post("/lote/", typed | {"listo": "1"}, follow=True).content.decode()
    assert "1 quedó igual" in page
    assert Case.objects.get(pk=case.pk).priority == "low"
    assert Case.objects.get(pk=gone.pk).ledger_seq == seq
    told = browser.get(f"/lotes/{BulkDeed.objects.get().pk}/").content.decode()
    assert gone.folio in told
    assert "Elena Rojas" in told
