"""S1: every request or complaint is registered at once in the official record, with folio and status."""

from __future__ import annotations

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS
from tests.e2e.house import House, words
from ventanilla.register.models import LedgerEntry

COMPLAINTS = "quejas@sion.example"


def test_s1_a_complaint_is_registered_at_once_with_folio_and_status(sion: House) -> None:
    case = sion.arrives(
        mail("El producto llegó roto.", subject="Producto", to=COMPLAINTS), to=COMPLAINTS
    )

    assert (case.desk, case.category, case.status) == ("quejas", "quality_complaint", "registered")
    assert case.folio.startswith("SION-2026-000001-")
    first = LedgerEntry.objects.get(case=case, seq=1)
    assert (first.kind, first.payload["folio"]) == ("case_registered", case.folio)
    assert first.at == sion.now
    (received,) = sion.mails_to(ANA_ADDRESS)
    assert case.folio in words(received)
