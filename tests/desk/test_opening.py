"""A new mail becomes a case with everything that belongs to it."""

from __future__ import annotations

import pytest

from tests.desk.mails import acknowledgement_of, arrived, mail, opened
from tests.desk.people import ANA_ADDRESS, SUPPORT
from ventanilla.channels.models import Delivery, Fate
from ventanilla.crm.models import Interaction
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message

pytestmark = pytest.mark.usefixtures("desk")


def test_a_mail_becomes_a_case_with_commitments_history_and_acknowledgement() -> None:
    case = opened()

    assert case.folio.startswith("GS-2026-000001-")
    assert (case.desk, case.category, case.status) == ("atencion", "billing_query", "registered")
    first = Commitment.objects.get(case=case, key="first_response")
    sent = acknowledgement_of(case)
    assert (sent.to, sent.state, sent.automatic) == ([ANA_ADDRESS], Delivery.QUEUED, True)
    assert "Buen día, Ana Pérez:" in sent.text
    assert "lunes 7 de diciembre de 2026, 3:00 a. m." in sent.text
    assert first.due_at.isoformat() == "2026-12-07T08:00:00+00:00"
    assert case.folio in sent.subject
    heard = Message.objects.get(case=case, direction="in")
    assert sent.in_reply_to == heard.message_id
    line = Interaction.objects.get(folio=case.folio)
    assert line.person_id == case.person_id
    kinds = LedgerEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[:2] == ["case_registered", "message_received"]


def test_a_greeting_works_without_a_name() -> None:
    case = opened(mail(sender="ana@cliente.example"))
    assert acknowledgement_of(case).text.startswith("Buen día:\n")


def test_several_desks_make_one_case_at_the_first() -> None:
    both = f"{SUPPORT}, clientes@generasoft.example"
    case = opened(mail(to=both), recipients=[SUPPORT, "clientes@generasoft.example"])
    assert case.desk == "atencion"
    assert Case.objects.count() == 1


def test_a_mail_without_a_sender_waits_in_quarantine() -> None:
    raw = mail()
    del raw["From"]
    item = arrived(raw, envelope_from="alguien@cliente.example")
    assert (item.fate, item.fate_reason) == (Fate.QUARANTINE, "no_sender")
    assert not Case.objects.exists()
