"""A request of the portal: kept first, then served like a mail; once, whatever is clicked."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.desk import mails, people
from ventanilla.channels.models import Fate, InboundItem, OutboundMessage
from ventanilla.core.refusals import Refusal
from ventanilla.crm.models import ContactPoint, Person
from ventanilla.crm.operations import mark_bounce
from ventanilla.crm.queries import history
from ventanilla.crm.rules import AddressNotUnderstood
from ventanilla.desk import asking, intake, replies
from ventanilla.desk.asking import (
    AddressIsOurs,
    Asked,
    CategoryNotOffered,
    NothingAsked,
    TooManyFiles,
)
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.intake.submission import STRUCTURED, Answer
from ventanilla.evidence.contents import load
from ventanilla.evidence.queries import items_of
from ventanilla.register.models import Case, LedgerEntry

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 40
NEED = Answer(key="need", label="¿Qué necesita?", value="Otra cosa", shown="Otra cosa")


def ask(at: datetime = people.FRIDAY_3PM, **changes: Any) -> Asked:
    facts: dict[str, Any] = {
        "category": "billing_query",
        "name": "Ana Pérez",
        "email": "Ana@Cliente.example",
        "subject": "Cobro repetido",
        "text": "Me cobraron dos veces.\n\nEl lunes 1 escribió:\n> nada",
        "answers": [NEED],
        "request_key": "f1",
        "remote": "192.0.2.9",
    }
    return asking.ask(**(facts | changes), as_of=at)


def opened(**changes: Any) -> Case:
    case = ask(**changes).case
    assert case is not None
    return case


@pytest.mark.usefixtures("desk")
def test_a_request_becomes_a_case_as_a_mail_does() -> None:
    asked = ask(files=[Upload(filename="foto.png", content=PNG, declared_type="image/png")])
    case = asked.case
    assert case is not None
    assert (case.channel, case.category, case.desk, case.priority) == (
        "web", "billing_query", "atencion", "high",
    )  # fmt: skip
    due = case.commitments.get(key="first_response").due_at
    assert asked.due_at == due
    assert people.pack().format_moment(due) == "lunes 7 de diciembre de 2026, 3:00 a. m."

    item = InboundItem.objects.get(pk=asked.item_id)
    assert (item.gateway, item.fate, item.case_id) == ("web", Fate.CASE, case.pk)
    assert (item.sender, item.subject) == ("ana@cliente.example", "Cobro repetido")

    said = case.messages.get(direction="in")
    assert said.channel == "web"
    assert said.text.startswith("Me cobraron dos veces.\n\nEl lunes 1 escribió:\n> nada")
    assert said.text.endswith("¿Qué necesita? Otra cosa")
    assert [each["kind"] for each in said.segments] == ["new"]

    kept = {each.filename: each for each in items_of(case)}
    assert set(kept) == {"foto.png", STRUCTURED}
    assert load(kept["foto.png"].blob_id) == PNG
    told = json.loads(load(kept[STRUCTURED].blob_id))
    assert told["answers"] == [NEED.model_dump()]

    receipt = mails.acknowledgement_of(case)
    assert receipt.to == ["ana@cliente.example"]
    assert case.folio in receipt.subject
    assert "lunes 7 de diciembre de 2026, 3:00 a. m." in " ".join(receipt.text.split())
    (line,) = history(person_id=case.person_id).lines
    assert (line.channel, line.folio) == ("web", case.folio)


@pytest.mark.usefixtures("desk")
def test_the_same_form_twice_is_one_case_and_other_words_are_another() -> None:
    first, again = ask(), ask(at=people.FRIDAY_3PM + timedelta(seconds=3))
    assert first == again
    assert Case.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="acknowledgement").count() == 1
    other = ask(text="Me equivoqué: fueron tres veces.")
    assert other.case is not None
    assert other.case != first.case


@pytest.mark.usefixtures("desk")
def test_two_clicks_at_once_make_one_case() -> None:
    results: list[Asked] = []
    start = threading.Barrier(4)

    def click() -> None:
        start.wait(timeout=20)
        try:
            results.append(ask())
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert len(results) == 4
    assert len(set(results)) == 1
    assert Case.objects.count() == 1


@pytest.mark.usefixtures("desk")
def test_what_cannot_be_opened_now_is_kept_and_opened_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ventanilla.desk.intake import opening

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk away")

    with monkeypatch.context() as trouble:
        trouble.setattr(opening, "keep_files", broken)
        waiting = ask()
    assert waiting.case is None
    assert not Case.objects.exists()
    assert InboundItem.objects.get().fate == Fate.PENDING

    assert intake.receive(item_id=waiting.item_id, as_of=people.FRIDAY_3PM) == Fate.CASE
    assert asking.asked(item_id=waiting.item_id).case is not None
    again = ask()
    assert again.case == asking.asked(item_id=waiting.item_id).case


@pytest.mark.usefixtures("desk")
def test_a_category_that_is_gone_at_replay_falls_back_to_the_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ventanilla.desk.intake import submission

    read = submission.read
    monkeypatch.setattr(
        submission, "read", lambda mail: read(mail).model_copy(update={"category": "gone"})
    )
    assert opened(subject="Mi factura").category == "billing_query"


@pytest.mark.usefixtures("desk")
def test_a_typed_address_proves_nothing() -> None:
    mine = mails.opened()
    point = ContactPoint.objects.get(value=people.ANA_ADDRESS)
    with transaction.atomic():
        mark_bounce(value=point.value, hard=True, reason="no existe", as_of=people.FRIDAY_3PM)

    case = opened(subject=f"Sobre {mine.folio}", email=people.ANA_ADDRESS)

    assert case != mine
    assert not mine.messages.filter(channel="web").exists()
    assert LedgerEntry.objects.filter(case=case, kind="folio_mentioned").exists()
    point.refresh_from_db()
    assert point.bounced_at is not None, "only mail that comes from there shows that it works"
    receipt = OutboundMessage.objects.get(case=case, kind="acknowledgement")
    assert receipt.state == "suppressed"
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("desk")
def test_the_caps_of_automatic_mail_hold() -> None:
    most = people.pack().sender_caps.per_address_per_day
    for number in range(most + 2):
        ask(at=people.FRIDAY_3PM + timedelta(seconds=number), request_key=f"k{number}")
    sent = OutboundMessage.objects.filter(kind="acknowledgement").exclude(state="suppressed")
    assert sent.count() == most
    assert Case.objects.count() == most + 2


@pytest.mark.usefixtures("desk")
def test_a_question_after_the_end_follows_the_old_one() -> None:
    old = mails.opened()
    case = opened(follows=old)
    assert case.follows == old


@pytest.mark.usefixtures("desk")
def test_a_web_case_is_answered_by_mail() -> None:
    case = opened()
    message = replies.reply(
        case=case, text="Ya lo revisamos.", acting_user=people.elena(),
        as_of=people.FRIDAY_3PM + timedelta(minutes=30),
    )  # fmt: skip
    letter = OutboundMessage.objects.get(record_message=message)
    assert letter.to == ["ana@cliente.example"]
    assert letter.in_reply_to == case.messages.get(direction="in").message_id
    case.refresh_from_db()
    assert case.commitments.get(key="first_response").met_at is not None


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"category": "nada"}, CategoryNotOffered),
        ({"text": "  \n "}, NothingAsked),
        ({"subject": "\u200b\n"}, NothingAsked),
        ({"email": "ana"}, AddressNotUnderstood),
        ({"email": "ana@b@c"}, AddressNotUnderstood),
        ({"email": "ána@cliente.example"}, AddressNotUnderstood),
        ({"email": "a" * 300 + "@cliente.example"}, AddressNotUnderstood),
        ({"email": people.CUSTOMERS.upper()}, AddressIsOurs),
        ({"files": [Upload(filename="a", content=b"x")] * 11}, TooManyFiles),
        ({"files": [Upload(filename="a", content=b"x" * (20 * 1024 * 1024 + 1))]}, TooManyFiles),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(
    changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        ask(**changes)
    assert not InboundItem.objects.exists()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "Undelivered Mail Returned to Sender",
        "Respuesta automática: fuera de la oficina",
        "línea\r\nBcc: todos@otra.example",
        "\u202egnp.exe",
        "á" * 5000,
        "=?utf-8?q?hola?=",
        "From: otro@x.example\n\n--=_mix_0\n\nfin",
    ],
)
def test_whatever_is_typed_arrives_as_it_was_typed(words: str) -> None:
    case = opened(subject=words[:200], text=words, name=words[:80], answers=[])
    said = case.messages.get(direction="in")
    assert said.text == words
    assert InboundItem.objects.get().fate == Fate.CASE
    receipt = mails.acknowledgement_of(case)
    assert "\n" not in receipt.subject
    assert receipt.to == ["ana@cliente.example"]
    assert receipt.cc == []


@pytest.mark.usefixtures("desk")
def test_the_folio_of_new_year_is_of_the_year_of_the_company() -> None:
    eve = datetime(2026, 12, 31, 23, 59, 59, tzinfo=people.BOGOTA)
    assert opened(at=eve).folio.startswith("GS-2026-")
    first = opened(at=eve + timedelta(seconds=2), request_key="f2")
    assert first.folio.startswith("GS-2027-000001-")


@pytest.mark.usefixtures("desk")
def test_the_promise_told_before_is_the_promise_made() -> None:
    pack = people.pack()
    for category in pack.categories:
        told = asking.promise_if_sent(pack, category, as_of=people.FRIDAY_3PM)
        made = ask(category=category.key, request_key=category.key)
        assert told is not None
        assert made.due_at == told


@pytest.mark.usefixtures("desk")
def test_an_emergency_outside_hours_calls_out_and_says_it_may_cost() -> None:
    pack = people.pack()
    urgent = pack.category("urgent_problem")
    assert asking.may_cost_extra(pack, urgent, as_of=people.SATURDAY_10AM)
    assert not asking.may_cost_extra(pack, urgent, as_of=people.FRIDAY_3PM)
    case = opened(at=people.SATURDAY_10AM, category="urgent_problem")
    told = OutboundMessage.objects.filter(case=case, kind="emergency").first()
    assert told is not None
    assert f"Número de radicado: {case.folio}\n" in told.text
