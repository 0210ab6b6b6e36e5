from __future__ import annotations

import pytest

from tests.register import cast
from ventanilla.register.models import Case, LedgerEntry

pytestmark = pytest.mark.django_db


def test_S1_a_request_is_registered_at_once_with_folio_and_status() -> None:
    case = cast.opened()
    case.refresh_from_db()
    assert case.status == "registered"
    assert case.folio.startswith("GS-2026-")
    entry = LedgerEntry.objects.get(case=case)
    assert (entry.kind, entry.seq) == ("case_registered", 1)
    assert bytes(entry.digest) == bytes(case.ledger_head)


def test_smoke() -> None:
    case = cast.opened()
    cast.wrote(case, cast.FRIDAY_3PM)
    print([(c.key, c.due_at, c.next_alert, c.next_alert_at) for c in case.commitments.all()])
    cast.answered(case, cast.FRIDAY_3PM + cast.hours(1))
    case = cast.assessed(case, cast.FRIDAY_3PM + cast.hours(2))
    print(Case.objects.values().get(pk=case.pk))
    print([(e.kind, e.payload) for e in LedgerEntry.objects.all()])
