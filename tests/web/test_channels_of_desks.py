"""The mail rooms of a leader end at the desks they lead, for looking and for mending."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import mails, people
from tests.web.cast import client_of
from ventanilla.accounts.models import Role, Staff
from ventanilla.channels import reading
from ventanilla.channels.models import Delivery, Fate, InboundItem, OutboundMessage
from ventanilla.channels.reach import inbound_of, outbound_of
from ventanilla.channels.reading import BYTES_READ
from ventanilla.core.actors import Actor
from ventanilla.desk import context, intake, outbox

pytestmark = pytest.mark.usefixtures("desk")


def nameless(to: str) -> InboundItem:
    """A mail to a desk that nobody can be served for: it waits in quarantine, of no case."""
    raw = f"To: {to}\r\nSubject: nadie de {to}\r\n\r\nSin remitente.\r\n".encode()
    item = mails.arrived(raw)
    assert (item.fate, item.case) == (Fate.QUARANTINE, None)
    return item


def failed_acknowledgement() -> OutboundMessage:
    """Of a case of the customers' desk, refused by the relay for good."""
    row = mails.acknowledgement_of(mails.opened())
    assert row.case is not None
    assert row.case.desk == "atencion"
    OutboundMessage.objects.filter(pk=row.pk).update(state=Delivery.FAILED, next_attempt_at=None)
    return row


def director() -> Actor:
    staff = Staff.objects.create_user(
        "dora@generasoft.example", full_name="Dora Paz", role=Role.DIRECTOR
    )
    return Actor.staff(staff.pk)


def test_a_leader_reads_what_arrived_for_their_desk_and_nothing_else() -> None:
    ours, theirs = nameless(people.SUPPORT), nameless(people.CUSTOMERS)
    opened = mails.arrived(mails.mail())
    lucia, marcos = client_of(people.lucia()), client_of(people.marcos())
    for item in (theirs, opened):
        for rest in ("", "original/"):
            assert lucia.get(f"/entrada/{item.pk}/{rest}").status_code == 404
        assert marcos.get(f"/entrada/{item.pk}/").status_code == 200
    assert lucia.get(f"/entrada/{ours.pk}/").status_code == 200
    assert marcos.get(f"/entrada/{ours.pk}/").status_code == 404
    seen = lucia.get("/entrada/").content.decode()
    assert f"/entrada/{ours.pk}/" in seen
    assert f"/entrada/{theirs.pk}/" not in seen
    assert f"/entrada/{opened.pk}/" not in seen
    assert "cuarentena · 1" in seen
    assert "caso nuevo ·" not in seen
    both = client_of(people.elena()).get("/entrada/").content.decode()
    assert "cuarentena · 2" in both
    assert "caso nuevo · 1" in both


def test_a_leader_reads_what_goes_out_of_their_desk_and_nothing_else() -> None:
    row = failed_acknowledgement()
    loose = OutboundMessage.objects.get(pk=row.pk)
    loose.pk, loose.key, loose.message_id, loose.case = None, "account:x", "<x@y.example>", None
    loose.record_message = None
    loose.save()
    lucia, marcos = client_of(people.lucia()), client_of(people.marcos())
    assert lucia.get(f"/salida/{row.pk}/").status_code == 404
    assert marcos.get(f"/salida/{row.pk}/").status_code == 200
    for browser in (lucia, marcos):  # a mail of no case is for those who see every desk
        assert browser.get(f"/salida/{loose.pk}/").status_code == 404
    assert "no entregado ·" not in lucia.get("/salida/").content.decode()
    assert "no entregado · 1" in marcos.get("/salida/").content.decode()
    assert "no entregado · 2" in client_of(people.elena()).get("/salida/").content.decode()


