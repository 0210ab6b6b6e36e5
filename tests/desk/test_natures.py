"""What is not a person's message: bounces, machines, ourselves, and what cannot be read."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from tests.desk.mails import acknowledgement_of, answer_to, arrived, mail, opened, stored
from tests.desk.people import ANA_ADDRESS, CUSTOMERS, FRIDAY_3PM, berta, elena
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import Delivery, Fate, OutboundMessage
from ventanilla.channels.operations import NothingToReplay
from ventanilla.crm.models import ContactPoint
from ventanilla.desk import intake
from ventanilla.desk.intake import receiving
from ventanilla.evidence import operations as evidence
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.storage import NoRoomForEvidence
from ventanilla.register.models import Case, LedgerEntry, Message

pytestmark = pytest.mark.usefixtures("desk")
HOUR = timedelta(hours=1)


REPORT = """\
From: Mail Delivery System <mailer-daemon@cliente.example>
To: {back_to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{number}@cliente.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

No such user here.
--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.cliente.example

Final-Recipient: rfc822; {failed}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user
--=_b
Content-Type: text/rfc822-headers

Message-ID: {original}
To: {failed}
--=_b--
"""


def bounce_of(sent: OutboundMessage) -> bytes:
    """A delivery report as RFC 3464 has it."""
    return REPORT.format(
        back_to=sent.from_address, number=sent.pk, failed=sent.to[0], original=sent.message_id
    ).encode()


def test_a_bounce_marks_the_address_and_tells_the_owner_and_opens_nothing() -> None:
    elena()
    case = opened()
    sent = acknowledgement_of(case)
    item = arrived(bounce_of(sent), at=FRIDAY_3PM + HOUR, envelope_from="")

    assert (item.fate, item.case_id) == (Fate.BOUNCE, case.pk)
    assert Case.objects.count() == 1
    assert ContactPoint.objects.get(value=ANA_ADDRESS).bounced_at is not None
    assert LedgerEntry.objects.get(case=case, kind="bounce_received").payload["hard"] is True
    told = OutboundMessage.objects.get(kind="bounce_notice")
    assert (told.to, told.reply_to) == (["elena@generasoft.example"], "")
    assert ANA_ADDRESS in told.text


def test_a_bounce_that_gives_no_words_is_told_by_its_code() -> None:
    elena()
    sent = acknowledgement_of(opened())
    wordless = b"".join(
        line
        for line in bounce_of(sent).splitlines(keepends=True)
        if not line.startswith((b"Diagnostic-Code", b"No such user"))
    )
    item = arrived(wordless, at=FRIDAY_3PM + HOUR, envelope_from="")
    assert item.fate_detail == f"Código 5.1.1 para {ANA_ADDRESS}."
    assert item.fate_detail in OutboundMessage.objects.get(kind="bounce_notice").text


def test_a_bounce_of_a_staff_notice_tells_nobody_by_mail() -> None:
    elena()
    case = opened()
    arrived(bounce_of(acknowledgement_of(case)), at=FRIDAY_3PM + HOUR, envelope_from="")
    told = OutboundMessage.objects.get(kind="bounce_notice")
    arrived(bounce_of(told), at=FRIDAY_3PM + 2 * HOUR, envelope_from="")
    assert OutboundMessage.objects.filter(kind="bounce_notice").count() == 1


def test_a_made_up_bounce_marks_nobody_for_good() -> None:
    case = opened()
    sent = acknowledgement_of(case)
    sent.message_id = "<invented@ventanilla.example>"
    item = arrived(bounce_of(sent), at=FRIDAY_3PM + HOUR, envelope_from="")
    assert (item.fate, item.case_id) == (Fate.BOUNCE, None)
    assert ContactPoint.objects.get(value=ANA_ADDRESS).bounced_at is None


def test_an_out_of_office_note_is_shown_on_its_case_and_moves_nothing() -> None:
    case = opened()
    seq = case.ledger_seq
    raw = answer_to(acknowledgement_of(case), "Vuelvo el lunes.", Auto_Submitted="auto-replied")
    item = arrived(raw, at=FRIDAY_3PM + HOUR)
    assert (item.fate, item.case_id) == (Fate.AUTOMATIC, case.pk)
    assert Message.objects.get(inbound_item_id=item.pk).automatic
    case.refresh_from_db()
    assert (case.status, case.ledger_seq > seq) == ("registered", True)
    assert OutboundMessage.objects.count() == 1


def test_an_automatic_mail_without_our_mark_is_set_aside() -> None:
    item = arrived(mail("Estoy de vacaciones.", Auto_Submitted="auto-replied"))
    assert (item.fate, item.case_id) == (Fate.AUTOMATIC, None)
    assert not Case.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_mail_of_a_list_opens_a_case_but_is_not_answered_by_a_machine() -> None:
    case = opened(mail(List_Id="<novedades.cliente.example>"))
    sent = acknowledgement_of(case)
    assert sent.state == Delivery.SUPPRESSED
    assert "automático" in sent.state_reason
    fact = LedgerEntry.objects.get(case=case, kind="sending_suppressed")
    assert fact.payload["reason"] == "answers_automatic"


def test_our_own_mail_coming_round_is_dropped_and_one_in_our_name_is_held() -> None:
    case = opened()
    sent = acknowledgement_of(case)
    loop = arrived(mail("…", sender=CUSTOMERS, message_id=sent.message_id), envelope_from=CUSTOMERS)
    assert (loop.fate, loop.fate_reason) == (Fate.AUTOMATIC, "own_loop")
    false = arrived(mail("Pague aquí.", sender=f"GeneraSoft <{CUSTOMERS}>"))
    assert (false.fate, false.fate_reason) == (Fate.QUARANTINE, "impersonation")
    assert Case.objects.count() == 1


def test_a_daily_cap_stops_the_acknowledgements_and_says_so() -> None:
    from tests.desk.people import pack

    cap = pack().sender_caps.per_address_per_day
    for number in range(cap + 1):
        case = opened(mail(f"Consulta {number}"), at=FRIDAY_3PM + timedelta(minutes=number))
    assert acknowledgement_of(case).state == Delivery.SUPPRESSED
    assert LedgerEntry.objects.filter(case=case, kind="cap_reached").exists()
    assert OutboundMessage.objects.filter(state=Delivery.QUEUED).count() == cap


def test_a_thousand_parts_go_to_quarantine_and_can_be_replayed_by_the_lead_only() -> None:
    raw = MIMEMultipart()
    raw["From"], raw["To"], raw["Subject"] = ANA_ADDRESS, CUSTOMERS, "Mil partes"
    for _ in range(1000):
        raw.attach(MIMEText("."))
    item = arrived(raw.as_bytes(), recipients=[CUSTOMERS])
    assert (item.fate, item.fate_reason) == (Fate.QUARANTINE, "too_many_parts")
    assert "partes" in item.fate_detail

    with pytest.raises(NotPermitted):
        intake.replay(item_id=item.pk, acting_user=berta(), as_of=FRIDAY_3PM)
    again = intake.replay(item_id=item.pk, acting_user=elena(), as_of=FRIDAY_3PM)
    assert (again.fate, again.replays) == (Fate.PENDING, 1)
    assert intake.receive(item_id=item.pk, as_of=FRIDAY_3PM) == Fate.QUARANTINE


def test_what_had_an_effect_is_not_replayed() -> None:
    item = arrived(mail())
    with pytest.raises(NothingToReplay):
        intake.replay(item_id=item.pk, acting_user=elena(), as_of=FRIDAY_3PM)


def test_a_mail_held_for_the_same_can_be_declared_another_one() -> None:
    written = mail()
    arrived(written)
    second = arrived(written, at=FRIDAY_3PM + HOUR)
    assert second.fate == Fate.DUPLICATE
    intake.replay(item_id=second.pk, acting_user=elena(), as_of=FRIDAY_3PM + HOUR)
    assert intake.receive(item_id=second.pk, as_of=FRIDAY_3PM + HOUR) is Fate.CASE
    assert Case.objects.count() == 2
    assert arrived(written, at=FRIDAY_3PM + 2 * HOUR).fate == Fate.DUPLICATE


def test_a_replayed_automatic_mail_is_taken_for_a_persons() -> None:
    item = arrived(mail("No soy un robot.", Auto_Submitted="auto-generated"))
    intake.replay(item_id=item.pk, acting_user=elena(), as_of=FRIDAY_3PM)
    assert intake.receive(item_id=item.pk, as_of=FRIDAY_3PM) == Fate.CASE


def test_a_mail_that_breaks_the_intake_ends_in_quarantine_and_blocks_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = stored(mail())

    def trip(*_args: object, **_facts: object) -> None:
        raise ZeroDivisionError("tropiezo")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "duplicate", trip)
        for _ in range(receiving.MOST_FAILURES - 1):
            with pytest.raises(ZeroDivisionError):
                intake.receive(item_id=item.pk, as_of=FRIDAY_3PM)
        assert intake.receive(item_id=item.pk, as_of=FRIDAY_3PM) == Fate.QUARANTINE
    item.refresh_from_db()
    assert "tropiezo" in item.fate_detail
    assert arrived(mail("Otro correo")).fate == Fate.CASE
    intake.replay(item_id=item.pk, acting_user=elena(), as_of=FRIDAY_3PM)
    assert intake.receive(item_id=item.pk, as_of=FRIDAY_3PM) == Fate.CASE


def with_file(name: str = "factura.pdf", content: bytes = b"%PDF-1.4 x") -> EmailMessage:
    raw = mail()
    raw.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return raw


def test_a_disk_without_room_leaves_the_mail_pending_and_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = stored(with_file())

    class FullDisk:
        def exists(self, _name: str) -> bool:
            return False

        def save(self, _name: str, _content: object) -> str:
            raise NoRoomForEvidence(free_mb=0, needed_mb=1)

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "store", FullDisk)
        with pytest.raises(NoRoomForEvidence):
            intake.receive(item_id=item.pk, as_of=FRIDAY_3PM)
        item.refresh_from_db()
        assert (item.fate, item.failures) == (Fate.PENDING, 0)
        assert not Case.objects.exists()
        assert not OutboundMessage.objects.exists()
    assert intake.receive(item_id=item.pk, as_of=FRIDAY_3PM) == Fate.CASE
    kept = EvidenceItem.objects.get()
    assert kept.filename == "factura.pdf"
    assert evidence.load(kept.blob_id) == b"%PDF-1.4 x"


def test_a_file_over_the_limit_is_refused_in_the_record_and_the_mail_goes_on(
    monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    from django.conf import settings as live

    small = live.VENTANILLA.model_copy(update={"evidence_max_file_bytes": 1024})
    settings.VENTANILLA = small  # type: ignore[attr-defined]  # pytest-django's settings
    case = opened(with_file(content=b"%PDF-1.4 " + b"x" * 5000))
    assert not EvidenceItem.objects.exists()
    assert LedgerEntry.objects.filter(case=case, kind="evidence_refused").exists()


def test_a_suspicious_file_is_kept_and_flagged() -> None:
    raw = mail()
    raw.add_attachment(
        b"MZ\x90\x00" + b"\0" * 200,
        maintype="application",
        subtype="pdf",
        filename="factura.pdf.exe",
    )
    opened(raw)
    assert EvidenceItem.objects.get().suspicion


def test_left_over_mail_is_swept_up() -> None:
    item = stored(mail())
    empty_queue()
    assert intake.sweep(as_of=FRIDAY_3PM + timedelta(seconds=30)) == 0
    assert intake.sweep(as_of=FRIDAY_3PM + HOUR) == 1
    assert intake.sweep(as_of=FRIDAY_3PM + HOUR) == 0
    assert waiting_jobs() == [item.pk]


def empty_queue() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def waiting_jobs() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'item_id')::int FROM procrastinate_jobs WHERE status='todo'")
        return [row[0] for row in cursor.fetchall()]


def test_an_attachment_can_be_many_parts() -> None:
    raw = MIMEMultipart()
    raw["From"], raw["To"], raw["Subject"] = ANA_ADDRESS, CUSTOMERS, "Dos archivos"
    raw.attach(MIMEText("Van dos.", _charset="utf-8"))
    for number in range(2):
        part = MIMEApplication(f"datos {number}".encode(), Name=f"a{number}.bin")
        part.add_header("Content-Disposition", "attachment", filename=f"a{number}.bin")
        raw.attach(part)
    item = arrived(raw.as_bytes(), recipients=[CUSTOMERS])
    assert item.fate == Fate.CASE
    assert EvidenceItem.objects.filter(case=item.case).count() == 2
    assert LedgerEntry.objects.filter(case=item.case, kind="evidence_added").count() == 2