def test_a_leader_repairs_only_the_mail_of_their_desk() -> None:
    row, item = failed_acknowledgement(), nameless(people.CUSTOMERS)
    lucia, at = people.lucia(), people.FRIDAY_3PM
    browser = client_of(lucia)
    assert browser.post(f"/salida/{row.pk}/reintento/").status_code == 404
    assert browser.post(f"/entrada/{item.pk}/repeticion/").status_code == 404
    with pytest.raises(OutboundMessage.DoesNotExist):
        outbox.retry(outbound_id=row.pk, acting_user=lucia, as_of=at)
    with pytest.raises(InboundItem.DoesNotExist):
        intake.replay(item_id=item.pk, acting_user=lucia, as_of=at)
    assert outbox.retry_all(state=Delivery.FAILED, acting_user=lucia, as_of=at) == 0
    assert intake.replay_all(reason="no_sender", acting_user=lucia, as_of=at) == 0
    row.refresh_from_db()
    item.refresh_from_db()
    assert (row.state, item.fate) == (Delivery.FAILED, Fate.QUARANTINE)

    marcos = people.marcos()
    assert outbox.retry_all(state=Delivery.FAILED, acting_user=marcos, as_of=at) == 1
    assert intake.replay_all(reason="no_sender", acting_user=marcos, as_of=at) == 1


def test_the_reasons_offered_for_processing_again_are_those_of_the_desk() -> None:
    nameless(people.CUSTOMERS)
    page = client_of(people.lucia()).get("/entrada/repeticiones/").content.decode()
    assert 'value="no_sender"' not in page
    page = client_of(people.marcos()).get("/entrada/repeticiones/").content.decode()
    assert 'value="no_sender"' in page


def test_a_code_quoted_in_a_mail_is_masked_and_its_original_kept_from_leaders() -> None:
    case = mails.opened()
    link = context.follow_link(case)
    code = link.rstrip("/").rpartition("/")[2]
    sent = mails.acknowledgement_of(case)
    item = mails.arrived(mails.answer_to(sent, f"Gracias.\n\n> Siga su caso en {link}\n"))
    assert code[-4:].encode() in bytes(item.raw)  # it stands broken over two lines there
    marcos = client_of(people.marcos())
    page = marcos.get(f"/entrada/{item.pk}/").content.decode()
    assert "Siga su caso en" in page
    assert code not in page
    assert "····-····-····" in page
    assert "/original/" not in page
    assert marcos.get(f"/entrada/{item.pk}/original/").status_code == 404
    of_director = client_of(director())
    assert f"/entrada/{item.pk}/original/" in of_director.get(f"/entrada/{item.pk}/").text
    assert of_director.get(f"/entrada/{item.pk}/original/").status_code == 200


def test_the_page_says_what_the_record_keeps_and_reads_no_files() -> None:
    case = mails.opened()
    answer = mails.answer_to(mails.acknowledgement_of(case), "Gracias.\n\n> Buenas tardes\n")
    item = mails.arrived(answer)
    InboundItem.objects.filter(pk=item.pk).update(raw=b"nothing is read from here")
    page = client_of(people.marcos()).get(f"/entrada/{item.pk}/").content.decode()
    assert "Gracias." in page
    assert "&gt; Buenas tardes" in page

    loose = mails.mail("Sin caso.\n")
    loose.add_attachment(
        b"PK\3\4" + b"x" * (2 * BYTES_READ), "application", "zip", filename="a.zip"
    )
    item = mails.stored(loose)
    with CaptureQueriesContext(connection) as asked:
        assert reading.text_of(item) == "Sin caso.\n"
    assert [len(asked), "SUBSTRING" in asked[0]["sql"]] == [1, True]


def test_the_code_of_a_case_is_masked_in_its_mail_without_hyphens_too() -> None:
    case = mails.opened()
    code = context.follow_link(case).rstrip("/").rpartition("/")[2].replace("-", "").lower()
    answer = mails.answer_to(mails.acknowledgement_of(case), f"Mi clave es {code}.\n")
    item = mails.arrived(answer)
    marcos = client_of(people.marcos())
    for page in (f"/entrada/{item.pk}/", f"/casos/{case.folio}/"):
        shown = marcos.get(page).content.decode()
        assert "Mi clave es ····-····-····" in shown
        assert code not in shown


def test_who_sees_no_desk_sees_no_mail() -> None:
    failed_acknowledgement()
    assert not inbound_of([]).exists()
    assert not outbound_of([]).exists()
